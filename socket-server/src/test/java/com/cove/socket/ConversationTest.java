package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.presence.PresenceStore;
import com.cove.model.event.ClientEvent;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.socket.TestClient.Received;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event of the contract, through io.socket's Java client. */
class ConversationTest {
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

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling", "polling,websocket"})
    void aMessageReachesEveryMemberAndIsAcknowledged(String transports) {
        TestClient ada = server.connect("ada", transports.split(","));
        TestClient bob = server.connect("bob", transports.split(","));

        JsonNode message = ada.send(thread, "Grüße 👋");

        assertThat(message.path("seq").asLong()).isEqualTo(1);
        assertThat(message.path("content").asText()).isEqualTo("Grüße 👋");
        assertThat(message.path("sender").path("name").asText()).isEqualTo("ada");
        assertThat(bob.await("new_message").get("message")).isEqualTo(message);
        assertThat(ada.await("new_message").get("message")).isEqualTo(message);
    }

    @Test
    void everyDeviceOfTheSenderGetsTheMessage() {
        TestClient phone = server.connect("ada");
        TestClient laptop = server.connect("ada");

        JsonNode message = phone.send(thread, "from the phone");

        assertThat(laptop.await("new_message").get("message")).isEqualTo(message);
    }

    @Test
    void nobodyOutsideTheThreadGetsTheMessage() {
        server.thread("eve", "bob");
        TestClient eve = server.connect("eve");
        TestClient bob = server.connect("bob");
        bob.await("user_online");
        server.connect("ada").send(thread, "for bob only");
        bob.await("new_message");

        // bob's own message to eve is behind the other one on every path
        bob.send(server.thread("bob", "eve"), "for eve");

        assertThat(eve.await("new_message").at("/message/content").asText()).isEqualTo("for eve");
    }

    @Test
    void aRepeatedSendIsAnsweredWithTheFirstMessageAndDeliveredOnce() {
        TestClient ada = server.connect("ada");
        TestClient bob = server.connect("bob");
        Map<String, String> send = Map.of("threadId", thread.value(), "content", "once", "clientMessageId", "my-id_1");

        JsonNode first = ada.ok("send_message", send);
        JsonNode second = ada.ok("send_message", send);
        ada.send(thread, "after");

        assertThat(second.get("message")).isEqualTo(first.get("message"));
        assertThat(bob.await("new_message").at("/message/content").asText()).isEqualTo("once");
        assertThat(bob.await("new_message").at("/message/content").asText()).isEqualTo("after");
    }

    @Test
    void theSameClientMessageIdWithOtherContentIsAConflict() {
        TestClient ada = server.connect("ada");
        ada.ok("send_message", Map.of("threadId", thread.value(), "content", "one", "clientMessageId", "id"));

        JsonNode error = ada.error(
                "send_message", Map.of("threadId", thread.value(), "content", "other", "clientMessageId", "id"));

        assertThat(error.path("code").asText()).isEqualTo("conflict");
    }

    @Test
    void markupComesBackAsTheTextItIsWithASafeForm() {
        TestClient ada = server.connect("ada");

        JsonNode message = ada.send(thread, "<script>alert('x')</script> & \"co\"");

        assertThat(message.path("content").asText()).isEqualTo("<script>alert('x')</script> & \"co\"");
        assertThat(message.path("contentHtml").asText())
                .isEqualTo("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;");
        assertThat(ada.send(thread, "plain").has("contentHtml")).isFalse();
    }

    @Test
    void readingIsToldToEveryConnectionOfEveryMember() {
        TestClient ada = server.connect("ada");
        TestClient bobsPhone = server.connect("bob");
        TestClient bobsLaptop = server.connect("bob");
        String messageId = ada.send(thread, "read me").path("id").asText();

        JsonNode ack = bobsPhone.ok("mark_read", Map.of("messageId", messageId));

        JsonNode told = ada.await("message_read");
        assertThat(told.path("messageId").asText()).isEqualTo(messageId);
        assertThat(told.path("threadId").asText()).isEqualTo(thread.value());
        assertThat(told.path("userId").asText()).isEqualTo("bob");
        assertThat(told.path("lastReadSeq").asLong()).isEqualTo(1);
        assertThat(told.path("readAt")).isEqualTo(ack.path("readAt"));
        assertThat(bobsLaptop.await("message_read")).isEqualTo(told);
        assertThat(bobsPhone.await("message_read")).isEqualTo(told);
        assertThat(bobsPhone.ok("mark_read", Map.of("messageId", messageId)).path("readAt"))
                .isEqualTo(ack.path("readAt"));
    }

