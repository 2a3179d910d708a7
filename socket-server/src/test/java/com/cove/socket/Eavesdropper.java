package com.cove.socket;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hears what nodes tell each other. */
final class Eavesdropper implements AutoCloseable {
    private final RedisClient client;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();

    /** A hint, and where the node listens that it was sent to. */
    record Heard(String channel, String hint) {}

    private Eavesdropper(RedisServer redis, int nodes) {
        client = RedisClient.create(redis.url());
        await().pollInterval(Duration.ofMillis(20)).until(() -> channels(redis).size() == nodes);
        StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub();
        connection.addListener(new RedisPubSubAdapter<String, String>() {
            @Override
            public void smessage(String channel, String hint) {
                heard.add(new Heard(channel, hint));
            }
        });
        connection.sync().ssubscribe(channels(redis).toArray(String[]::new));
    }

    /** Begins, once so many nodes listen. */
    static Eavesdropper of(RedisServer redis, int nodes) {
        return new Eavesdropper(redis, nodes);
    }

    private static List<String> channels(RedisServer redis) {
        return redis.ask(commands -> commands.pubsubShardChannels("cove:*:node:*"));
    }

    /** What was told with this text in it, so far. */
    List<Heard> about(String text) {
        return heard.stream().filter(each -> each.hint.contains(text)).toList();
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
