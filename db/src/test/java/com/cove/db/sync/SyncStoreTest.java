package com.cove.db.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Conversation;
import com.cove.db.Database;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.read.MarkRead;
import com.cove.model.sync.Cursor;
import com.cove.model.sync.Sync;
import com.cove.model.sync.SyncPage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabaseExtension.class)
class SyncStoreTest {
    private final TestDatabase test;
    private final Database db;
    private final UserId ann;
    private final UserId bob;
    private final ThreadId thread;

    SyncStoreTest(TestDatabase test) {
        this.test = test;
        this.db = test.database();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
        this.thread = Conversation.direct(test, ann, bob).id();
    }

    @Test
    void nothingChangedSinceACursorOfThisMoment() {
        Cursor now = cursor(bob);
        SyncPage page = changes(bob, now, 200);
        assertThat(page).isEqualTo(new SyncPage(false, List.of(), List.of(), now, false));
    }

    @Test
    void messagesAndTheirThreadsComeOnce() {
        Cursor before = cursor(bob);
        Message sent = Conversation.send(test, ann, thread, "hello").message();
        SyncPage page = changes(bob, before, 200);
        assertThat(page.messages()).containsExactly(sent);
        assertThat(page.threads())
                .isEqualTo(db.threads().list(bob, new ListThreads(null, null)).threads());
        assertThat(page.hasMore()).isFalse();
        assertThat(changes(bob, page.cursor(), 200).messages()).isEmpty();
    }

    @Test
    void readingMutingAndCreationChangeAThread() {
        Message sent = Conversation.send(test, ann, thread, "hello").message();
        Cursor before = cursor(ann);
        db.reads().mark(bob, new MarkRead(sent.id()));
        SyncPage read = changes(ann, before, 200);
        assertThat(read.threads()).extracting(ChatThread::id).containsExactly(thread);
        assertThat(read.messages()).isEmpty();
        db.threads().mute(ann, new MuteThread(thread, Instant.parse("2999-01-01T00:00:00Z")));
        SyncPage muted = changes(ann, read.cursor(), 200);
        assertThat(muted.threads()).extracting(ChatThread::mutedUntil).doesNotContainNull();
        ChatThread created = Conversation.group(test, bob, ann);
        assertThat(changes(ann, muted.cursor(), 200).threads()).containsExactly(onlyFor(ann, created.id()));
    }

