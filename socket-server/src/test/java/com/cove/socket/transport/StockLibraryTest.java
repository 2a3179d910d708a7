package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.corundumstudio.socketio.protocol.PacketDecoder;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.cove.model.json.Json;
import com.cove.socket.NotOurs;
import com.cove.socket.transport.EngineClient.OverPolling;
import com.cove.socket.transport.EngineClient.OverWebSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * netty-socketio as it comes, fault by fault: a test that fails says that the library has mended one, and names our class
 * that works around it. docs/repairs.md is the list. Not here, because it cannot be shown both cheaply and surely: numbers are
 * parsed in quadratic time, and what waits for a slow client has no bound.
 */
@NotOurs
class StockLibraryTest {
    private static final Duration NO_ANSWER = Duration.ofMillis(400);
    private static final long PATIENCE_SECONDS = 10;

    private static SocketIOServer server;
    private static int port;
    private static final BlockingQueue<SocketIOClient> connected = new LinkedBlockingQueue<>();
    private static final BlockingQueue<SocketIOClient> disconnected = new LinkedBlockingQueue<>();
    private static final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private static final Logger log = (Logger) LoggerFactory.getLogger("com.corundumstudio.socketio");
    /** What the library logs; kept out of our log. */
    private static final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeAll
    static void start() {
        logged.start();
        log.addAppender(logged);
        log.setAdditive(false);
        Configuration configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(0);
        // One event loop, so that what happens between two clients has one order.
        configuration.setWorkerThreads(1);
        configuration.setPingInterval(25_000);
        configuration.setPingTimeout(20_000);
        configuration.setAckMode(AckMode.MANUAL);
        server = new SocketIOServer(configuration);
        server.addConnectListener(connected::add);
        server.addDisconnectListener(disconnected::add);
        server.addEventListener("message", String.class, (client, text, ack) -> client.sendEvent("message-back", text));
        server.addEventListener("ask", String.class, (client, text, ack) -> ack.sendAckData(text));
        server.addEventListener("any", Object.class, (client, any, ack) -> received.add(any));
        server.addEventListener("thread", String.class, (client, _, ack) -> received.add(Thread.currentThread()));
        server.addEventListener("burst", Integer.class, (client, count, ack) -> {
            for (int number = 0; number < count; number++) {
                client.sendEvent("burst", number);
            }
        });
        server.addEventListener(
                "bytes", String.class, (client, text, ack) -> client.sendEvent("bytes", new byte[] {1, 2, 3}));
        server.addNamespace("/guarded").addAuthTokenListener((token, client) -> new AuthTokenResult(false, "refused"));
        server.getNamespace("/guarded")
                .addEventListener(
                        "message", String.class, (client, text, ack) -> client.sendEvent("message-back", text));
        port = bind(server);
    }

