package com.cove.socket.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.config.Environment;
import com.cove.model.user.UserId;
import com.cove.socket.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkTest {
    /** How fast Redis is, is not asked here; other tests may have the processor. */
    private static final Duration AS_LONG_AS_ANYTHING = Redis.PATIENCE;

    /** As many as 250 people with hundreds of contacts each have: more than may be unanswered at a time. */
    @Test
    void itHoldsHoweverManyAreAskedFor() throws Exception {
        try (RedisServer server = RedisServer.start();
                Redis redis = new Redis(
                        RedisConfig.from(new Environment(Map.of("REDIS_URL", server.url())))
                                .orElseThrow(),
                        AS_LONG_AS_ANYTHING)) {
            Link here = redis.open("history", _ -> {}, () -> {});
            Link there = redis.open("history", _ -> {}, () -> {});
            Map<UserId, Link.Standing> _ = there.register(List.of(new UserId("119999")), List.of());
            List<UserId> many = IntStream.range(0, 120_000)
                    .mapToObj(i -> new UserId(Integer.toString(i)))
                    .toList();

            assertThat(here.places(many)).containsOnly(Map.entry(new UserId("119999"), Set.of(there.address())));
            assertThat(here.isOpen()).isTrue();
        }
    }
}
