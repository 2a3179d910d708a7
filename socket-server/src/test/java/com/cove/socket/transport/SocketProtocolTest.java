package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.socket.transport.EngineClient.OverPolling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Socket.IO protocol 5 over real connections of both transports. The server is {@link EchoServer#socket} with a door. */
class SocketProtocolTest {
    private static final Door DOOR = new Door();

    private static EchoServer server;

    @BeforeAll
    static void start() throws IOException {
        server = EchoServer.socket(EchoServer.config(Map.of()), DOOR);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        DOOR.received.clear();
    }

    static Stream<String> transports() {
        return Stream.of("websocket", "polling");
    }

    private static EngineClient open(String transport) {
        return EngineClient.open(transport, server.port());
    }

    /** A client in the main namespace, with the reply to its CONNECT and its first event read. */
    private static EngineClient connect(String transport) {
        EngineClient client = open(transport);
        client.send("40");
        assertThat(client.next()).startsWith("40{\"sid\":\"");
        assertThat(client.next()).isEqualTo("42[\"auth\",{}]");
        return client;
    }

    private static void assertAlive(EngineClient client) {
        client.send("42999[\"check\",\"alive\"]");
        assertThat(client.next()).isEqualTo("43999[\"alive\"]");
    }

    // --- CONNECT ---

    @ParameterizedTest
    @MethodSource("transports")
    void connectIsAnsweredWithAnIdThatIsNotTheSessions(String transport) {
        try (EngineClient client = open(transport)) {
            client.send("40");
            String reply = client.next();

            assertThat(reply).startsWith("40{");
            assertThat(Json.parse(reply.substring(2)).path("sid").asText())
                    .isNotEmpty()
                    .isNotEqualTo(client.sid());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void whatTheApplicationSendsOnConnectingFollowsTheReply(String transport) {
        try (EngineClient client = open(transport)) {
            client.send("40{\"token\":\"123\",\"emoji\":\"😀\"}");

            assertThat(client.next()).startsWith("40{\"sid\":\"");
            assertThat(client.next()).isEqualTo("42[\"auth\",{\"token\":\"123\",\"emoji\":\"😀\"}]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40/custom", "40/custom,", "40/custom?a=b&c=d,", "40/custom?a=b"})
    void anotherNamespaceIsNamedInItsPackets(String connect) {
        try (EngineClient client = open("websocket")) {
            client.send(connect);
            assertThat(client.next()).startsWith("40/custom,{\"sid\":\"");
            assertThat(client.next()).isEqualTo("42/custom,[\"auth\",{}]");

            client.send("42/custom,[\"message\",1]", "42/custom,7[\"ask\",2]");
            assertThat(client.next(2)).containsExactly("42/custom,[\"message-back\",1]", "43/custom,7[2]");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anUnknownNamespaceIsAnObjectWithAMessageAndHarmsNothing(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("40/random,{\"token\":\"123\"}");

            assertThat(client.next()).isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
            assertAlive(client);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectTwiceEndsTheSession(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("40");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void whoDoesNotConnectIsLetGo(String transport) throws IOException {
        TransportConfig hasty = EchoServer.config(Map.of("SOCKET_CONNECT_TIMEOUT_MS", "3000"));
        try (EchoServer hastyServer = EchoServer.socket(hasty);
                EngineClient lost = EngineClient.open(transport, hastyServer.port())) {
            lost.send("40/random,");
            assertThat(lost.next()).startsWith("44/random,");

            try (EngineClient silent = EngineClient.open(transport, hastyServer.port())) {
                assertThat(silent.next()).isEqualTo(Wire.CLOSED);
            }
            assertThat(lost.next()).isEqualTo(Wire.CLOSED);
        }
    }

    // --- the door ---

    @ParameterizedTest
    @MethodSource("transports")
    void anEventBeforeConnectEndsTheSessionAndIsNotHandled(String transport) {
        try (EngineClient client = open(transport)) {
            client.send("421[\"message\",\"early\"]");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
        assertThat(DOOR.received).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anEventInAnotherNamespaceThanTheJoinedEndsTheSession(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("42/custom,1[\"message\",\"astray\"]");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
        assertThat(DOOR.received).isEmpty();
    }

    /** Also where CONNECT carries nothing that could be verified. */
    @ParameterizedTest
    @ValueSource(strings = {"40", "40{}", "40{\"token\":\"closed door\"}"})
    void everyConnectIsVerified(String connect) {
        DOOR.shut = true;
        try (EngineClient client = open("websocket")) {
            client.send(connect);
            assertThat(client.next())
                    .isEqualTo("44{\"message\":\"unauthenticated\",\"data\":"
                            + "{\"code\":\"unauthenticated\",\"message\":\"Nobody gets in\"}}");
        } finally {
            DOOR.shut = false;
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anEventAfterARefusalEndsTheSessionAndIsNotHandled(String transport) {
        DOOR.shut = true;
        try (EngineClient client = open(transport)) {
            client.send("40");
            assertThat(client.next()).startsWith("44{");
            client.send("421[\"message\",\"late\"]");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        } finally {
            DOOR.shut = false;
        }
        assertThat(DOOR.received).isEmpty();
    }

    @Test
    void whoWasRefusedMayConnectAgain() {
        try (EngineClient client = open("websocket")) {
            DOOR.shut = true;
            client.send("40");
            assertThat(client.next()).startsWith("44{");
            DOOR.shut = false;

            client.send("40");
            assertThat(client.next()).startsWith("40{\"sid\":\"");
        } finally {
            DOOR.shut = false;
        }
    }

    /** And the verification blocks no event loop: others come and go meanwhile, on whichever loop they are. */
    @ParameterizedTest
    @MethodSource("transports")
    void anEventDuringTheVerificationEndsTheSessionAndIsNotHandled(String transport) {
        DOOR.latch = new CountDownLatch(1);
        try (EngineClient client = open(transport)) {
            client.send("40");
            client.send("421[\"message\",\"early\"]");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
            assertThat(Wire.once(server.port(), "GET", EngineClient.PATH + "polling", "")
                            .status())
                    .isEqualTo(200);
        } finally {
            DOOR.latch.countDown();
        }
        assertThat(DOOR.received).isEmpty();
        assertThat(DOOR.onVirtualThreads)
                .as("all verification off the event loops")
                .isTrue();
    }

    // --- events ---

    @ParameterizedTest
    @MethodSource("transports")
    void eventsComeAndGoWithAnyArguments(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("42[\"message\",1,\"2\",{\"3\":[true]},null,\"😀\"]", "42[\"message\"]");

            assertThat(client.next(2))
                    .containsExactly("42[\"message-back\",1,\"2\",{\"3\":[true]},null,\"😀\"]", "42[\"message-back\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "456", "2147483648", "999999999999999"})
    void anAcknowledgementHasTheIdOfItsEvent(String id) {
        try (EngineClient client = connect("websocket")) {
            client.send("42" + id + "[\"ask\",1,\"2\"]", "42" + id + "[\"ask\"]");

            assertThat(client.next(2)).containsExactly("43" + id + "[1,\"2\"]", "43" + id + "[]");
        }
    }

    /** Their rest was taken for the next packet, and an event of any name or size can hide anything in its arguments. */
    @ParameterizedTest
    @MethodSource("transports")
    void anEventThatNobodyKnowsIsReadToItsEnd(String transport) {
        String hidden = "42[\\\"message\\\",\\\"smuggled\\\"]".repeat(1_000);
        try (EngineClient client = connect(transport)) {
            client.send(
                    "42[\"nobody\",{\"a\":[1]},\"" + hidden + "\",2,3,4]", "42[\"nobody\",41]", "42[\"message\",1]");

            assertThat(client.next()).isEqualTo("42[\"message-back\",1]");
            assertAlive(client);
        }
    }

    @Test
    void anAcknowledgementThatNobodyAskedForIsIgnored() {
        try (EngineClient client = connect("websocket")) {
            client.send("4317[\"what\"]", "43999999999999999[]");
            assertAlive(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "4abc", "49", "42", "42{}", "42abc", "421", "44{}", "421-[\"a\"]", "40[]", "41{}"})
    void whatIsNoPacketEndsTheSession(String packet) {
        try (EngineClient client = connect("websocket")) {
            client.send(packet);
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @Test
    void orderIsKeptAcrossTheUpgrade() {
        OverPolling client = (OverPolling) connect("polling");
        List<String> expected = IntStream.range(0, 100)
                .mapToObj(number -> "42[\"message-back\"," + number + "]")
                .toList();
        client.send(messages(0, 50));
        try (Wire webSocket = client.webSocket()) {
            webSocket.text("2probe");
            assertThat(webSocket.next()).isEqualTo("3probe");
            List<String> polled = Stream.of(client.poll().body().split(EngineClient.SEPARATOR, -1))
                    .filter(packet -> !packet.equals("6"))
                    .toList();
            webSocket.text("5");
            Stream.of(messages(50, 100)).forEach(webSocket::text);

            Stream<String> rest = Stream.generate(webSocket::next).limit(100 - polled.size());
            assertThat(Stream.concat(polled.stream(), rest)).isEqualTo(expected);
        }
    }

    private static String[] messages(int first, int end) {
        return IntStream.range(first, end)
                .mapToObj(number -> "42[\"message\"," + number + "]")
                .toArray(String[]::new);
    }

    // --- binary ---

    private static final String PLACEHOLDER_0 = "{\"_placeholder\":true,\"num\":0}";
    private static final String PLACEHOLDER_1 = "{\"_placeholder\":true,\"num\":1}";

    @ParameterizedTest
    @MethodSource("transports")
    void attachmentsComeBackByteForByte(String transport) {
        String arguments = PLACEHOLDER_0 + ",{\"deep\":[{\"er\":" + PLACEHOLDER_1 + "}]}";
        try (EngineClient client = connect(transport)) {
            client.send("452-[\"message\"," + arguments + "]");
            client.send(new byte[] {1, 2, 3});
            client.send(new byte[] {4, 5, (byte) 0xff});

            assertThat(client.next(3))
                    .containsExactly("452-[\"message-back\"," + arguments + "]", "<010203>", "<0405ff>");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anAcknowledgementCarriesAttachments(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("452-789[\"ask\"," + PLACEHOLDER_0 + ",\"2\"," + PLACEHOLDER_1 + "]");
            client.send(new byte[] {1, 2, 3});
            client.send(new byte[] {4});

            assertThat(client.next(3))
                    .containsExactly("462-789[" + PLACEHOLDER_0 + ",\"2\"," + PLACEHOLDER_1 + "]", "<010203>", "<04>");
        }
    }

    /** The order of the two fields is the client library's choice. */
    @Test
    void aPlaceholderMayNameItsNumberFirst() {
        try (EngineClient client = connect("websocket")) {
            client.send("451-[\"message\",{\"num\":0,\"_placeholder\":true}]");
            client.send(new byte[] {1});

            assertThat(client.next()).startsWith("451-[\"message-back\",{\"num\":0,");
            assertThat(client.next()).isEqualTo("<01>");
        }
    }

    @Test
    void aPollingBodyMayHoldAnEventWithItsAttachments() {
        try (OverPolling client = (OverPolling) connect("polling")) {
            client.send("451-[\"message\"," + PLACEHOLDER_0 + "]", "bAQIDBA==", "42[\"message\",\"next\"]");

            assertThat(client.next(3))
                    .containsExactly(
                            "451-[\"message-back\"," + PLACEHOLDER_0 + "]",
                            "<01020304>",
                            "42[\"message-back\",\"next\"]");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void textAmongAttachmentsEndsTheSession(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("451-[\"message\"," + PLACEHOLDER_0 + "]");
            client.send("42[\"message\",1]");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
        assertThat(DOOR.received).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anAttachmentOfNothingEndsTheSession(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send(new byte[] {1});
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"45[\"message\"]", "451[\"message\"]", "4517-[\"message\"]", "4599999999999-[\"message\"]"})
    void anAttachmentCountThatIsMissingOrTooHighEndsTheSession(String packet) {
        try (EngineClient client = connect("websocket")) {
            client.send(packet);
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
    }

    // --- DISCONNECT ---

    @ParameterizedTest
    @MethodSource("transports")
    void whoDisconnectsMayConnectAgain(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("41");
            client.send("40");

            assertThat(client.next()).startsWith("40{\"sid\":\"");
            assertThat(client.next()).isEqualTo("42[\"auth\",{}]");
            assertAlive(client);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anEventAfterDisconnectEndsTheSessionAndIsNotHandled(String transport) {
        try (EngineClient client = connect(transport)) {
            client.send("41");
            client.send("42[\"message\",\"late\"]");
            assertThat(client.next()).isEqualTo(Wire.CLOSED);
        }
        assertThat(DOOR.received).isEmpty();
    }

    @Test
    void leavingANamespaceLeavesNoOther() {
        try (EngineClient client = connect("websocket")) {
            client.send("40/custom,");
            assertThat(client.next(2)).last().isEqualTo("42/custom,[\"auth\",{}]");

            client.send("41/custom,");
            assertAlive(client);
        }
    }

    /** The echo behind a door that can be shut, or watched while somebody stands in it. */
    private static final class Door implements ConnectionListener {
        private final ConnectionListener echo = new EchoServer.SocketEcho();
        private final Queue<String> received = new ConcurrentLinkedQueue<>();
        private volatile boolean shut;
        private volatile CountDownLatch latch = new CountDownLatch(0);
        private volatile boolean onVirtualThreads = true;

        @Override
        public VerifiedToken authenticate(ConnectRequest request) {
            if (!Thread.currentThread().isVirtual()) {
                onVirtualThreads = false;
            }
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (shut) {
                throw new AppException(ErrorCode.UNAUTHENTICATED, "Nobody gets in");
            }
            return echo.authenticate(request);
        }

        @Override
        public void connected(Connection connection) {
            echo.connected(connection);
        }

        @Override
        public void received(Connection connection, InboundEvent event) {
            received.add(event.json());
            echo.received(connection, event);
        }

        @Override
        public Optional<AppException> refusal(Connection connection) {
            return echo.refusal(connection);
        }

        @Override
        public void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why) {
            echo.rejected(connection, name, acknowledgement, why);
        }

        @Override
        public void disconnected(Connection connection, CloseReason reason) {
            echo.disconnected(connection, reason);
        }
    }
}
