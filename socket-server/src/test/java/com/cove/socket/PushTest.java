package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.auth.fcm.FakeFcm;
import com.cove.auth.fcm.FakeFcmAnswer;
import com.cove.auth.fcm.FcmClient;
import com.cove.db.push.PushVerdict;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a message to a phone: the whole server, the real SDK, and a fake FCM behind it. */
class PushTest {
    private static final Map<String, String> SETTINGS = Map.of("PUSH_GRACE_MS", "1500", "REPAIR_INTERVAL_MS", "200");

    private final FakeFcm fcm = FakeFcm.start();
    private final FcmClient client = fcm.client();
    private TestServer server;
    private ThreadId thread;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.pushing(SETTINGS, client);
        thread = server.thread("ann", "bob");
        registers("bob", "phone", "bob's");
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
        fcm.close();
    }

    @Test
    void whoIsNotConnectedGetsOnePush() {
        TestClient ann = server.connect("ann");
        ann.send(thread, "hello");
        shows("bob's", "hello");

        FakeFcm.Shown shown = fcm.shown("bob's").getFirst();
        assertThat(shown.title()).isEqualTo("ann");
        assertThat(shown.seq()).isOne();
        JsonNode push = fcm.accepted("bob's").getFirst();
        assertThat(push.at("/data/threadId").asText()).isEqualTo(thread.value());
        assertThat(push.at("/data/unread").asText()).isEqualTo("1");
        await("the record")
                .untilAsserted(() -> assertThat(why("bob", shown.messageId())).isEqualTo("SENT"));
        carolGetsOne();
        assertThat(fcm.requests("bob's")).isOne();
    }

    @Test
    void whoIsConnectedGetsNone() {
        server.connect("bob");
        server.connect("bob", "polling");
        TestClient ann = server.connect("ann");
        JsonNode sent = ann.send(thread, "hello");

        carolGetsOne();

        assertThat(fcm.requests("bob's")).isZero();
        assertThat(why("bob", sent.path("id").asText())).isEqualTo("REACHED");
    }

    @Test
    void whoseConnectionIsDeadGetsOne() {
        RawSocket.connectSilent(server.port(), server.tokens.issue("bob"));
        server.connect("ann").send(thread, "hello");

        shows("bob's", "hello");
    }

    @Test
    void whoConnectsWithinTheGraceGetsNone() throws IOException {
        server.close();
        server = TestServer.pushing(Map.of("PUSH_GRACE_MS", "8000", "REPAIR_INTERVAL_MS", "200"), client);
        thread = server.thread("ann", "bob");
        registers("bob", "phone", "bob's");
        JsonNode sent = server.connect("ann").send(thread, "hello");
        server.connect("bob");

        carolGetsOne();

        assertThat(fcm.requests("bob's")).isZero();
        assertThat(why("bob", sent.path("id").asText())).isEqualTo("REACHED");
    }

    @Test
    void aLaterMessageTakesThePlaceOfTheNotificationAndReadingTakesItAway() {
        TestClient ann = server.connect("ann");
        ann.send(thread, "first");
        shows("bob's", "first");
        JsonNode second = ann.send(thread, "second");
        shows("bob's", "second");
        assertThat(fcm.badge("bob's")).hasValue(2);

        reads("bob", second.path("id").asText());

        await("an empty screen")
                .untilAsserted(() -> assertThat(fcm.shown("bob's")).isEmpty());
        assertThat(fcm.badge("bob's")).hasValue(0);
        assertThat(fcm.accepted("bob's")).hasSize(3);
    }

    @Test
    void whatIsReadWhileFcmIsDownIsNotPushedAndTheRestIs() {
        fcm.always(FakeFcmAnswer.unavailable());
        TestClient ann = server.connect("ann");
        JsonNode sent = ann.send(thread, "hello");
        await("an attempt")
                .untilAsserted(() -> assertThat(fcm.requests("bob's")).isPositive());
        ThreadId other = server.thread("ann", "carol");
        registers("carol", "phone", "carol's");
        ann.send(other, "hello, carol");
        reads("bob", sent.path("id").asText());

        await("it is seen that it was read")
                .untilAsserted(() -> assertThat(server.database.ask(
                                "SELECT count(*) FROM push WHERE user_id = 'bob' AND next_at IS NOT NULL"))
                        .isEqualTo("0"));
        fcm.recover();

        shows("carol's", "hello, carol");
        carolGetsOne();
        assertThat(fcm.accepted("bob's")).isEmpty();
        assertThat(why("bob", sent.path("id").asText())).isEqualTo("READ");
    }

    @Test
    void aDeadTokenIsForgottenAndTheOtherDeviceGetsThePush() {
        registers("bob", "old phone", "bob's old one");
        fcm.always("bob's old one", FakeFcmAnswer.unregistered());
        server.connect("ann").send(thread, "hello");
        shows("bob's", "hello");

        await("the device is forgotten")
                .untilAsserted(() -> assertThat(server.database.ask("SELECT string_agg(device_id, ',') FROM device"))
                        .isEqualTo("phone"));
    }

    @Test
    void aMessageOfTheRestSideIsPushedOnceAServerIsBack() throws IOException {
        server.restart(() -> server.database
                .database()
                .messages()
                .send(new UserId("ann"), new SendMessage(thread, "by REST", null)));

        shows("bob's", "by REST");
    }

    /** Without Redis: what each of them knows is in the database. */
    @Test
    void ofTwoServersEachKnowsWhomTheOtherReachedAndOneOfThemPushes() throws IOException {
        try (SocketApp other = server.another()) {
            server.connectTo(other, "bob");
            TestClient ann = server.connect("ann");
            JsonNode sent = ann.send(thread, "hello");
            carolGetsOne();
            assertThat(why("bob", sent.path("id").asText())).isEqualTo("REACHED");
            assertThat(fcm.requests("bob's")).isZero();
            assertThat(fcm.requests("carol's")).isOne();
        }
    }

    @Test
    void fiveThousandThatAreDueAtOnceAreSentOnceEach() {
        int people = 5_000;
        List<UserId> users = new ArrayList<>();
        for (int n = 0; n < people; n++) {
            users.add(server.database.user("user" + n));
            registers("user" + n, "phone", "token" + n);
        }
        for (int first = 0; first < people; first += 250) {
            ThreadId group = server.database
                    .database()
                    .threads()
                    .create(new UserId("ann"), new CreateThread(users.subList(first, first + 250), "All of you"))
                    .thread()
                    .id();
            server.database.database().messages().send(new UserId("ann"), new SendMessage(group, "hello", null));
        }
        await("the first").atMost(Duration.ofSeconds(30)).until(() -> fcm.accepted() > 0);
        long began = System.nanoTime();

        await("all of them")
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(server.database.ask("SELECT count(*) FROM push WHERE verdict = 'SENT'"))
                        .isEqualTo(Integer.toString(people)));

        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(fcm.accepted()).isEqualTo(people);
        users.forEach(user ->
                assertThat(fcm.accepted("token" + user.value().substring(4))).hasSize(1));
        System.out.printf(
                "5,000 pushes, fake FCM included: %.0f a second; heap in use %d MiB, %d threads%n",
                people / (took.toMillis() / 1_000.0),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    @Test
    void whoAsksWhyIsToldWhatIsWrongWithTheQuestion() {
        assertThat(Json.parse(server.internal("/pushes?userId=bob&messageId=none"))
                        .path("verdict")
                        .asText())
                .isEqualTo(PushVerdict.NOT_MEMBER.name());
        assertThat(Json.parse(server.internal("/pushes")).path("code").asText()).isEqualTo("invalid_request");
        assertThat(Json.parse(server.internal("/pushes?userId=")).path("code").asText())
                .isEqualTo("invalid_request");
    }

    /** Somebody who is not connected gets a push: what was sent before was decided about. */
    private void carolGetsOne() {
        ThreadId other = server.thread("ann", "carol");
        registers("carol", "phone", "carol's");
        int before = fcm.accepted("carol's").size();
        server.database.database().messages().send(new UserId("ann"), new SendMessage(other, "to carol", null));
        await("carol's push")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(fcm.accepted("carol's")).hasSizeGreaterThan(before));
    }

    private void shows(String token, String body) {
        await("a push")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(fcm.shown(token))
                        .extracting(FakeFcm.Shown::body)
                        .containsExactly(body));
    }

    private void registers(String user, String device, @Nullable String token) {
        server.database.database().devices().update(new UserId(user), new UpdateFcmToken(token, device));
    }

    private void reads(String user, String message) {
        server.database.database().reads().mark(new UserId(user), new MarkRead(new MessageId(message)));
    }

    private String why(String user, String message) {
        return Json.parse(server.internal("/pushes?userId=" + user + "&messageId=" + message))
                .path("verdict")
                .asText();
    }
}
