package com.cove.db.read;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.error.ErrorCode;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabaseExtension.class)
class ReadStoreTest {
    private final TestDatabase test;
    private final ReadStore reads;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;
    private final List<Message> sent;

    ReadStoreTest(TestDatabase test) {
        this.test = test;
        this.reads = test.database().reads();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
        this.sent = IntStream.rangeClosed(1, 20)
                .mapToObj(n ->
                        Conversation.send(test, ann, thread, "message " + n).message())
                .toList();
    }

    @Test
    void markingAMessageReadsAllBeforeIt() {
        ReadOutcome outcome = mark(bob, 15);
        assertThat(outcome.changed()).isTrue();
        assertThat(outcome.lastReadSeq()).isEqualTo(15);
        assertThat(outcome.memberIds()).containsExactly(ann, bob);
        assertThat(outcome.receipt().threadId()).isEqualTo(thread);
        assertThat(outcome.receipt().userId()).isEqualTo(bob);
        Participant own = ownView();
        assertThat(own.lastReadSeq()).isEqualTo(15);
        assertThat(own.lastReadAt()).isEqualTo(outcome.receipt().readAt());
        assertThat(test.database()
                        .threads()
                        .list(bob, new ListThreads(null, null))
                        .threads()
                        .getFirst()
                        .unreadCount())
                .isEqualTo(5);
    }

    @Test
    void theWatermarkNeverGoesBack() {
        mark(bob, 15);
        ReadOutcome earlier = mark(bob, 4);
        assertThat(earlier.changed())
                .as("a record of its own, for the earlier message")
                .isTrue();
        assertThat(earlier.lastReadSeq()).isEqualTo(15);
        assertThat(ownView().lastReadSeq()).isEqualTo(15);
    }

    @Test
    void aRepeatedMarkAnswersTheFirstTimeAndWritesNothing() {
        ReadOutcome first = mark(bob, 3);
        String next = test.ask("SELECT pg_snapshot_xmax(pg_current_snapshot())");
        ReadOutcome again = mark(bob, 3);
        assertThat(again.changed()).isFalse();
        assertThat(again.receipt()).isEqualTo(first.receipt());
        assertThat(test.ask("SELECT pg_snapshot_xmax(pg_current_snapshot())"))
                .as("the next transaction id")
                .isEqualTo(next);
    }

    @Test
    void marksAtOnceEndAtTheHighest() throws Exception {
        long seed = System.nanoTime();
        List<Callable<ReadOutcome>> marks = new ArrayList<>();
        IntStream.rangeClosed(1, 16).forEach(seq -> marks.add(() -> mark(bob, seq)));
        Collections.shuffle(marks, new Random(seed));
        List<ReadOutcome> outcomes = Conversation.atOnce(marks);
        assertThat(ownView().lastReadSeq()).as("seed %d", seed).isEqualTo(16);
        assertThat(outcomes).allMatch(ReadOutcome::changed);
        assertThat(outcomes)
                .allMatch(outcome -> outcome.lastReadSeq()
                        >= sent.stream()
                                .filter(each ->
                                        each.id().equals(outcome.receipt().messageId()))
                                .findFirst()
                                .orElseThrow()
                                .seq());
    }

    @Test
    void marksOfOneMessageAtOnceAreOneRecord() throws Exception {
        List<ReadOutcome> outcomes = Conversation.atOnce(Collections.nCopies(12, () -> mark(bob, 7)));
        assertThat(outcomes).filteredOn(ReadOutcome::changed).hasSize(1);
        assertThat(outcomes)
                .extracting(ReadOutcome::receipt)
                .containsOnly(outcomes.getFirst().receipt());
        assertThat(outcomes).extracting(ReadOutcome::lastReadSeq).containsOnly(7L);
    }

    @Test
    void aMessageOfOthersIsNotFound() {
        UserId eve = test.user("eve");
        failsWith(ErrorCode.NOT_FOUND, () -> mark(eve, 1));
        failsWith(ErrorCode.NOT_FOUND, () -> reads.mark(bob, new MarkRead(new MessageId("nothing"))));
        failsWith(ErrorCode.NOT_FOUND, () -> reads.mark(bob, new MarkRead(new MessageId(thread.value()))));
        assertThat(test.ask("SELECT count(*) FROM message_read")).isEqualTo("0");
    }

    private ReadOutcome mark(UserId reader, int seq) {
        return reads.mark(reader, new MarkRead(sent.get(seq - 1).id()));
    }

    private Participant ownView() {
        return test
                .database()
                .threads()
                .list(bob, new ListThreads(null, null))
                .threads()
                .getFirst()
                .participants()
                .stream()
                .filter(each -> each.id().equals(bob))
                .findFirst()
                .orElseThrow();
    }
}
