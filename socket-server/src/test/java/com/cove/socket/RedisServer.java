package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A redis-server of the test's own: a process on a free port, in a directory of its own, that keeps nothing. */
public final class RedisServer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final Path directory;
    private final int port;
    private final List<String> options;
    private Process process;

    private RedisServer(String... options) throws IOException {
        this.options = List.of(options);
        directory = Files.createTempDirectory("cove-redis");
        port = freePort();
        process = launch();
        awaitListening();
    }

    /**
     * Starts one that keeps nothing on the disk.
     *
     * @param options as on redis-server's command line
     */
    public static RedisServer start(String... options) throws IOException {
        return new RedisServer(options);
    }

    /** Servers that share the slots of a cluster. */
    static List<RedisServer> startCluster(int size) throws IOException {
        List<RedisServer> servers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            servers.add(startClusterMember());
        }
        int share = SlotHash.SLOT_COUNT / size;
        for (int i = 0; i < size; i++) {
            int first = i * share;
            int last = i == size - 1 ? SlotHash.SLOT_COUNT - 1 : first + share - 1;
            RedisServer server = servers.get(i);
            server.ask(commands ->
                    commands.clusterAddSlots(IntStream.rangeClosed(first, last).toArray()));
            servers.getFirst().meet(server);
        }
        for (RedisServer server : servers) {
            await().pollInterval(Duration.ofMillis(50))
                    .until(() -> server.ask(commands -> commands.clusterInfo().contains("cluster_slots_ok:16384")));
        }
        return servers;
    }

    private static RedisServer startClusterMember() throws IOException {
        return start(
                "--cluster-enabled", "yes",
                "--cluster-node-timeout", "1000",
                "--cluster-require-full-coverage", "no",
                "--cluster-port", Integer.toString(freePort()));
    }

    /** A server of the same cluster that takes over when this one dies. */
    RedisServer startReplica() throws IOException {
        RedisServer replica = startClusterMember();
        meet(replica);
        String id = ask(commands -> commands.clusterMyId());
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> replica.ask(commands -> commands.clusterNodes().contains(id)));
        String _ = replica.ask(commands -> commands.clusterReplicate(id));
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> ask(commands -> commands.info("replication").contains("state=online")));
        return replica;
    }

    private void meet(RedisServer other) {
        int bus = Integer.parseInt(other.options.getLast());
        ask(commands -> commands.dispatch(
                CommandType.CLUSTER,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8)
                        .add("MEET")
                        .add("127.0.0.1")
                        .add(other.port)
                        .add(bus)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    private static Path program() {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
        return found.orElseThrow(() -> new IllegalStateException(
                "redis-server is not on the PATH: install Redis 7.0 or newer (Debian's package redis-server)"));
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString()));
        command.addAll(options);
        Process launched = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        // Where a test ends before it could close it.
        Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
        return launched;
    }

    private void awaitListening() {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> {
                    try (Socket probe = new Socket()) {
                        probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                        return process.isAlive();
                    }
                });
    }

    /** Ends it at once, as a crash does. */
    void kill() {
        process.destroyForcibly();
        ended();
    }

    /** Starts it on the same port, empty. */
    void restart() throws IOException {
        process = launch();
        awaitListening();
    }

    /** From now on it takes connections and answers nothing. */
    void pause() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an operator with redis-cli does. */
    <T> T ask(Function<RedisCommands<String, String>, T> question) {
        try (RedisClient client = RedisClient.create(RedisURI.create(url()));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        }
    }

    private void ended() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        ended();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> assertThat(file.toFile().delete()).isTrue());
            Files.delete(directory);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
