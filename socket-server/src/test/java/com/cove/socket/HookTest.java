package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.hook.Delivery;
import com.cove.model.hook.HookSignature;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the REST side tells over the internal port, and the order in which clients see it. */
class HookTest {
    private static final List<UserId> BOTH = List.of(new UserId("ada"), new UserId("bob"));

    private TestServer server;
    private ThreadId thread;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start();
        thread = server.thread("ada", "bob");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMessageStoredElsewhereIsDelivered() {
        TestClient bob = server.connect("bob");
        Message message = store("by REST");

        server.notifyHook(notice(message));

        assertThat(bob.await("new_message").at("/message/id").asText())
                .isEqualTo(message.id().value());
    }

    @Test
    void aNoticeThatComesTwiceIsDeliveredOnce() {
        TestClient bob = server.connect("bob");
        Message first = store("first");
        String notice = notice(first);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(5));
        server.notifyHook(notice);
        assertThat(server.notifyHook(notice, sign(TestServer.HOOK_SECRET, later, notice)))
                .as("another call, of the same message")
                .isEqualTo(204);

        server.notifyHook(notice(store("second")));

        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(1);
        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(2);
    }

    /** Recorded on the way, or a second try whose first was taken: for a minute it is as good as the first. */
    @Test
    void theSameSignedCallAgainTellsNobodyAnything() {
        TestClient bob = server.connect("bob");
        Message first = store("first");
        List<String> bodies = List.of(notice(first), read(first, 1), created());
        for (String body : bodies) {
            String signature = sign(TestServer.HOOK_SECRET, Clock.systemUTC(), body);
            for (String again : List.of(
                    signature,
                    signature.toUpperCase(Locale.ROOT).replace("T=", "t=").replace("V1=", "v1="),
                    signature.replace("t=", "t=0"))) {
                assertThat(server.notifyHook(body, again)).isEqualTo(204);
            }
        }

        server.notifyHook(notice(store("second")));

        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(1);
        bob.await("message_read");
        bob.expect("thread_created");
        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(2);
    }

    @Test
    void aCallThatWasRefusedMayComeAgain() {
        String body = "no delivery";
        String signature = sign(TestServer.HOOK_SECRET, Clock.systemUTC(), body);

        assertThat(server.notifyHook(body, signature)).isEqualTo(400);
        assertThat(server.notifyHook(body, signature)).isEqualTo(400);
    }

    private String created() {
        ChatThread created = server.database
                .database()
                .threads()
                .list(new UserId("bob"), new ListThreads(null, null))
                .threads()
                .getFirst();
        return new Delivery(List.of(new UserId("bob")), Change.of(new ThreadCreated(created), server.transaction()))
                .toJson();
    }

    @Test
    void whileTheKeyIsRotatedBothAreTaken() throws Exception {
        try (TestServer rotating =
                TestServer.start(Map.of("HOOK_SECRET", "the key before this one,the key of this one"))) {
            String body = notice(store("signed"));
            assertThat(rotating.notifyHook(body, sign("the key before this one", Clock.systemUTC(), body)))
                    .isEqualTo(204);
            assertThat(rotating.notifyHook(body, sign("the key of this one", Clock.systemUTC(), body)))
                    .isEqualTo(204);
            assertThat(rotating.notifyHook(body, sign(TestServer.HOOK_SECRET, Clock.systemUTC(), body)))
                    .isEqualTo(401);
        }
    }

    /** Of two devices that mark at once, the one that commits first may be told of last. */
    @Test
    void aWatermarkThatWasToldNeverGoesBack() {
        TestClient bob = server.connect("bob");
        Message first = store("first");
        Message second = store("second");

        server.notifyHook(read(second, 2));
        server.notifyHook(read(first, 1));

        assertThat(bob.await("message_read").path("lastReadSeq").asInt()).isEqualTo(2);
        JsonNode late = bob.await("message_read");
        assertThat(late.path("lastReadSeq").asInt()).isEqualTo(2);
        assertThat(late.path("messageId").asText()).isEqualTo(first.id().value());
    }

    private String read(Message message, long lastReadSeq) {
        return new Delivery(
                        BOTH,
                        Change.of(
                                new MessageRead(
                                        message.id(), thread, new UserId("bob"), message.createdAt(), lastReadSeq),
                                server.transaction()))
                .toJson();
    }

    @Test
    void noticesInAnyOrderAreDeliveredInSeqOrder() {
        TestClient bob = server.connect("bob");
        long seed = new Random().nextLong();
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            messages.add(store("#" + i));
        }
        Collections.shuffle(messages, new Random(seed));

        messages.forEach(message -> server.notifyHook(notice(message)));

        for (int seq = 1; seq <= 30; seq++) {
            assertThat(bob.await("new_message").at("/message/seq").asInt())
                    .as("seed %s", seed)
                    .isEqualTo(seq);
        }
    }

    @Test
    void aNoticeThatIsLostIsMadeUpForByTheNextOne() {
        TestClient bob = server.connect("bob");
        server.notifyHook(notice(store("told")));
        Message lost = store("lost");

        server.notifyHook(notice(store("told again")));

        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(1);
        JsonNode filled = bob.await("new_message").get("message");
        assertThat(filled.path("id").asText()).isEqualTo(lost.id().value());
        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(3);
    }

    @Test
    void aFirstNoticeThatOvertookOthersBringsThemAlong() {
        TestClient bob = server.connect("bob");
        Message early = store("told late");
        Message late = store("told first");

        server.notifyHook(notice(late));
        server.notifyHook(notice(early));

        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(1);
        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(2);
    }

    @Test
    void whoConnectsAfterAMessageIsNotSentItLive() {
        store("before bob came");
        TestClient bob = server.connect("bob");

        server.notifyHook(notice(store("after")));

        assertThat(bob.await("new_message").at("/message/seq").asInt()).isEqualTo(2);
    }

    @Test
    void onlyAFreshSignatureWithOurSecretIsAccepted() {
        String body = notice(store("signed"));
        Clock late = Clock.offset(Clock.systemUTC(), HookSignature.WINDOW.plusSeconds(5));
        Clock behind = Clock.offset(
                Clock.systemUTC(), HookSignature.WINDOW.minusSeconds(10).negated());
        Clock ahead = Clock.offset(Clock.systemUTC(), HookSignature.WINDOW.minusSeconds(10));
        Clock early = Clock.offset(
                Clock.systemUTC(), HookSignature.WINDOW.plusSeconds(5).negated());

        assertThat(server.notifyHook(body, "none")).isEqualTo(401);
        assertThat(server.notifyHook(body, sign("another secret!!", Clock.systemUTC(), body)))
                .isEqualTo(401);
        assertThat(server.notifyHook(body, sign(TestServer.HOOK_SECRET, Clock.systemUTC(), body + " ")))
                .isEqualTo(401);
        assertThat(server.notifyHook(body, sign(TestServer.HOOK_SECRET, early, body)))
                .isEqualTo(401);
        assertThat(server.notifyHook(body, sign(TestServer.HOOK_SECRET, late, body)))
                .isEqualTo(401);
        for (Clock near : List.of(behind, ahead, Clock.systemUTC())) {
            assertThat(server.notifyHook(body, sign(TestServer.HOOK_SECRET, near, body)))
                    .isEqualTo(204);
        }
    }

    @Test
    void aBodyThatIsNoDeliveryIsRefused() {
        for (String body : List.of("", "[]", "{}", "{\"recipients\":[],\"event\":\"nonsense\",\"payload\":{}}")) {
            assertThat(server.notifyHook(body, sign(TestServer.HOOK_SECRET, Clock.systemUTC(), body)))
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(Duration.ofMinutes(1)).isEqualTo(HookSignature.WINDOW);
    }

    private Message store(String content) {
        return server.database
                .database()
                .messages()
                .send(new UserId("ada"), new SendMessage(thread, content, null))
                .message();
    }

    private String notice(Message message) {
        return server.notice(message);
    }

    private static String sign(String secret, Clock clock, String body) {
        return new HookSignature(List.of(secret), clock).sign(body);
    }
}
