package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.fcm.PushResult;
import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.push.Push;
import com.cove.model.thread.ThreadId;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class LocalPhonesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00.123Z");

    private final LocalPhones phones = new LocalPhones(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aPhoneThatNothingCameToIsEmpty() {
        assertThat(screen("bob")).isEqualTo(Json.parse("""
                {"pushes":0,"unread":0,"notifications":[],"events":[]}"""));
    }

    @Test
    void aNotificationIsShownOnItsPhoneOnly() {
        assertThat(phones.send("bob", notification("tea", 1, "Shall we?", 3))).isEqualTo(new PushResult.Accepted());

        assertThat(screen("bob")).isEqualTo(Json.parse("""
                {"pushes":1,"unread":3,
                 "notifications":[{"threadId":"tea","seq":1,"title":"Title of tea","body":"Shall we?",
                                   "at":"2026-11-22T09:30:00.123Z","replaced":0}],
                 "events":[{"what":"came","title":"Title of tea","at":"2026-11-22T09:30:00.123Z"}]}"""));
        assertThat(bodies("ada")).isEmpty();
    }

    @Test
    void aThreadHasOneNotificationAndItIsTheNewest() {
        phones.send("bob", notification("tea", 1, "Shall we?", 1));
        phones.send("bob", notification("work", 1, "Where is it?", 2));
        phones.send("bob", notification("tea", 2, "Or not?", 3));

        assertThat(bodies("bob")).containsExactly("Or not?", "Where is it?");
        assertThat(screen("bob").at("/notifications/0/replaced").asInt()).isEqualTo(1);
        assertThat(events("bob")).containsExactly("replaced", "came", "came");
    }

    @Test
    void aWithdrawalTakesTheNotificationOfItsThreadAway() {
        phones.send("bob", notification("tea", 1, "Shall we?", 1));
        phones.send("bob", notification("work", 1, "Where is it?", 2));

        phones.send("bob", new Push.Withdrawal(new ThreadId("tea"), 1, 1));

        assertThat(bodies("bob")).containsExactly("Where is it?");
        assertThat(screen("bob").path("unread").asLong()).isEqualTo(1);
        assertThat(events("bob")).containsExactly("withdrawn", "came", "came");
    }

    @Test
    void aWithdrawalTakesNothingAwayThatIsNewerOrNotThere() {
        phones.send("bob", notification("tea", 5, "Shall we?", 1));

        phones.send("bob", new Push.Withdrawal(new ThreadId("tea"), 4, 1));
        phones.send("bob", new Push.Withdrawal(new ThreadId("work"), 1, 1));

        assertThat(bodies("bob")).containsExactly("Shall we?");
        assertThat(events("bob")).containsExactly("came");
    }

    @Test
    void aTokenOfARemovedAppIsDead() {
        PushResult result = phones.send(LocalPhones.DEAD + "bob", notification("tea", 1, "Shall we?", 1));

        assertThat(result).isEqualTo(new PushResult.DeadToken("UNREGISTERED"));
        assertThat(bodies(LocalPhones.DEAD + "bob")).isEmpty();
    }

    @Test
    void phonesNotificationsAndEventsAreBounded() {
        for (int i = 1; i <= 3 * LocalPhones.NOTIFICATIONS; i++) {
            phones.send("bob", notification("thread " + i, 1, "Body " + i, i));
        }
        assertThat(bodies("bob"))
                .hasSize(LocalPhones.NOTIFICATIONS)
                .startsWith("Body " + 3 * LocalPhones.NOTIFICATIONS);
        assertThat(events("bob")).hasSize(LocalPhones.EVENTS);

        for (int i = 1; i < LocalPhones.PHONES; i++) {
            phones.send("phone " + i, notification("tea", 1, "Shall we?", 1));
        }
        assertThat(bodies("bob")).as("looked at since").isNotEmpty();
        phones.send("one more", notification("tea", 1, "Shall we?", 1));

        assertThat(bodies("bob")).isNotEmpty();
        assertThat(bodies("phone 1")).as("the one left alone longest").isEmpty();
        assertThat(bodies("phone 2")).isNotEmpty();
    }

    @Test
    void pushesOfManyThreadsAtOnceAllCome() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = IntStream.range(0, 40)
                    .<Future<?>>mapToObj(sender -> executor.submit(() -> {
                        go.await();
                        for (int seq = 1; seq <= 100; seq++) {
                            phones.send("bob", notification("thread " + sender, seq, "Body " + seq, 1));
                            phones.json("bob");
                        }
                        return null;
                    }))
                    .toList();
            go.countDown();
            for (Future<?> sender : senders) {
                sender.get();
            }
        }

        assertThat(screen("bob").path("pushes").asInt()).isEqualTo(4_000);
        assertThat(bodies("bob")).hasSize(40).containsOnly("Body 100");
    }

    private static Push notification(String thread, long seq, String body, long unread) {
        return new Push.Notification(
                new ThreadId(thread), new MessageId("message " + seq), seq, "Title of " + thread, body, unread);
    }

    private JsonNode screen(String token) {
        return Json.parse(new String(phones.json(token), StandardCharsets.UTF_8));
    }

    private List<String> bodies(String token) {
        return each(screen(token).path("notifications"), "body");
    }

    private List<String> events(String token) {
        return each(screen(token).path("events"), "what");
    }

    private static List<String> each(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.path(field).asText())
                .toList();
    }
}