    @Test
    void nobodyGetsChangesOfOthers() {
        UserId eve = test.user("eve");
        Cursor before = cursor(eve);
        Conversation.send(test, ann, thread, "hello");
        SyncPage page = changes(eve, before, 200);
        assertThat(page.threads()).isEmpty();
        assertThat(page.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 500})
    void aGapOfAnyLengthComesPageByPage(int limit) {
        Cursor before = cursor(bob);
        List<Message> expected = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            ThreadId group = Conversation.group(test, ann, bob).id();
            IntStream.range(0, n)
                    .forEach(i -> expected.add(
                            Conversation.send(test, ann, group, "message " + i).message()));
        }
        List<SyncPage> pages = catchUp(bob, before, limit);
        assertThat(pages)
                .allMatch(page -> page.threads().size() + page.messages().size() <= limit);
        assertThat(pages.stream().flatMap(page -> page.messages().stream()))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(pages.stream().flatMap(page -> page.threads().stream())).hasSize(5);
        assertThat(pages).extracting(SyncPage::hasMore).last().isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<", "&", "\"", "'", "\\", "x", "é", "😀", "<😀"})
    void aPageIsBoundedInBytesToo(String character) {
        Cursor before = cursor(bob);
        String longest = character.repeat(4_000 / character.codePointCount(0, character.length()));
        IntStream.range(0, 50).forEach(_ -> Conversation.send(test, ann, thread, longest));
        List<SyncPage> pages = catchUp(bob, before, 500);
        assertThat(pages)
                .allSatisfy(page -> assertThat(Json.text(page).getBytes(StandardCharsets.UTF_8))
                        .hasSizeLessThan(512 * 1024));
        assertThat(pages.stream().flatMap(page -> page.messages().stream()))
                .extracting(Message::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void aPageOfThreadsIsBoundedInBytesToo() {
        Cursor before = cursor(bob);
        for (int n = 0; n < 20; n++) {
            Conversation.send(test, ann, Conversation.group(test, ann, bob).id(), "<".repeat(4_000));
        }
        List<SyncPage> pages = catchUp(bob, before, 500);
        assertThat(pages).allSatisfy(page -> assertThat(Json.text(page)).hasSizeLessThan(512 * 1024 + 64 * 1024));
        assertThat(pages.stream().flatMap(page -> page.threads().stream()).map(ChatThread::id))
                .hasSize(20)
                .doesNotHaveDuplicates();
        assertThat(pages.stream().flatMap(page -> page.messages().stream())).hasSize(20);
    }

    @Test
    void messagesOfAThreadComeInOrderAlsoWhereTheirTransactionsWereNot() {
        Cursor before = cursor(bob);
        IntStream.range(0, 6).forEach(n -> Conversation.send(test, ann, thread, "message " + n));
        test.execute("""
                UPDATE message SET changed = CAST(CAST(
                    6 - seq + (SELECT min(CAST(CAST(changed AS text) AS bigint)) FROM message) AS text) AS xid8)
                """);
        for (int limit : new int[] {1, 2, 100}) {
            assertThat(catchUp(bob, before, limit).stream().flatMap(page -> page.messages().stream()))
                    .extracting(Message::seq)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    /** Also for who is away between two pages: the last one says that there is more, until nothing changed since the first. */
    @Test
    void whatChangesBetweenPagesComesBeforeTheCatchingUpIsOver() {
        Cursor before = cursor(bob);
        IntStream.range(0, 4).forEach(n -> Conversation.send(test, ann, thread, "message " + n));
        SyncPage first = changes(bob, before, 2);
        ThreadId passed = Conversation.group(test, ann, bob).id();
        Conversation.send(test, ann, passed, "in a thread that was passed already");

        List<SyncPage> rest = catchUp(bob, first.cursor(), 2);

        assertThat(rest.stream().flatMap(page -> page.messages().stream()))
                .extracting(Message::content)
                .contains("in a thread that was passed already");
        assertThat(changes(bob, rest.getLast().cursor(), 200).messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%%%", "", "1.0123456789abcdef.5.5.N.00000000-0000-0000-0000-000000000000"})
    void aTextThatIsNoCursorResets(String text) {
        Cursor cursor = new Cursor(text.isEmpty() ? "=" : text);
        assertThat(changes(bob, cursor, 200)).isEqualTo(new SyncPage(true, List.of(), List.of(), cursor(bob), false));
    }

    @Test
    void aCursorOfAnotherEpochResets() {
        Cursor before = cursor(bob);
        test.execute("UPDATE history_epoch SET id = gen_random_uuid()");
        SyncPage page = changes(bob, before, 200);
        assertThat(page.reset()).isTrue();
        assertThat(changes(bob, page.cursor(), 200).reset()).isFalse();
    }

    @Test
    void aCursorFromTheFutureResets() {
        String[] parts = text(cursor(bob)).split("\\.", -1);
        long next = Long.parseLong(test.ask("SELECT pg_snapshot_xmax(pg_current_snapshot())"));
        assertThat(changes(bob, withTransaction(parts, next), 200).reset()).isFalse();
        assertThat(changes(bob, withTransaction(parts, next + 1_000), 200).reset())
                .isTrue();
        assertThat(changes(bob, withTransaction(parts, 999_999_999_999_999_999L), 200)
                        .reset())
                .isTrue();
    }

    @Test
    void aCursorNamesEverythingItNeedsAndFitsTheContract() {
        assertThat(cursor(bob).value()).hasSizeLessThan(512);
        assertThat(text(cursor(bob))).matches("1\\.[0-9a-f]{16}\\.\\d+\\.\\d+\\.N\\.[0-9a-f-]{36}\\.0");
    }

    private ChatThread onlyFor(UserId viewer, ThreadId id) {
        return db.threads().list(viewer, new ListThreads(null, null)).threads().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<SyncPage> catchUp(UserId user, Cursor from, int limit) {
        List<SyncPage> pages = new ArrayList<>(List.of(changes(user, from, limit)));
        while (pages.getLast().hasMore()) {
            assertThat(pages).as("pages").hasSizeLessThan(1_000);
            pages.add(changes(user, pages.getLast().cursor(), limit));
        }
        return pages;
    }

    private SyncPage changes(UserId user, Cursor cursor, int limit) {
        return db.sync().changes(user, new Sync(cursor, limit));
    }

    private Cursor cursor(UserId user) {
        return db.threads().list(user, new ListThreads(1, null)).cursor();
    }

    private static String text(Cursor cursor) {
        return new String(Base64.getUrlDecoder().decode(cursor.value()), StandardCharsets.UTF_8);
    }

    private static Cursor withTransaction(String[] parts, long id) {
        String[] changed = parts.clone();
        changed[2] = Long.toString(id);
        changed[3] = Long.toString(id);
        return new Cursor(Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(".", changed).getBytes(StandardCharsets.UTF_8)));
    }
}
