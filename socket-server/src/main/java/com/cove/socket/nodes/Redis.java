package com.cove.socket.nodes;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lettuce, with event loops and timers of its own. It connects when asked and never again by itself: what it would do unasked –
 * queue commands while away, send them again, subscribe again – is the opposite of what a hint wants.
 */
final class Redis implements AutoCloseable {
    /** For each command; beyond, the database is as fast. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    static final Duration PATIENCE = CONNECT_TIMEOUT.plus(COMMAND_TIMEOUT);
    private static final long CLOSE_MS = 500;
    /** Commands without an answer yet; more fail at once. A batch and what it publishes are far below. */
    private static final int MAX_UNANSWERED = 50_000;

    private static final Logger log = LoggerFactory.getLogger(Redis.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final RedisURI first;

    Redis(RedisConfig config) {
        this(config, COMMAND_TIMEOUT);
    }

    Redis(RedisConfig config, Duration commandTimeout) {
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        List<RedisURI> uris = config.hosts().stream()
                .map(host -> uri(config, host, commandTimeout))
                .toList();
        this.first = uris.getFirst();
        if (config.cluster()) {
            RedisClusterClient clusterClient = RedisClusterClient.create(resources, uris);
            clusterClient.setOptions(
                    ClusterClientOptions.builder(options(commandTimeout)).build());
            client = clusterClient;
        } else {
            RedisClient singleClient = RedisClient.create(resources, first);
            singleClient.setOptions(options(commandTimeout));
            client = singleClient;
        }
    }

    private static RedisURI uri(RedisConfig config, RedisConfig.Host host, Duration commandTimeout) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(host.name())
                .withPort(host.port())
                .withSsl(config.tls())
                .withTimeout(commandTimeout)
                .withClientName("cove");
        if (!config.user().isEmpty()) {
            uri.withAuthentication(config.user(), config.password().toCharArray());
        } else if (!config.password().isEmpty()) {
            uri.withPassword(config.password().toCharArray());
        }
        return uri.build();
    }

    private static ClientOptions options(Duration commandTimeout) {
        return ClientOptions.builder()
                // So commands of a connection that ended fail at once. REJECT_COMMANDS would say the same, but that in
                // a
                // cluster it also rejects the first commands to each server, for which it just connects.
                .autoReconnect(false)
                .requestQueueSize(MAX_UNANSWERED)
                .timeoutOptions(TimeoutOptions.enabled(commandTimeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .build();
    }

    /**
     * Connects and listens at a new address.
     *
     * @param received gets what comes there, on Lettuce's threads
     * @param lost is told, on Lettuce's threads, when the link is of no use any more
     */
    Link open(String history, Consumer<String> received, Runnable lost) throws RedisException {
        Directory directory = new Directory(history, client instanceof RedisClusterClient);
        String address = Long.toString(RANDOM.nextLong() & Long.MAX_VALUE);
        List<StatefulConnection<String, String>> connections = new ArrayList<>();
        try {
            RedisClusterAsyncCommands<String, String> commands = commands(connections);
            StatefulRedisPubSubConnection<String, String> subscription =
                    subscription(directory.channel(address), connections);
            Link link = new Link(directory, address, commands, connections, lost);
            connections.forEach(connection -> connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                    link.lost("disconnected");
                }
            }));
            subscription.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void smessage(String channel, String message) {
                    received.accept(message);
                }

                // In a cluster, when the channel moves to another server.
                @Override
                public void sunsubscribed(String channel, long count) {
                    link.lost("unsubscribed");
                }
            });
            answer(subscription.async().ssubscribe(directory.channel(address)));
            return link;
        } catch (RedisException | RuntimeException e) {
            connections.forEach(StatefulConnection::closeAsync);
            throw e instanceof RedisException known ? known : new RedisException(e);
        }
    }

    private RedisClusterAsyncCommands<String, String> commands(List<StatefulConnection<String, String>> opened)
            throws RedisException {
        return switch (client) {
            case RedisClusterClient many -> {
                // Who is who may have changed since the last time.
                answer(many.refreshPartitionsAsync());
                StatefulRedisClusterConnection<String, String> connection =
                        opened(many.connectAsync(StringCodec.UTF8), opened);
                // To each server now: a command that finds none connected is rejected, and each that ends shall be
                // noticed.
                for (RedisClusterNode server : connection.getPartitions()) {
                    if (!server.getSlots().isEmpty()) {
                        RedisURI uri = server.getUri();
                        opened(connection.getConnectionAsync(uri.getHost(), uri.getPort()), opened);
                    }
                }
                yield connection.async();
            }
            case RedisClient one -> {
                StatefulRedisConnection<String, String> connection =
                        opened(one.connectAsync(StringCodec.UTF8, first), opened);
                yield connection.async();
            }
            default -> throw new IllegalStateException("no such client");
        };
    }

    /** A connection for listening, in a cluster to the server that the channel is of. */
    private StatefulRedisPubSubConnection<String, String> subscription(
            String channel, List<StatefulConnection<String, String>> opened) throws RedisException {
        return switch (client) {
            case RedisClusterClient many -> {
                StatefulRedisClusterPubSubConnection<String, String> all =
                        opened(many.connectPubSubAsync(StringCodec.UTF8), opened);
                String server = all.getPartitions()
                        .getPartitionBySlot(SlotHash.getSlot(channel))
                        .getNodeId();
                yield opened(all.getConnectionAsync(server), opened);
            }
            case RedisClient one -> opened(one.connectPubSubAsync(StringCodec.UTF8, first), opened);
            default -> throw new IllegalStateException("no such client");
        };
    }

    /** Waits for a connection; one that comes later is closed. */
    private static <T extends StatefulConnection<String, String>> T opened(
            CompletionStage<T> opening, List<StatefulConnection<String, String>> opened) throws RedisException {
        try {
            T connection = answer(opening);
            opened.add(connection);
            return connection;
        } catch (RedisException e) {
            opening.thenAccept(StatefulConnection::closeAsync);
            throw e;
        }
    }

    /** What Redis answers, waited for no longer than everything takes that Lettuce ends by itself. */
    static <T> T answer(CompletionStage<T> answer) throws RedisException {
        try {
            return answer.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RedisException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new RedisException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException(e);
        }
    }

    @Override
    public void close() {
        try {
            client.shutdownAsync(0, CLOSE_MS, TimeUnit.MILLISECONDS).get(CLOSE_MS, TimeUnit.MILLISECONDS);
            resources.shutdown(0, CLOSE_MS, TimeUnit.MILLISECONDS).get(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.atInfo()
                    .addKeyValue("problem", e.getClass().getSimpleName())
                    .log("Redis's connections did not close in time");
        }
    }
}
