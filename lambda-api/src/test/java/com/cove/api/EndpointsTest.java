package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Database;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.event.Change;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each endpoint of the contract, doing what it is for. */
@ExtendWith(TestDatabaseExtension.class)
class EndpointsTest {
    private Database database;
    private Api api;

    @BeforeEach
    void twoPeople(TestDatabase database) {
        this.database = database.database();
        api = new Api(database);
        api.meet("ann", "ben");
    }

    @Test
    void aNewThreadIsAnsweredWith201AndItsMembersAreTold() {
        Reply reply = api.post("ann", "/create-thread", Map.of("participantIds", List.of("ben")));

        reply.expect(201);
        assertThat(reply.at("/thread/kind")).isEqualTo("direct");
        assertThat(reply.body().at("/thread/lastMessage").isNull()).isTrue();
        assertThat(api.hook.last().change()).isInstanceOf(Change.Beginning.class);
        assertThat(api.hook.last().recipients()).containsExactlyInAnyOrder(new UserId("ann"), new UserId("ben"));
    }

    @Test
    void theDirectThreadOfTwoPeopleIsFoundFromBothSides() {
        String thread = api.thread("ann", "ben");

        Reply again = api.post("ben", "/create-thread", Map.of("participantIds", List.of("ann")));

        assertThat(again.expect(200).at("/thread/id")).isEqualTo(thread);
        assertThat(api.hook.changes()).hasSize(1);
    }

    @Test
    void twoLambdasThatCreateADirectThreadAtOnceGetTheSame(TestDatabase database) throws Exception {
        try (Database ofTheOther = Database.open(database.config().withPoolSize(2));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Api other = new Api(ofTheOther);
            for (int round = 0; round < 10; round++) {
                String someone = "someone" + round;
                api.meet(someone);
                CyclicBarrier start = new CyclicBarrier(2);
                Future<Reply> one = executor.submit(() -> create(api, "ann", someone, start));
                Future<Reply> two = executor.submit(() -> create(other, someone, "ann", start));

                assertThat(List.of(one.get().status(), two.get().status())).containsExactlyInAnyOrder(201, 200);
                assertThat(one.get().at("/thread/id")).isEqualTo(two.get().at("/thread/id"));
            }
            assertThat(api.hook.changes().size() + other.hook.changes().size()).isEqualTo(10);
        }
    }

    private static Reply create(Api door, String creator, String other, CyclicBarrier start) throws Exception {
        start.await();
        return door.post(creator, "/create-thread", Map.of("participantIds", List.of(other)));
    }

    @Test
    void unknownParticipantsAreEachNamed() {
        Reply reply = api.post("ann", "/create-thread", Map.of("participantIds", List.of("nobody", "ben", "noone")));

        reply.expectProblem("invalid_request", 400);
        assertThat(reply.body().at("/errors")).hasSize(2);
        assertThat(reply.at("/errors")).doesNotContain("ben");
        assertThat(reply.text()).contains("nobody", "noone");
    }

    @Test
    void aSentMessageIsAnsweredWith201AndEveryMemberIsTold() {
        String thread = api.thread("ann", "ben");

        Reply reply = api.post("ann", "/send-message", Map.of("threadId", thread, "content", "<b>Hi</b> 😀"));

        reply.expect(201);
        assertThat(reply.at("/message/content")).isEqualTo("<b>Hi</b> 😀");
        assertThat(reply.at("/message/contentHtml")).isEqualTo("&lt;b&gt;Hi&lt;/b&gt; 😀");
        assertThat(reply.text()).doesNotContain("<", ">", "&");
        assertThat(reply.body().at("/message/seq").asLong()).isEqualTo(1);
        assertThat(reply.at("/message/sender/name")).isEqualTo("ann");
        assertThat(api.hook.last().recipients()).containsExactlyInAnyOrder(new UserId("ann"), new UserId("ben"));
        assertThat(api.hook.last().change())
                .isInstanceOfSatisfying(
                        Change.Message.class,
                        change -> assertThat(Json.parse(change.payload())).isEqualTo(reply.body()));
    }

