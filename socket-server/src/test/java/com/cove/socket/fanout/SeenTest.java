package com.cove.socket.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadKind;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client has seen, and the offset it carries. */
class SeenTest {
    private static final String EPOCH = "0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00Z");
    private static final UserId ADA = new UserId("ada");
    private static final ThreadId THREAD = ThreadId.of(new UUID(1, 1));
    private static final ThreadId OTHER = ThreadId.of(new UUID(2, 2));
    /** Sees 99 and before, and 101 of those between. */
    private static final Horizon HORIZON = new Horizon(EPOCH, 100, 103, List.of(100L, 102L));

    private static final Horizon FIRST = new Horizon(EPOCH, 1, 1, List.of());

    private Seen seen = new Seen(HORIZON);

    @Test
    void whatTheHorizonSeesIsIncluded() {
        assertThat(LongStream.rangeClosed(98, 104).filter(id -> seen.includes(message(THREAD, 1, id))))
                .containsExactly(98L, 99L, 101L);
    }

    @Test
    void whatWasAddedIsIncludedAndNothingElse() {
        seen = seen.with(message(THREAD, 7, 110));
        seen = seen.with(reading(THREAD, 111));
        seen = seen.with(creation(OTHER, 112));

        for (Seen each : List.of(seen, again(seen))) {
            assertThat(each.includes(message(THREAD, 7, 110))).isTrue();
            assertThat(each.includes(message(THREAD, 6, 120))).isTrue();
            assertThat(each.includes(message(THREAD, 8, 105))).isFalse();
            assertThat(each.includes(message(OTHER, 1, 110))).isFalse();
            assertThat(each.includes(reading(THREAD, 111))).isTrue();
            assertThat(each.includes(reading(THREAD, 112))).isFalse();
            assertThat(each.includes(reading(OTHER, 111))).isFalse();
            assertThat(each.includes(creation(OTHER, 112))).isTrue();
            assertThat(each.includes(creation(THREAD, 112))).isFalse();
        }
    }

    @Test
    void whatALaterHorizonSeesTakesNoRoomAnyMore() {
        seen = seen.with(message(THREAD, 7, 110));
        seen = seen.with(message(OTHER, 3, 120));
        seen = seen.with(reading(THREAD, 111));

        seen = seen.with(new Delivered(2, new Horizon(EPOCH, 112, 115, List.of(112L))));

        assertThat(seen.offset()).isEqualTo("01234567.34.3.0~AAAAAAAAAAIAAAAAAAAAAgS3");
        assertThat(seen.includes(message(THREAD, 7, 110))).isTrue();
        assertThat(seen.includes(message(THREAD, 8, 112))).isFalse();
        assertThat(seen.includes(message(OTHER, 3, 120))).isTrue();

        seen = seen.with(new Delivered(3, new Horizon(EPOCH, 121, 121, List.of())));
        assertThat(seen.offset()).isEqualTo("01234567.3d.0");
    }

    /** A transaction that was given its id early may take the thread's lock late. */
    @Test
    void aThreadIsNotForgottenBeforeItsLastMessageIsSeen() {
        seen = seen.with(message(THREAD, 7, 130));
        seen = seen.with(message(THREAD, 8, 110));

        // Taken after 130 committed, and while 110, which waited for its lock, still ran.
        seen = seen.with(new Delivered(2, new Horizon(EPOCH, 110, 131, List.of(110L))));

        assertThat(seen.includes(message(THREAD, 8, 110))).isTrue();
    }

    @Test
    void anOffsetThatWouldBeTooLongSaysThatNothingCanBeRecovered() {
        int threads = 0;
        while (!Seen.isUnrecoverable(seen.offset())) {
            threads++;
            seen = seen.with(message(ThreadId.of(new UUID(9, threads)), 1, 200 + threads));
        }

        assertThat(threads).isBetween(50, 100);
        assertThat(Seen.since(HORIZON, seen.offset())).isEmpty();
        seen = seen.with(new Delivered(2, new Horizon(EPOCH, 1_000, 1_000, List.of())));
        assertThat(seen.offset()).isEqualTo("01234567.rs.0");
    }

    @Test
    void everyOffsetReadsAsItWasWritten() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Seen written = new Seen(horizon(random));
            List<Change> added = new ArrayList<>();
            for (int n = random.nextInt(12); n > 0; n--) {
                Change change = change(random);
                written = written.with(change);
                added.add(change);
            }
            Seen read = again(written);
            assertThat(read.offset()).as("seed %s", seed).isEqualTo(written.offset());
            assertThat(read.horizon()).as("seed %s", seed).isEqualTo(written.horizon());
            for (int n = 0; n < 20; n++) {
                added.add(change(random));
            }
            assertThat(added.stream().filter(read::includes))
                    .as("seed %s", seed)
                    .containsExactlyElementsOf(
                            added.stream().filter(written::includes).toList());
        }
    }

    /** A client that begins anew goes on giving its last offset of before, until the next one comes. */
    @Test
    void anOffsetFromBeforeTheBeginningSaysNothing() {
        Horizon beginning = new Horizon(EPOCH, 150, 150, List.of());
        seen = seen.with(message(THREAD, 7, 140));
        for (String before : List.of(
                seen.offset(), Seen.base(HORIZON) + "-", "fedcba98.zz.0~AAAAAAAAAAIAAAAAAAAAAgS1", "fedcba98.zz.0-")) {
            Seen now = Seen.since(beginning, before).orElseThrow();
            assertThat(now.horizon()).isEqualTo(beginning);
            assertThat(now.includes(message(THREAD, 1, 150))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1.",
                ".1",
                "1.-1",
                "01.0",
                "1.0.",
                "A.0",
                "1.0~",
                "1.0~short",
                "1.0~AAAAAAAAAAIAAAAAAAAAAgS",
                "1.0~AAAAAAAAAAIAAAAAAAAAAgX1",
                "1.0~AAAAAAAAAAIAAAAAAAAAAgS1~",
                "1.0~!!!!!!!!!!IAAAAAAAAAAgS1",
                "1y2p0ij32e8e8.0",
                "1y2p0ij32e8e7.1",
                "1.0~AAAAAAAAAAIAAAAAAAAAAgR1y2p0ij32e8e7",
                "1.0~AAAAAAAAAAIAAAAAAAAAAgS00000000000000000000000001",
                "1.0 ",
                "１.0"
            })
    void whatIsNoOffsetIsNone(String text) {
        assertThat(Seen.since(FIRST, text)).isEmpty();
        assertThat(Seen.since(FIRST, "01234567." + text)).isEmpty();
    }

    @Test
    void nothingThatIsMadeUpDoesHarm() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String signs = "0123456789az.~SCR-_A";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("01234567.");
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            Optional<Seen> read = Seen.since(FIRST, text.toString());
            assertThat(read.map(Seen::offset).orElse("").length())
                    .as("seed %s: %s", seed, text)
                    .isLessThanOrEqualTo(Seen.MAX_LENGTH);
        }
        assertThat(Seen.since(FIRST, "01234567.1.0" + "~AAAAAAAAAAIAAAAAAAAAAgS1".repeat(1_000)))
                .isEmpty();
    }

    /** What missed five thousand events costs is read and encoded five thousand times. */
    @Test
    void aLongTailIsNotWrittenToItsEnd() {
        for (int i = 0; i < 5_000; i++) {
            seen = seen.with(reading(THREAD, 1_000 + i));
        }
        StringBuilder text = new StringBuilder();
        tailOfReadings(5_000).write(text, HORIZON, Seen.MAX_LENGTH);
        assertThat(text.length()).isBetween(Seen.MAX_LENGTH, Seen.MAX_LENGTH + 50);
        assertThat(Seen.isUnrecoverable(seen.offset())).isTrue();
    }

    private static Tail tailOfReadings(int count) {
        Tail tail = Tail.EMPTY;
        for (int i = 0; i < count; i++) {
            tail = tail.with(reading(THREAD, 1_000 + i));
        }
        return tail;
    }

    private static Seen again(Seen seen) {
        return Seen.since(FIRST, seen.offset()).orElseThrow();
    }

    private static Horizon horizon(Random random) {
        long oldest = 1 + random.nextLong(1L << 40);
        long next = oldest + random.nextInt(50);
        List<Long> running = LongStream.range(oldest, next)
                .filter(_ -> random.nextInt(5) == 0)
                .boxed()
                .toList();
        return new Horizon(EPOCH, oldest, next, running);
    }

    private static Change change(Random random) {
        ThreadId thread = ThreadId.of(new UUID(random.nextInt(3), 7));
        long transaction = (1L << 40) + random.nextInt(5);
        return switch (random.nextInt(3)) {
            case 0 -> message(thread, 1 + random.nextInt(4), transaction);
            case 1 -> reading(thread, transaction);
            default -> creation(thread, transaction);
        };
    }

    private static Change message(ThreadId thread, long seq, long transaction) {
        Message message = new Message(
                new MessageId("m" + seq), thread, seq, ADA, "hello", null, NOW, new UserProfile(ADA, null, null));
        return Change.of(new NewMessage(message), transaction);
    }

    private static Change reading(ThreadId thread, long transaction) {
        return Change.of(new MessageRead(new MessageId("m"), thread, ADA, NOW, 1), transaction);
    }

    private static Change creation(ThreadId thread, long transaction) {
        return Change.of(
                new ThreadCreated(
                        new ChatThread(thread, ThreadKind.GROUP, "A group", List.of(), null, 0, 0, null, NOW, NOW)),
                transaction);
    }
}
