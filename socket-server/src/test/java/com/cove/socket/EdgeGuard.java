package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails any test class of this module that leaves a buffer unreleased or blocks an event loop. Found by JUnit itself through
 * {@code META-INF/services}.
 */
public final class EdgeGuard implements AfterAllCallback {
    static {
        BufferLeaks.watch();
        BlockedLoops.watch();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> blocked = BlockedLoops.seen();
        List<String> leaks = BufferLeaks.found();
        if (!context.getRequiredTestClass().isAnnotationPresent(NotOurs.class)) {
            assertThat(blocked).as("calls that blocked an event loop").isEmpty();
            assertThat(leaks).as("buffers that nobody released").isEmpty();
        }
    }
}
