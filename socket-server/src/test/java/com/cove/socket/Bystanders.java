package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import com.cove.model.thread.ThreadId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * A server with two people who talk, one on each transport, and who must notice nothing of what strangers do. Knows what the
 * server held before, and what it wrote to its log since.
 */
final class Bystanders implements AutoCloseable {
    /** Stands in what strangers send; no line of the log holds it. */
    static final String MARK = "q7Zx";

    private static final long MEBIBYTE = 1024 * 1024;
    /** Code that was compiled meanwhile, caches that filled, chunks of an arena: not what one attack leaves behind. */
    private static final long MEMORY_SLACK = 24 * MEBIBYTE;

    /** The pool of the database grows, and clients of other tests end when they like. */
    private static final int FILES_SLACK = 64;

    private static final int LINES_PER_SECOND = 100;
    private static final int LINES_SLACK = 250;

    private static final Map<String, String> HURRY = Map.of(
            "SOCKET_CONNECT_TIMEOUT_MS", "3000",
            "SOCKET_UPGRADE_TIMEOUT_MS", "3000",
            "SOCKET_HEADER_TIMEOUT_MS", "3000",
            "SOCKET_REQUEST_TIMEOUT_MS", "4000",
            "SOCKET_HANDSHAKES_PER_SECOND", "100000",
            "SOCKET_HANDSHAKE_BURST", "100000");

    private final TestServer server;
    private final Log log = new Log();
    private final ThreadId thread;
    private final TestClient ann;
    private final TestClient ben;
    private final Map<String, Long> before;
    private int said;

    private Bystanders(Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(HURRY);
        all.putAll(settings);
        server = TestServer.start(all);
        thread = server.thread("ann", "ben");
        ann = server.connectInSomeAttempt("ann", "websocket");
        ben = server.connectInSomeAttempt("ben", "polling");
        talk();
        System.gc();
        before = holdings();
        log.begin();
    }

    static Bystanders start() throws IOException {
        return start(Map.of());
    }

    static Bystanders start(Map<String, String> settings) throws IOException {
        return new Bystanders(settings);
    }

    TestServer server() {
        return server;
    }

    /** Each says something that is acknowledged and that the other gets. */
    void talk() {
        said++;
        ann.send(thread, "ann " + said);
        hear(ben, "ann " + said);
        ben.send(thread, "ben " + said);
        hear(ann, "ben " + said);
    }

    /** One's own messages come, too. */
    private static void hear(TestClient client, String words) {
        String heard = "";
        while (!heard.equals(words)) {
            heard = client.await("new_message").at("/message/content").asText();
        }
    }

    /** After an attack: the server is well, the two talk, nothing of the strangers is left, and little was written of them. */
    void unharmed() {
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        talk();
        await().pollDelay(Duration.ZERO).atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            Map<String, Long> now = holdings();
            if (now.getOrDefault("memory", 0L) > before.getOrDefault("memory", 0L) + MEMORY_SLACK) {
                System.gc();
                now = holdings();
            }
            for (String meter : List.of("cove_sessions", "cove_connections", "cove_mailbox_bytes")) {
                assertThat(now.get(meter)).as(meter).isEqualTo(before.get(meter));
            }
            assertThat(now.get("cove_outbound_bytes")).isZero();
            assertThat(now.get("process_files_open_files"))
                    .isLessThanOrEqualTo(before.getOrDefault("process_files_open_files", 0L) + FILES_SLACK);
            assertThat(now.get("memory")).isLessThanOrEqualTo(before.getOrDefault("memory", 0L) + MEMORY_SLACK);
        });
        log.check();
    }

    /** What the server holds, as its meters say; memory with what is not collected yet, and native buffers. */
    private Map<String, Long> holdings() {
        Map<String, Long> meters = new HashMap<>();
        server.metrics()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> meters.merge(
                        line.substring(0, line.indexOf(line.indexOf('{') < 0 ? ' ' : '{')),
                        (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                        Long::sum));
        Runtime runtime = Runtime.getRuntime();
        meters.put(
                "memory",
                runtime.totalMemory()
                        - runtime.freeMemory()
                        + meters.getOrDefault("netty_allocator_memory_used_bytes", 0L));
        return meters;
    }

    @Override
    public void close() {
        log.end();
        server.close();
    }

    /** What the server writes, in place of the console. */
    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        private final Logger ours = (Logger) LoggerFactory.getLogger("com.cove");
        private final List<Appender<ILoggingEvent>> console = new ArrayList<>();
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private long since = System.nanoTime();

        void begin() {
            root.iteratorForAppenders().forEachRemaining(console::add);
            console.forEach(root::detachAppender);
            root.addAppender(this);
            ours.setLevel(Level.INFO);
            setContext(root.getLoggerContext());
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }

        /** Few lines, none with anything of a stranger's, none of a fault of ours. */
        void check() {
            List<String> written = new ArrayList<>();
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                written.add(line);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
            since = System.nanoTime();
            assertThat(written).noneMatch(line -> line.contains(MARK));
            assertThat(written)
                    .filteredOn(line -> !line.startsWith("INFO") && !line.contains("log lines left out"))
                    .isEmpty();
            assertThat((long) written.size()).isLessThanOrEqualTo(LINES_SLACK + LINES_PER_SECOND * seconds);
        }

        void end() {
            stop();
            root.detachAppender(this);
            console.forEach(root::addAppender);
            ours.setLevel(null);
        }
    }
}
