package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.json.Json;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Event loops write JSON too, errors mostly, and share its buffers with every other thread. */
class JsonOnLoopsTest {
    private static final int LOOPS = 4;
    private static final int TEXTS = 50_000;

    @Test
    void loopsThatWriteJsonAtOnceDoNotWaitForEachOther() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());

        List<Future<?>> written = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            written.add(loops.submit(() -> {
                for (int text = 0; text < TEXTS; text++) {
                    Json.parse(Json.text(Map.of("text", text)));
                }
            }));
        }
        for (Future<?> one : written) {
            one.get();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();

        assertThat(BlockedLoops.seen()).isEmpty();
    }
}