    @Test
    void aRepeatedSendIsAnsweredWith200AndNobodyIsToldAgain() {
        Map<String, String> send =
                Map.of("threadId", api.thread("ann", "ben"), "content", "Hi", "clientMessageId", "m-1");
        Reply first = api.post("ann", "/send-message", send).expect(201);
        int told = api.hook.changes().size();

        Reply again = api.post("ann", "/send-message", send).expect(200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(api.hook.changes()).hasSize(told);
    }

    @Test
    void theSameClientMessageIdWithOtherContentIsAConflict() {
        Map<String, String> send =
                new HashMap<>(Map.of("threadId", api.thread("ann", "ben"), "content", "Hi", "clientMessageId", "m-1"));
        api.post("ann", "/send-message", send).expect(201);
        send.put("content", "Ho");

        api.post("ann", "/send-message", send).expectProblem("conflict", 409);
    }

    @Test
    void threadsAreListedPageByPage() {
        api.meet("cleo");
        String older = api.thread("ann", "ben");
        String newer = api.thread("ann", "cleo");

        Reply first = api.get("ann", "/threads", Map.of("limit", "1")).expect(200);
        Reply second = api.get("ann", "/threads", Map.of("limit", "1", "page", first.at("/nextPage")))
                .expect(200);

        assertThat(first.at("/threads/0/id")).isEqualTo(newer);
        assertThat(second.at("/threads/0/id")).isEqualTo(older);
        assertThat(second.body().at("/nextPage").isNull()).isTrue();
        assertThat(first.at("/cursor")).isNotBlank();
    }

    @Test
    void messagesArePagedInBothDirections() {
        String thread = api.thread("ann", "ben");
        for (int i = 1; i <= 3; i++) {
            api.message("ann", thread, "message " + i);
        }

        Reply newest = api.get("ben", "/thread-messages", Map.of("threadId", thread, "limit", "2"));
        Reply older =
                api.get("ben", "/thread-messages", Map.of("threadId", thread, "before", newest.at("/nextCursor")));
        Reply oldest = api.get("ben", "/thread-messages", Map.of("threadId", thread, "after", "0", "limit", "2"));

        assertThat(newest.expect(200).body().findValuesAsText("content")).containsExactly("message 3", "message 2");
        assertThat(newest.body().at("/hasMore").asBoolean()).isTrue();
        assertThat(older.expect(200).body().findValuesAsText("content")).containsExactly("message 1");
        assertThat(older.body().at("/nextCursor").isNull()).isTrue();
        assertThat(oldest.expect(200).body().findValuesAsText("content")).containsExactly("message 1", "message 2");
    }

    @Test
    void aReadMessageIsToldToAllMembersOnce() {
        String thread = api.thread("ann", "ben");
        String message = api.message("ann", thread, "Hi");

        Reply first = api.post("ben", "/mark-message-read", Map.of("messageId", message))
                .expect(200);
        int told = api.hook.changes().size();
        Reply again = api.post("ben", "/mark-message-read", Map.of("messageId", message))
                .expect(200);

        assertThat(first.at("/userId")).isEqualTo("ben");
        assertThat(first.at("/threadId")).isEqualTo(thread);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(api.hook.changes()).hasSize(told);
        assertThat(api.hook.last().recipients()).containsExactlyInAnyOrder(new UserId("ann"), new UserId("ben"));
        assertThat(api.hook.last().change())
                .isInstanceOfSatisfying(
                        Change.Reading.class,
                        change -> assertThat(change.lastReadSeq()).isEqualTo(1));
    }

    @Test
    void anFcmTokenIsSetAndForgotten() {
        Map<String, String> forget = new HashMap<>(Map.of("deviceId", "phone-1"));
        forget.put("fcmToken", null);

        assertThat(api.post("ann", "/update-fcm-token", Map.of("fcmToken", "push-here", "deviceId", "phone-1"))
                        .expect(200)
                        .text())
                .isEqualTo("{\"updated\":true}");
        assertThat(api.post("ann", "/update-fcm-token", forget).expect(200).text())
                .isEqualTo("{\"updated\":true}");
    }

    @Test
    void aThreadIsMutedAndUnmutedForTheCallerOnly() {
        String thread = api.thread("ann", "ben");
        String until = "2999-12-24T18:00:00.000Z";

        Reply muted = api.post("ann", "/mute-thread", Map.of("threadId", thread, "until", until));

        assertThat(muted.expect(200).at("/thread/mutedUntil")).isEqualTo(until);
        assertThat(api.get("ben", "/threads", Map.of())
                        .body()
                        .at("/threads/0/mutedUntil")
                        .isNull())
                .isTrue();
        assertThat(api.post("ann", "/mute-thread", Map.of("threadId", thread))
                        .expect(200)
                        .body()
                        .at("/thread/mutedUntil")
                        .isNull())
                .isTrue();
        assertThat(api.hook.changes()).hasSize(1);
    }

    @Test
    void presenceIsHiddenAndShownAndTheAnswerSaysWhatHolds() {
        UserId ann = new UserId("ann");

        assertThat(api.post("ann", "/update-presence", Map.of("visible", false))
                        .expect(200)
                        .text())
                .isEqualTo("{\"visible\":false}");
        assertThat(database.presence().hidden(List.of(ann, new UserId("ben")))).containsExactly(ann);
        assertThat(api.post("ann", "/update-presence", Map.of("visible", true))
                        .expect(200)
                        .text())
                .isEqualTo("{\"visible\":true}");
        assertThat(database.presence().hidden(List.of(ann))).isEmpty();
        assertThat(api.hook.changes()).isEmpty();
    }

    @Test
    void syncAnswersWhatChangedSinceTheCursor() {
        String thread = api.thread("ann", "ben");
        String cursor = api.get("ben", "/threads", Map.of()).at("/cursor");
        String message = api.message("ann", thread, "Hi");

        Reply page = api.get("ben", "/sync", Map.of("cursor", cursor)).expect(200);

        assertThat(page.body().at("/reset").asBoolean()).isFalse();
        assertThat(page.body().at("/messages").findValuesAsText("content")).contains("Hi");
        assertThat(page.text()).contains(message, thread);
        assertThat(page.body().has("ok")).isFalse();
    }

    @Test
    void aCursorNobodyCanKnowIsAReset() {
        Reply page = api.get("ben", "/sync", Map.of("cursor", "what is this?")).expect(200);

        assertThat(page.body().at("/reset").asBoolean()).isTrue();
    }

    @Test
    void theFirstCallMakesAUserKnownByTheTokensNameAndPicture() {
        api.post("ann", "/create-thread", Map.of("participantIds", List.of("dora")))
                .expectProblem("invalid_request", 400);
        api.get("dora", "/threads", Collections.emptyMap()).expect(200);

        Reply reply = api.post("ann", "/create-thread", Map.of("participantIds", List.of("dora")));

        assertThat(reply.expect(201).body().at("/thread/participants").findValuesAsText("name"))
                .containsExactlyInAnyOrder("ann", "dora");
    }
}
