package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import com.cove.model.config.Environment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.HashedWheelTimer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Changed bits of what clients send, through the real decoders: whatever comes is either understood as a simple reference
 * understands it, or a {@link ProtocolException}, or the end of the connection. {@code -Dcove.fuzz.seconds=} says for how
 * long, {@code -Dcove.fuzz.seed=} begins with the input that a failure names. That no buffer leaks, {@code EdgeGuard} sees.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class DecoderFuzzTest {
    private static final int PARTS = 4;
    private static final long SEED = Long.getLong("cove.fuzz.seed", System.nanoTime());
    private static final Duration TIME =
            Duration.ofSeconds(Integer.getInteger("cove.fuzz.seconds", 5)).dividedBy(PARTS);

    private static final List<String> PACKETS = List.of(
            "0{\"token\":\"x\"}",
            "0/admin,{}",
            "0/admin?a=b,",
            "1",
            "1/admin,",
            "2[\"send_message\",{\"content\":\"😀 é\"}]",
            "212[\"sync\",{}]",
            "2/admin,7[\"a\"]",
            "31[]",
            "4{\"message\":\"no\"}",
            "51-[\"a\",{\"_placeholder\":true,\"num\":0}]",
            "516-/admin,123456789012345[\"a\"]",
            "61-1[{\"_placeholder\":true,\"num\":0}]");

    private final TransportConfig config = TransportConfig.from(new Environment(Map.of(
            "SOCKET_HANDSHAKE_BURST", "1000000",
            "SOCKET_HANDSHAKES_PER_SECOND", "1000000",
            "SOCKET_MAX_CONNECTIONS_PER_ADDRESS", "1000000")));
    private final HashedWheelTimer timer = new HashedWheelTimer();
    private final List<String> heard = new ArrayList<>();
    private final List<RuntimeException> unexpected = new ArrayList<>();
    private final EdgePipeline edge = new EdgePipeline(
            config,
            timer,
            Runnable::run,
            session -> new Recorder(new SocketProtocol(session, new Room((_, _) -> {}))),
            () -> new HealthReport(true, "{}"),
            new SimpleMeterRegistry());

    @AfterEach
    void stop() {
        timer.stop();
        // The library's part of the pipeline has a timer, too, and only what was started can be stopped.
        Configuration library = new Configuration();
        edge.start(library, new NamespacesHub(library));
        edge.stop();
    }

    /** Notes what arrives, and what is thrown that should not be. */
    private final class Recorder implements PacketHandler {
        private final PacketHandler protocol;

        Recorder(PacketHandler protocol) {
            this.protocol = protocol;
        }

        @Override
        public void text(String packet) {
            heard.add(packet.substring(1));
            expectingFaults(() -> protocol.text(packet));
        }

        @Override
        public void binary(byte[] message) {
            heard.add(HexFormat.of().formatHex(message));
            expectingFaults(() -> protocol.binary(message));
        }

        private void expectingFaults(Runnable work) {
            try {
                work.run();
            } catch (ProtocolException e) {
                throw e;
            } catch (RuntimeException e) {
                unexpected.add(e);
                throw e;
            }
        }

        @Override
        public void afterAll(Runnable last) {
            protocol.afterAll(last);
        }

        @Override
        public long waitingBytes() {
            return protocol.waitingBytes();
        }

        @Override
        public void closed(CloseReason reason) {
            protocol.closed(reason);
        }
    }

    /** Runs one input after the other until the time is over; each has a seed of its own. */
    private void fuzz(Consumer<Random> input) {
        long end = System.nanoTime() + TIME.toNanos();
        long seed = SEED;
        for (; System.nanoTime() - end < 0; seed++) {
            heard.clear();
            try {
                input.accept(new Random(seed));
                assertThat(unexpected).isEmpty();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("-Dcove.fuzz.seed=" + seed, e);
            }
        }
        System.out.printf("%d inputs from seed %d%n", seed - SEED, SEED);
    }

    // --- Socket.IO packets ---

    @Test
    void aPacketMeansWhatASimpleReaderMakesOfIt() {
        fuzz(random -> {
            String text = mutated(PACKETS.get(random.nextInt(PACKETS.size())), random);
            SocketPacket packet = parsed(text);
            assertThat(meaning(packet)).as(text).isEqualTo(meaning(reference(text)));
            if (packet != null) {
                assertThat(meaning(parsed(encoded(packet)))).as("again").isEqualTo(meaning(packet));
            }
        });
    }

    private @Nullable SocketPacket parsed(String text) {
        try {
            return SocketPacket.parse("4" + text, config.packets());
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static @Nullable List<@Nullable Object> meaning(@Nullable SocketPacket packet) {
        return packet == null
                ? null
                : Arrays.asList(packet.type(), packet.attachments(), packet.namespace(), packet.ackId(), packet.json());
    }

    private static final Pattern PACKET = Pattern.compile(
            "(?:([01234])|([56])([0-9]{1,4})-)(?:(/[^,]{0,127})(?:,|$))?(?![/])([0-9]{0,15}+)(?![0-9])(.*)",
            Pattern.DOTALL);

    private static @Nullable SocketPacket reference(String text) {
        Matcher matcher = PACKET.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        char digit = text.charAt(0);
        int attachments = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        String namespace = Objects.requireNonNullElse(matcher.group(4), "/").replaceFirst("(?s)\\?.*", "");
        String ackId = matcher.group(5).isEmpty() ? null : matcher.group(5);
        String json = matcher.group(6);
        boolean fits = switch (digit) {
            case '0' -> json.isEmpty() || json.startsWith("{");
            case '1' -> json.isEmpty();
            case '2', '5' -> json.startsWith("[");
            case '3', '6' -> json.startsWith("[") && ackId != null;
            default -> false;
        };
        return fits && attachments <= 16
                ? new SocketPacket(SocketPacket.Type.of(digit), attachments, namespace, ackId, json, 0)
                : null;
    }

    private static String encoded(SocketPacket packet) {
        return List.of(SocketPacket.Type.values()).indexOf(packet.type())
                + (packet.type().binary() ? packet.attachments() + "-" : "")
                + packet.namespace() + ","
                + Objects.requireNonNullElse(packet.ackId(), "")
                + packet.json();
    }

    // --- polling bodies ---

    @Test
    void aBodyIsItsPacketsInOrderUpToTheFirstFault() {
        fuzz(random -> {
            StringBuilder body = new StringBuilder(engine(random));
            for (int more = random.nextInt(5); more > 0; more--) {
                body.append(PollingBody.SEPARATOR).append(engine(random));
            }
            String text = random.nextBoolean() ? body.toString() : mutated(body.toString(), random);
            List<String> delivered = new ArrayList<>();
            EngineSession session = session(into(delivered));
            boolean accepted = accepts(() -> HostileClientTest.deliver(text, session));
            session.close(CloseReason.TRANSPORT_CLOSE);

            List<String> expected = new ArrayList<>();
            assertThat(accepted).as(text).isEqualTo(accepts(() -> deliverSimply(text, expected)));
            assertThat(delivered).as(text).isEqualTo(expected);
        });
    }

    private static String engine(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "3";
            case 1 -> "b" + Base64.getEncoder().encodeToString(bytes(random, 20));
            default -> "4" + PACKETS.get(random.nextInt(PACKETS.size()));
        };
    }

    private static void deliverSimply(String body, List<String> into) {
        for (String packet : body.split(String.valueOf(PollingBody.SEPARATOR), -1)) {
            if (packet.startsWith("b")) {
                try {
                    into.add(HexFormat.of().formatHex(Base64.getDecoder().decode(packet.substring(1))));
                } catch (IllegalArgumentException e) {
                    throw new ProtocolException("for the test");
                }
            } else if (packet.startsWith("4")) {
                into.add(packet.substring(1));
            } else if (packet.isEmpty() || "136".indexOf(packet.charAt(0)) < 0) {
                throw new ProtocolException("for the test");
            }
        }
    }

    private static boolean accepts(Runnable work) {
        try {
            work.run();
            return true;
        } catch (ProtocolException e) {
            return false;
        }
    }

    private EngineSession session(PacketHandler handler) {
        return new EngineSession(Contexts.of(config, timer, _ -> handler), InetAddress.getLoopbackAddress(), null);
    }

    private static PacketHandler into(List<String> delivered) {
        return new MessageHandler(
                delivered::add, bytes -> delivered.add(HexFormat.of().formatHex(bytes)));
    }

    // --- websockets ---

    /** Right frames arrive as they were sent, however they are cut; wrong ones end the connection or mean something else. */
    @Test
    void framesArriveHoweverTheyAreCut() {
        fuzz(random -> {
            EmbeddedChannel channel = open();
            feed(
                    channel,
                    ascii(String.join(
                            "\r\n",
                            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
                            "Host: x",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==",
                            "\r\n")),
                    random);
            List<String> sent = new ArrayList<>(List.of("0{}"));
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            message(frames, "40{}", random);
            for (int more = random.nextInt(5); more > 0; more--) {
                String event = "2" + random.nextInt(99) + "[\"a\",\"é" + "x".repeat(random.nextInt(300)) + "\"]";
                sent.add(event);
                message(frames, "4" + event, random);
            }
            if (random.nextBoolean()) {
                feed(channel, mutated(frames.toByteArray(), random), random);
            } else {
                feed(channel, frames.toByteArray(), random);
                assertThat(heard).isEqualTo(sent);
            }
            close(channel);
        });
    }

    /** In one frame or several, with a ping between them now and then. */
    private static void message(ByteArrayOutputStream out, String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int opcode = 1;
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(200));
            frame(out, (end == bytes.length ? 0x80 : 0) | opcode, Arrays.copyOfRange(bytes, at, end), random);
            if (random.nextInt(4) == 0) {
                frame(out, 0x89, bytes(random, 10), random);
            }
            opcode = 0;
            at = end;
        }
    }

    private static void frame(ByteArrayOutputStream out, int first, byte[] content, Random random) {
        out.write(first);
        if (content.length < 126) {
            out.write(0x80 | content.length);
        } else {
            out.writeBytes(new byte[] {(byte) (0x80 | 126), (byte) (content.length >> 8), (byte) content.length});
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        out.writeBytes(mask);
        for (int i = 0; i < content.length; i++) {
            out.write(content[i] ^ mask[i & 3]);
        }
    }

    // --- requests ---

    private static final List<String> TARGETS = List.of(
            "/socket.io/?EIO=4&transport=polling",
            "/socket.io/?EIO=4&transport=polling&token=a%20b",
            "/socket.io/?EIO=4&transport=polling&sid=01939d10-0000-4000-8000-000000000000",
            "/socket.io/?EIO=3&transport=websocket",
            "/health");

    /** Any target without spaces makes a whole request, and each of those gets an answer, however it was cut. */
    @Test
    void everyWholeRequestIsAnsweredAndNoOtherHarms() {
        fuzz(random -> {
            String target =
                    mutated(TARGETS.get(random.nextInt(TARGETS.size())), random).replaceAll("[^!-~]", "%");
            byte[] request = ascii((random.nextBoolean() ? "GET /" : "POST /") + target
                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n4\0x");
            boolean whole = random.nextBoolean();
            EmbeddedChannel channel = open();
            feed(channel, whole ? request : mutated(request, random), random);
            if (whole) {
                assertThat(channel.outboundMessages()).as(target).isNotEmpty();
            }
            close(channel);
        });
    }

    private EmbeddedChannel open() {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            }
        };
        edge.addSocketioHandlers(channel.pipeline());
        return channel;
    }

    /** In pieces of any size, as a network delivers them. */
    private static void feed(EmbeddedChannel channel, byte[] bytes, Random random) {
        for (int at = 0; at < bytes.length && channel.isOpen(); ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(100));
            ByteBuf piece = ByteBufAllocator.DEFAULT.buffer(length);
            channel.writeInbound(piece.writeBytes(bytes, at, length));
            at += length;
        }
    }

    private void close(EmbeddedChannel channel) {
        channel.finishAndReleaseAll();
        edge.sessions().all().forEach(session -> session.close(CloseReason.TRANSPORT_CLOSE));
        assertThat(edge.sessions().all()).isEmpty();
    }

    // --- mutation ---

    private static final List<String> SPLINTERS = List.of(
            "",
            "-",
            "/",
            ",",
            "?",
            "[",
            "]",
            "{",
            "\"",
            "\u001e",
            "\0",
            "b",
            "999999999999999999",
            "%",
            "\uD83D",
            "1-");

    private static String mutated(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(changed.length() + 1);
            int end = Math.min(changed.length(), at + random.nextInt(4));
            String splinter = random.nextInt(3) == 0
                    ? String.valueOf((char) random.nextInt(300))
                    : SPLINTERS.get(random.nextInt(SPLINTERS.size()));
            changed.replace(at, end, splinter);
        }
        return changed.toString();
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] changed =
                random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes.clone();
        for (int changes = random.nextInt(6); changes > 0 && changed.length > 0; changes--) {
            int at = random.nextInt(changed.length);
            changed[at] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (changed[at] ^ 1 << random.nextInt(8));
        }
        return changed;
    }

    private static byte[] bytes(Random random, int max) {
        byte[] bytes = new byte[random.nextInt(max)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
