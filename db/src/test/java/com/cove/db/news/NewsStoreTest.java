package com.cove.db.news;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.db.history.Horizon;
import com.cove.db.history.StoredEvent;
import com.cove.db.message.SendOutcome;
import com.cove.db.read.ReadOutcome;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.json.Json;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class NewsStoreTest {
    private final TestDatabase test;
    private final NewsStore news;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;

    NewsStoreTest(TestDatabase test) {
        this.test = test;
        this.news = test.database().news();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    @Test
    void messagesComePageByPageAndNoneIsLeftOut() {
        Horizon before = news.horizon();
        storeMessages(2_500);
        SendOutcome last =
                Conversation.send(test, ann, Conversation.group(test, ann, bob).id(), "last");

        List<MessagePlace> found = new ArrayList<>();
        List<MessagePlace> page = news.messages(MessagePlace.before(before));
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(NewsStore.PAGE);
            found.addAll(page);
            page = news.messages(page.getLast());
        }

        assertThat(found.stream().filter(place -> place.thread().equals(thread)).map(MessagePlace::seq))
                .containsExactlyElementsOf(upTo(2_500));
        assertThat(found.getLast().storedIn()).isEqualTo(last.transaction());
        assertThat(news.has(found.getLast())).isTrue();
        assertThat(news.has(new MessagePlace(
                        last.transaction() + 1,
                        found.getLast().threadId(),
                        found.getLast().seq())))
                .isFalse();
        assertThat(found).hasSize(2_501);
    }

    @Test
    void aRangeIsInclusiveAndEndsAfterAThousand() {
        storeMessages(1_100);

        assertThat(seqs(news.range(thread, 3, 5))).containsExactly(3L, 4L, 5L);
        assertThat(seqs(news.range(thread, 50, 2_000))).hasSize(1_000).startsWith(50L);
        assertThat(news.range(new ThreadId("nothing"), 1, 5)).isEmpty();
    }

    @Test
    void whatIsReadIsWhatItsReaderWasAnswered() {
        Horizon before = news.horizon();
        SendOutcome first = Conversation.send(test, ann, thread, "one");
        Conversation.send(test, ann, thread, "two");
        ReadOutcome read =
                test.database().reads().mark(bob, new MarkRead(first.message().id()));

        assertThat(news.reads(before))
                .extracting(StoredEvent::change)
                .containsExactly(read.news().orElseThrow().change());
        assertThat(news.reads(news.reads(before).getLast())).isEmpty();
    }

    /** The server before does not know the column, and is still running while the schema is new. */
    @Test
    void aReadingByTheVersionBeforeIsFoundAsWell() {
        Horizon before = news.horizon();
        SendOutcome sent = Conversation.send(test, ann, thread, "one");
        test.execute("INSERT INTO message_read (message_id, user_id, read_at) VALUES ('%s', 'bob', now())"
                .formatted(sent.message().id()));

        assertThat(news.reads(before))
                .extracting(read -> read.event().threadId())
                .containsExactly(thread);
    }

    @Test
    void aThreadIsToldOfAsItBeganWhateverHappenedSince() {
        Horizon before = news.horizon();
        var created = test.database().threads().create(ann, new CreateThread(List.of(bob), "A group"));
        ThreadId group = created.thread().id();
        SendOutcome sent = Conversation.send(test, ann, group, "one");
        test.database().reads().mark(bob, new MarkRead(sent.message().id()));

        List<ThreadPlace> found = news.threads(ThreadPlace.before(before));

        assertThat(found)
                .containsExactly(
                        new ThreadPlace(created.transaction(), found.getFirst().threadId()));
        assertThat(news.beginnings(List.of(found.getFirst().thread())))
                .containsExactly(created.news().orElseThrow().change());
        assertThat(news.threads(found.getLast())).isEmpty();
        assertThat(Json.read(news.beginnings(List.of(group)).getFirst().payload(), ThreadCreated.class)
                        .thread()
                        .participants())
                .extracting(Participant::lastReadSeq)
                .containsExactly(0L, 0L);
    }

    /** Transactions commit in another order than they began in; messages of one thread in that of their seqs all the same. */
    @Test
    void theFirstUnseenIsTheFirstThatCommittedAfterTheHorizon() throws Exception {
        Conversation.send(test, ann, thread, "seen");
        try (Connection early = test.connect();
                Statement statement = early.createStatement()) {
            early.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            Conversation.send(test, ann, thread, "seen as well, by a later transaction");
            Horizon horizon = news.horizon();
            assertThat(news.firstUnseen(thread, horizon)).isEmpty();

            statement.execute("""
                    UPDATE thread SET last_seq = 3, changed = greatest(changed, pg_current_xact_id()) WHERE id = '%1$s';
                    INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
                    VALUES (gen_random_uuid(), '%1$s', 3, 'ann', 'of the earlier transaction', now())
                    """.formatted(thread));
            early.commit();
            Conversation.send(test, ann, thread, "later");

            assertThat(news.firstUnseen(thread, horizon)).contains(3L);
            assertThat(news.firstUnseen(thread, news.horizon())).isEmpty();
        }
    }

    private void storeMessages(int count) {
        test.execute("""
                INSERT INTO message (id, thread_id, seq, sender_id, content, created_at)
                SELECT gen_random_uuid(), '%s', n, 'ann', 'm', now() FROM generate_series(1, %d) n
                """.formatted(thread, count));
    }

    private static List<Long> seqs(List<Change.Message> messages) {
        return messages.stream().map(Change.Message::seq).toList();
    }

    private static List<Long> upTo(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }
}
