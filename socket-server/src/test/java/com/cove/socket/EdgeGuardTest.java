package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The guard itself: a detector that detects nothing would go unnoticed. */
class EdgeGuardTest {
    @Test
    void aBufferThatNobodyReleasesIsFound() {
        for (int i = 0; i < 10; i++) {
            ByteBufAllocator.DEFAULT.buffer().writeByte(i);
        }

        List<String> found = new ArrayList<>();
        await().untilAsserted(() -> {
            found.addAll(BufferLeaks.found());
            assertThat(found).anyMatch(leak -> leak.contains("aBufferThatNobodyReleasesIsFound"));
        });
    }

    @Test
    void aCallThatBlocksAnEventLoopIsSeenWithItsStack() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

        loops.submit(EdgeGuardTest::sleep).get();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();

        assertThat(BlockedLoops.seen())
                .singleElement()
                .asString()
                .contains("java.lang.Thread.sleep", "EdgeGuardTest.sleep");
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