    @Test
    void typingIsToldToTheOthersAndEndsWithStopWithTheMessageAndWithTheConnection() {
        TestClient ada = server.connect("ada");
        TestClient bob = server.connect("bob");
        Map<String, String> here = Map.of("threadId", thread.value());

        ada.ok("typing_start", here);
        assertThat(bob.await("user_typing").path("isTyping").asBoolean()).isTrue();
        ada.ok("typing_stop", here);
        assertThat(bob.await("user_typing").path("isTyping").asBoolean()).isFalse();

        ada.ok("typing_start", here);
        assertThat(bob.await("user_typing").path("isTyping").asBoolean()).isTrue();
        ada.send(thread, "done typing");
        assertThat(bob.await("user_typing").path("isTyping").asBoolean()).isFalse();
        bob.await("new_message");

        ada.ok("typing_start", here);
        assertThat(bob.await("user_typing").path("isTyping").asBoolean()).isTrue();
        ada.close();
        assertThat(bob.await("user_typing").path("isTyping").asBoolean()).isFalse();
        assertThat(ada.received().stream().map(Received::event)).doesNotContain("user_typing");
    }

    @Test
    void syncAnswersWhatChangedSinceTheCursor() {
        TestClient ada = server.connect("ada");
        String before = server.cursor("bob");
        JsonNode message = ada.send(thread, "while bob was away");
        TestClient bob = server.connect("bob");

        JsonNode page = bob.ok("sync", Map.of("cursor", before));

        assertThat(page.path("reset").asBoolean()).isFalse();
        assertThat(page.path("hasMore").asBoolean()).isFalse();
        assertThat(page.path("messages")).hasSize(1);
        assertThat(page.at("/messages/0")).isEqualTo(message);
        assertThat(page.at("/threads/0/id").asText()).isEqualTo(thread.value());
        assertThat(page.at("/threads/0/unreadCount").asLong()).isEqualTo(1);
        assertThat(bob.ok("sync", Map.of("cursor", page.path("cursor").asText()))
                        .path("messages"))
                .isEmpty();
    }

    @Test
    void presenceIsHiddenAndShownAndTheAnswerSaysWhatHolds() {
        TestClient ada = server.connect("ada");
        UserId user = new UserId("ada");
        PresenceStore presence = server.database.database().presence();

        assertThat(ada.ok("update_presence", Map.of("visible", false))
                        .path("visible")
                        .asBoolean(true))
                .isFalse();
        assertThat(presence.hidden(List.of(user, new UserId("bob")))).containsExactly(user);
        assertThat(ada.ok("update_presence", Map.of("visible", true))
                        .path("visible")
                        .asBoolean(false))
                .isTrue();
        assertThat(presence.hidden(List.of(user))).isEmpty();
    }

    @Test
    void anUnknownCursorIsAnsweredWithReset() {
        TestClient ada = server.connect("ada");

        assertThat(ada.ok("sync", Map.of("cursor", "of-another-database"))
                        .path("reset")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void everyEventOfTheContractHasItsHandler() {
        TestClient ada = server.connect("ada");
        assertThat(ada.error("no_such_event", Map.of()).path("message").asText())
                .isEqualTo("There is no such event");

        for (ClientEvent<?, ?> event : ClientEvent.ALL) {
            assertThat(ada.error(event.name(), Map.of()).path("message").asText())
                    .as(event.name())
                    .endsWith("is required");
        }
    }

    @Test
    void anErrorWithoutACallbackArrivesAsTheEventError() {
        TestClient ada = server.connect("ada");

        ada.emitOnly("send_message", TestClient.json(Map.of("threadId", thread.value(), "content", " ")));

        JsonNode error = ada.await("error");
        assertThat(error.path("event").asText()).isEqualTo("send_message");
        assertThat(error.path("code").asText()).isEqualTo("invalid_request");
        assertThat(error.path("message").asText()).contains("content");
    }

    @Test
    void theOrderOfOneConnectionIsKept() {
        TestClient ada = server.connect("ada");
        TestClient bob = server.connect("bob");
        List<Integer> numbers = IntStream.range(0, 200).boxed().toList();

        numbers.forEach(number -> ada.emitOnly(
                "send_message", TestClient.json(Map.of("threadId", thread.value(), "content", "#" + number))));

        for (int number : numbers) {
            JsonNode message = bob.await("new_message").get("message");
            assertThat(message.path("content").asText()).isEqualTo("#" + number);
            assertThat(message.path("seq").asInt()).isEqualTo(number + 1);
        }
    }
}
