package com.cove.local;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** People chatting through the page, in headless browsers, with the whole system on an empty database behind it. */
class BrowserTest {
    @TestFactory
    Stream<DynamicTest> peopleChatThroughThePage(@TempDir Path data) throws Exception {
        String chromium = NodeTests.program("COVE_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
                .orElseGet(() -> fail("Chromium was not found: install it, or set COVE_CHROMIUM to where it is."));
        try (LocalSystem system = LocalSystemFixture.start(data)) {
            return NodeTests.run(
                    "src/test/browser/all.test.mjs",
                    system,
                    Map.of(
                            "COVE_CHROMIUM",
                            chromium,
                            "COVE_INTERNAL_URL",
                            "http://127.0.0.1:" + system.internalPort()));
        }
    }
}