    /** The library knows only the port it was told. */
    private static int bind(SocketIOServer server) {
        ChannelFuture bound = (ChannelFuture) server.startAsync();
        bound.syncUninterruptibly();
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    @AfterAll
    static void stop() throws ReflectiveOperationException {
        stop(server);
        log.detachAppender(logged);
        log.setAdditive(true);
    }

    /** By itself it waits two seconds for each of its groups to stay quiet. */
    private static void stop(SocketIOServer server) throws ReflectiveOperationException {
        for (String group : List.of("bossGroup", "workerGroup")) {
            Field field = SocketIOServer.class.getDeclaredField(group);
            field.setAccessible(true);
            ((EventLoopGroup) field.get(server)).shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        server.stop();
    }

    /** Shows that a fault is still there; anything else, an answer that does not come among them, says it is mended. */
    private interface Fault {
        boolean shows();
    }

    private static void assertFault(Fault fault, String mended, String ours) {
        boolean shows;
        try {
            shows = fault.shows();
        } catch (AssertionError e) {
            shows = false;
        }
        assertThat(shows)
                .as("netty-socketio has mended this: %s. Is %s still needed for it? See docs/repairs.md", mended, ours)
                .isTrue();
    }

    /** Over a websocket, joined, so that only the fault in question shows. */
    private static OverWebSocket connect() {
        OverWebSocket client = OverWebSocket.open(port);
        client.send("40");
        assertThat(client.next()).startsWith("40{\"sid\":");
        return client;
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** True once the library has told its listener of this session. */
    private static boolean sees(BlockingQueue<SocketIOClient> told, String sid) {
        while (!take(told).getSessionId().toString().equals(sid)) {
            // one of another test
        }
        return true;
    }

    private static Wire.Reply once(String method, String query, String... headers) {
        return Wire.once(port, method, "/socket.io/" + query, "", headers);
    }

    // --- handshake ---

    @Test
    void theProtocolVersionIsNotChecked() {
        Wire.Reply reply = once("GET", "?EIO=5&transport=polling");

        assertFault(() -> reply.status() == 200, "the version of the protocol is checked", "EngineRequests");
    }

    @Test
    void theMethodOfAHandshakeIsNotChecked() {
        Wire.Reply reply = Wire.once(port, "POST", EngineClient.PATH + "polling", "2");

        assertFault(() -> reply.status() == 200, "the method of a handshake is checked", "EngineRequests");
    }

    @Test
    void theHandshakeDoesNotSayMaxPayload() {
        Wire.Reply reply = once("GET", "?EIO=4&transport=polling");

        assertFault(
                () -> !Json.parse(reply.body().substring(1)).has("maxPayload"),
                "the handshake says maxPayload",
                "EngineRequests");
    }

    @Test
    void aClientChoosesItsSessionIdByACookie() {
        String chosen = UUID.randomUUID().toString();

        Wire.Reply reply = once("GET", "?EIO=4&transport=polling", "Cookie: io=" + chosen);

        assertFault(
                () -> EngineClient.sid(reply.body()).equals(chosen),
                "session ids are no longer taken from a cookie by default",
                "EngineRequests (and setRandomSession)");
    }

    @Test
    void compressionOfWebSocketsIsOffered() {
        try (Wire wire = Wire.to(port)) {
            Wire.Reply reply =
                    wire.upgrade(EngineClient.PATH + "websocket", "Sec-WebSocket-Extensions: permessage-deflate");

            assertFault(
                    () -> reply.header("sec-websocket-extensions").contains("permessage-deflate"),
                    "compression is off by default",
                    "EdgePipeline");
        }
    }

    @Test
    void b64SwitchesToTheFramingOfEngineIo3() {
        Wire.Reply reply = once("GET", "?EIO=4&transport=polling&b64=1");

        assertFault(() -> reply.body().matches("\\d+:0\\{.*"), "b64 is ignored", "EngineRequests and HttpReply");
    }

    // --- sessions ---

    @Test
    void anUnknownSessionIsAServerError() {
        Wire.Reply reply = once("GET", "?EIO=4&transport=polling&sid=" + UUID.randomUUID());

        assertFault(() -> reply.status() == 500, "an unknown session is answered 400", "EngineRequests");
    }

    @Test
    void aSessionIdThatIsNoUuidIsNeverAnswered() {
        try (Wire wire = Wire.to(port)) {
            wire.request("GET", EngineClient.PATH + "polling&sid=lv_VI97HAXpY6yYWAAAC", "");

            assertFault(() -> wire.staysSilent(NO_ANSWER), "an id that is no UUID is answered", "EngineRequests");
        }
    }

    @Test
    void keepAliveIsPromisedAndTheConnectionCloses() {
        try (Wire wire = Wire.to(port)) {
            Wire.Reply reply = wire.get(EngineClient.PATH + "polling");

            assertFault(
                    () -> reply.header("connection").equals("keep-alive") && wire.ends(),
                    "a connection that is to be kept alive is",
                    "HttpReply");
        }
    }

    @Test
    void aSecondWebSocketTakesTheSessionOver() {
        try (OverWebSocket first = connect();
                Wire second = Wire.to(port)) {
            assertThat(second.upgrade(EngineClient.PATH + "websocket&sid=" + first.sid())
                            .status())
                    .isEqualTo(101);
            second.text("42[\"message\",\"mine now\"]");

            assertFault(
                    () -> second.next().equals("42[\"message-back\",\"mine now\"]"),
                    "a second websocket is refused",
                    "EngineSession.probe");
        }
    }

    @Test
    void aClosePacketLeavesTheWebSocketOpen() {
        try (OverWebSocket client = connect()) {
            client.send("1");

            assertFault(() -> client.wire().staysSilent(NO_ANSWER), "a CLOSE packet closes", "EngineSession.receive");
        }
    }

    @Test
    void aWebSocketPingIsNotAnswered() {
        try (OverWebSocket client = connect()) {
            client.wire().ping("are you there");
            client.send("42[\"message\",\"1\"]");

            assertFault(
                    () -> client.next().equals("42[\"message-back\",\"1\"]"),
                    "websocket pings are answered",
                    "WebSocketFrames");
        }
    }

    @Test
    void aFrameThatIsNoPacketLeavesTheWebSocketOpen() {
        try (OverWebSocket client = connect()) {
            client.send("9");
            client.send("42[\"message\",\"1\"]");

            assertFault(
                    () -> client.next().equals("42[\"message-back\",\"1\"]"),
                    "what is no packet ends the session",
                    "WebSocketFrames");
        }
    }

    @Test
    void whatIsNoPacketIsLogged() {
        try (OverWebSocket client = connect()) {
            client.send("4xsecret");
            client.send("42[\"message\",\"1\"]");
            assertThat(client.next()).isEqualTo("42[\"message-back\",\"1\"]");

            assertFault(
                    () -> List.copyOf(logged.list).stream()
                            .map(line -> String.valueOf(line.getFormattedMessage()))
                            .anyMatch(line -> line.contains("secret")),
                    "what clients send is not logged",
                    "WebSocketFrames");
        }
    }

    /** A client does not reconnect by itself after this packet. */
    @Test
    void aSilentClientIsToldToStayAway() throws ReflectiveOperationException {
        Configuration quick = new Configuration();
        quick.setHostname("127.0.0.1");
        quick.setPort(0);
        quick.setPingInterval(100);
        quick.setPingTimeout(150);
        SocketIOServer quickServer = new SocketIOServer(quick);
        try (OverWebSocket client = OverWebSocket.open(bind(quickServer))) {
            String end = Stream.generate(client::next)
                    .dropWhile("2"::equals)
                    .findFirst()
                    .orElseThrow();
            assertFault(() -> end.equals("41"), "a heartbeat that fails only closes", "EngineSession.close");
        } finally {
            stop(quickServer);
        }
    }

    // --- upgrade ---

    @Test
    void onlyOnePollIsLetGoDuringTheUpgrade() {
        OverPolling client = OverPolling.open(port);
        try (Wire first = client.waitingPoll();
                Wire webSocket = client.webSocket()) {
            webSocket.text("2probe");
            assertThat(webSocket.next()).isEqualTo("3probe");
            assertThat(first.reply("GET").body()).isEqualTo("6");

            try (Wire second = client.waitingPoll()) {
                assertFault(() -> second.staysSilent(NO_ANSWER), "every poll is let go", "EngineSession.releasePoll");
            }
        }
    }

    @Test
    void aFailedProbeEndsThePollingSession() {
        OverPolling client = OverPolling.open(port);
        client.send("40");
        assertThat(client.next()).startsWith("40{");

        client.webSocket().close();

        assertFault(
                () -> sees(disconnected, client.sid()) && client.poll().status() == 500,
                "a failed probe harms nothing",
                "EngineSession.webSocketClosed");
    }

    @Test
    void every51stPacketThatWaitsForAPollIsLost() {
        OverPolling client = OverPolling.open(port);
        client.send("40");
        assertThat(client.next()).startsWith("40{");

        client.send("42[\"burst\",60]", "42[\"message\",\"last\"]");

        List<String> events = new ArrayList<>();
        for (String next = client.next(); !next.contains("last"); next = client.next()) {
            events.add(next);
        }
        assertFault(() -> events.size() < 60, "all packets that wait arrive", "EngineSession.flushTo");
    }

    // --- the door ---

    @Test
    void aNamespaceIsJoinedBeforeConnect() {
        try (OverWebSocket client = OverWebSocket.open(port)) {
            assertFault(() -> sees(connected, client.sid()), "a namespace is joined by CONNECT only", "SocketProtocol");
        }
    }

    @Test
    void anEventBeforeConnectIsHandled() {
        try (OverWebSocket client = OverWebSocket.open(port)) {
            client.send("42[\"message\",\"early\"]");

            assertFault(
                    () -> client.next().equals("42[\"message-back\",\"early\"]"),
                    "an event before CONNECT is refused",
                    "SocketProtocol");
        }
    }

    @Test
    void aConnectWithoutPayloadIsNotVerified() {
        try (OverWebSocket client = OverWebSocket.open(port)) {
            client.send("40/guarded,");

            assertFault(
                    () -> client.next().startsWith("40/guarded,{\"sid\":"),
                    "every CONNECT is verified",
                    "SocketProtocol");
        }
    }

    @Test
    void anEventAfterARefusalIsHandled() {
        try (OverWebSocket client = OverWebSocket.open(port)) {
            client.send("40/guarded,{\"token\":\"bad\"}");
            assertThat(client.next()).startsWith("44/guarded,");
            client.send("42/guarded,[\"message\",\"late\"]");

            assertFault(
                    () -> client.next().equals("42/guarded,[\"message-back\",\"late\"]"),
                    "an event after a refusal is ignored",
                    "SocketProtocol");
        }
    }

    @Test
    void anUnknownNamespaceIsABareString() {
        try (OverWebSocket client = connect()) {
            client.send("40/random,");

            assertFault(
                    () -> client.next().equals("44/random,\"Invalid namespace\""),
                    "an unknown namespace is an object with a message",
                    "SocketProtocol");
        }
    }

    @Test
    void listenersRunOnEventLoops() {
        try (OverWebSocket client = connect()) {
            client.send("42[\"thread\",\"\"]");

            assertFault(
                    () -> take(received) instanceof FastThreadLocalThread,
                    "listeners run on threads of their own",
                    "Mailbox");
        }
    }

    @Test
    void aRoomJoinedAfterTheEndIsNeverLeft() {
        OverWebSocket client = connect();
        SocketIOClient gone = server.getClient(UUID.fromString(client.sid()));
        client.close();
        assertThat(sees(disconnected, client.sid())).isTrue();

        gone.joinRoom("late");

        assertFault(
                () -> ((Namespace) server.getNamespace("")).getRooms().contains("late"),
                "who is gone joins no room",
                "Connections");
    }

    // --- packets ---

    /** JSON is read in blocks of 8,000 bytes; what an unknown event leaves of the rest is taken for packets. */
    @Test
    void theRestOfAnUnknownEventIsTakenForTheNextPacket() {
        String start = "[\"nobody\",\"";
        String event = "42" + start + "x".repeat(8_000 - start.length()) + "42[\"message\",\"smuggled\"]";
        try (OverWebSocket client = connect()) {
            client.send(event);
            client.send("42[\"message\",\"honest\"]");

            assertFault(
                    () -> client.next().contains("smuggled"), "an unknown event is read to its end", "SocketPacket");
        }
    }

    @Test
    void theRestOfAnEventWithMoreArgumentsIsTakenForTheNextPacket() {
        String start = "[\"message\",\"declared\",1,\"";
        String event = "42" + start + "x".repeat(8_000 - start.length()) + "42[\"message\",\"smuggled\"]";
        try (OverWebSocket client = connect()) {
            client.send(event);
            client.send("42[\"message\",\"honest\"]");

            List<String> events = client.next(2);
            assertFault(
                    () -> events.stream().anyMatch(next -> next.contains("smuggled")),
                    "arguments that no listener declares are read to their end",
                    "SocketPacket");
        }
    }

    @Test
    void anAcknowledgementIdOverflows() {
        try (OverWebSocket client = connect()) {
            client.send("423000000000[\"ask\",\"1\"]", "421[\"ask\",\"2\"]");

            assertFault(
                    () -> !client.next().equals("433000000000[\"1\"]"),
                    "numbers are parsed as they are (in linear time, too?)",
                    "SocketPacket");
        }
    }

    @Test
    void packetsOfAPollingBodyLeakTheirCopies() throws Exception {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        ByteBuf body = allocator.buffer().writeBytes("3\u001e3".getBytes(StandardCharsets.UTF_8));
        ClientHead client = new ClientHead(
                UUID.randomUUID(),
                null,
                null,
                new MemoryStoreFactory(),
                null,
                null,
                com.corundumstudio.socketio.Transport.POLLING,
                null,
                new Configuration(),
                Map.of(EngineIOVersion.EIO, List.of("4")));
        PacketDecoder decoder = new PacketDecoder(new JacksonJsonSupport(), null);
        decoder.decodePackets(body, client);
        body.release();

        assertFault(() -> allocator.metric().usedHeapMemory() > 0, "the copy of a packet is released", "PollingBody");
    }

    // --- binary ---

    @Test
    void attachmentsHaveAByteTooMany() {
        try (OverWebSocket client = connect()) {
            client.send("42[\"bytes\",\"\"]");
            assertThat(client.next()).startsWith("451-[\"bytes\",");

            assertFault(() -> client.next().equals("<04010203>"), "attachments are sent as they are", "Frame");
        }
    }

    @Test
    void attachmentsArriveAsBase64UnlessTheirTypeIsDeclared() {
        try (OverWebSocket client = connect()) {
            client.send("451-[\"any\",{\"_placeholder\":true,\"num\":0}]");
            client.send(new byte[] {1, 2, 3});

            assertFault(() -> take(received) instanceof String, "attachments arrive as bytes", "InboundEvent");
        }
    }

    @Test
    void attachmentsHaveNoBound() {
        int count = 100;
        String placeholders = IntStream.range(0, count)
                .mapToObj(number -> "{\"_placeholder\":true,\"num\":" + number + "}")
                .collect(Collectors.joining(","));
        try (OverWebSocket client = connect()) {
            client.send("45" + count + "-[\"any\",[" + placeholders + "]]");
            for (int number = 0; number < count; number++) {
                client.send(new byte[] {1});
            }

            assertFault(
                    () -> take(received) instanceof List<?> list && list.size() == count,
                    "the number of attachments has a bound",
                    "SocketPacket");
        }
    }

    /** The packet is changed when it is encoded for the first of them. */
    @Test
    void bytesForSeveralClientsReachOne() {
        try (OverWebSocket one = connect();
                OverWebSocket other = connect()) {
            server.getBroadcastOperations().sendEvent("bytes", new byte[] {1, 2, 3});

            assertFault(
                    () -> !(one.next().contains("bytes") && other.next().contains("bytes")),
                    "one packet serves several clients",
                    "OutboundEvent");
        }
    }
}
