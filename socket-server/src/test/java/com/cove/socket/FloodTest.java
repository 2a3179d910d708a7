package com.cove.socket;

import static com.cove.socket.Bystanders.MARK;
import static com.cove.socket.RawWebSocket.BINARY;
import static com.cove.socket.RawWebSocket.FINAL;
import static com.cove.socket.RawWebSocket.PING;
import static com.cove.socket.RawWebSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.socket.Stranger.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten thousand at once of anything. The bystanders talk meanwhile, too. */
class FloodTest extends UnderAttack {
    private static final int FLOOD = 10_000;

    /** A packet for each number. */
    record Flood(String name, IntFunction<String> packet) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Flood> floods() {
        return Stream.of(
                new Flood("events", i -> "42[\"" + MARK + "\"]"),
                new Flood("events with acknowledgements", i -> "42" + i + "[\"typing_stop\",{\"threadId\":\"x\"}]"),
                new Flood("large events", i -> "42[\"" + MARK + "\",\"" + "x".repeat(900) + "\"]"),
                new Flood("heartbeats", i -> "3"),
                new Flood("acknowledgements", i -> "43" + i + "[]"),
                new Flood("unknown namespaces", i -> "40/" + MARK + i + ","),
                new Flood("goodbyes", i -> "41"),
                new Flood("attachments that never come", i -> "451-" + i + "[\"a\"]"),
                new Flood("connects", i -> "40{\"token\":\"" + MARK + "\"}"));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void overAWebSocket(Flood flood) {
        RawWebSocket socket = stranger().connected();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < FLOOD; i++) {
            frames.writeBytes(
                    RawWebSocket.encode(FINAL | TEXT, flood.packet.apply(i).getBytes(StandardCharsets.UTF_8)));
        }
        Thread sending = Thread.ofVirtual().start(() -> socket.bytes(frames.toByteArray()));
        bystanders().talk();
        join(sending);
    }

    @ParameterizedTest
    @MethodSource("floods")
    void overPolling(Flood flood) {
        String sid = stranger().connectedPolling();
        String body = IntStream.range(0, FLOOD).mapToObj(flood.packet).collect(Collectors.joining(Stranger.SEPARATOR));
        Thread sending = Thread.ofVirtual().start(() -> stranger().post(sid, body));
        bystanders().talk();
        join(sending);
    }

    /** As many packets as a body of the largest size holds. */
    @ParameterizedTest
    @MethodSource("floods")
    void inOneBodyAsLargeAsCanBe(Flood flood) {
        String sid = stranger().connectedPolling();
        StringBuilder body = new StringBuilder(flood.packet.apply(0));
        for (int i = 1; body.length() < 2 * 1024 * 1024 - 1_100; i++) {
            body.append(Stranger.SEPARATOR).append(flood.packet.apply(i));
        }
        Thread sending = Thread.ofVirtual().start(() -> stranger().post(sid, body.toString()));
        bystanders().talk();
        join(sending);
    }

    @Test
    void eachOfManyEventsIsAnsweredOrTheSessionEnds() {
        RawWebSocket socket = stranger().connected();
        for (int i = 0; i < 2_000; i++) {
            socket.text("42" + i + "[\"typing_stop\",{\"threadId\":\"x\"}]");
        }
        int answers = 0;
        while (answers < 2_000) {
            assertThat(socket.next()).startsWith("43");
            answers++;
        }
        socket.text("42[\"last\"]").await("42[\"error\"");
    }

    @Test
    void pingsWithoutEndAreAnsweredOneByOne() {
        RawWebSocket socket = stranger().connected();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < FLOOD; i++) {
            frames.writeBytes(RawWebSocket.encode(FINAL | PING, new byte[100]));
        }
        socket.bytes(frames.toByteArray());
        bystanders().talk();
        for (int i = 0; i < FLOOD; i++) {
            assertThat(socket.next()).startsWith("opcode 10");
        }
    }

    @Test
    void whoPingsAndDoesNotReadTheAnswersIsReadNoFurther() {
        Thread sending;
        try (RawHttp tcp = new RawHttp(bystanders().server().port(), 4_096)) {
            RawWebSocket socket = new RawWebSocket(tcp, "", "");
            byte[] ping = RawWebSocket.encode(FINAL | PING, new byte[125]);
            sending = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 400_000; i++) {
                    socket.bytes(ping);
                }
            });
            for (int i = 0; i < 20; i++) {
                bystanders().talk();
            }
            assertThat(meter("cove_outbound_bytes")).isLessThan(2 * 1024 * 1024);
        }
        join(sending);
    }

    @Test
    void binaryFramesThatNobodyAskedForEndTheSession() {
        RawWebSocket socket = stranger().connected();
        for (int i = 0; i < FLOOD; i++) {
            socket.frame(FINAL | BINARY, MARK);
        }
        assertThat(socket.awaitClosed()).isZero();
    }

    @Test
    void sessionsThatComeAndGoLeaveNothing() {
        for (int i = 0; i < 500; i++) {
            try (RawHttp tcp = new RawHttp(bystanders().server().port())) {
                RawWebSocket socket = new RawWebSocket(tcp, "", "");
                if (i % 2 == 0) {
                    socket.text(stranger().connect());
                }
            }
        }
    }

    /** A refused poll ends the session; a stranger's thousand at once end no other. */
    @Test
    void pollsAtTheSameTimeEndTheirSessionOnly() {
        String sid = stranger().connectedPolling();
        for (int i = 0; i < 300; i++) {
            stranger().tcp().send("GET " + Stranger.path(sid) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        Answer answer = stranger().post(sid, "3");
        while (answer.status() == 200) {
            answer = stranger().post(sid, "3");
        }
        assertThat(answer.status()).isEqualTo(400);
    }

    private static double meter(String name) {
        return bystanders()
                .server()
                .metrics()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
