package com.cove.db.thread;

import static com.cove.db.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cove.db.Conversation;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.error.FieldError;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.sync.Cursor;
import com.cove.model.sync.Sync;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.MemberRole;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadKind;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabaseExtension.class)
class ThreadStoreTest {
    private static final String PICTURE = "https://example.com/{a,\"b\"}.png";

    private final TestDatabase test;
    private final ThreadStore threads;
    private final UserId ann;
    private final UserId bob;

    ThreadStoreTest(TestDatabase test) {
        this.test = test;
        this.threads = test.database().threads();
        this.ann = test.user("ann");
        this.bob = test.user("bob");
    }

    @Test
    void twoPeopleHaveOneDirectThreadWhoeverCreatesIt() {
        CreateOutcome first = threads.create(ann, new CreateThread(List.of(bob, ann, bob), null));
        CreateOutcome again = threads.create(bob, new CreateThread(List.of(ann), null));
        assertThat(first.created()).isTrue();
        assertThat(again.created()).isFalse();
        assertThat(again.thread()).isEqualTo(first.thread());
        assertThat(first.thread().kind()).isEqualTo(ThreadKind.DIRECT);
        assertThat(first.thread().participants()).extracting(Participant::role).containsOnly(MemberRole.MEMBER);
        assertThat(first.thread().lastMessage()).isNull();
        assertThat(first.thread().updatedAt()).isEqualTo(first.thread().createdAt());
    }

    @Test
    void aListOfThreadsWithTheLongestMessagesFitsALambdasAnswer() {
        for (int n = 0; n < 100; n++) {
            Conversation.send(test, ann, Conversation.group(test, ann, bob).id(), "<".repeat(4_000));
        }
        List<ThreadId> seen = new ArrayList<>();
        String page = null;
        do {
            var list = threads.list(bob, new ListThreads(100, page));
            assertThat(Json.text(Json.text(list)).length()).isLessThan(6_000_000);
            list.threads().forEach(thread -> seen.add(thread.id()));
            page = list.nextPage();
        } while (page != null);
        assertThat(seen).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void twoPeopleWhoCreateTheirDirectThreadAtOnceGetTheSame() throws Exception {
        for (int round = 0; round < 20; round++) {
            UserId one = test.user("one" + round);
            UserId other = test.user("other" + round);
            List<Callable<CreateOutcome>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(() -> threads.create(one, new CreateThread(List.of(other), null)));
                tasks.add(() -> threads.create(other, new CreateThread(List.of(one), null)));
            }
            List<CreateOutcome> outcomes = Conversation.atOnce(tasks);
            assertThat(outcomes)
                    .extracting(CreateOutcome::thread)
                    .containsOnly(outcomes.getFirst().thread());
            assertThat(outcomes).filteredOn(CreateOutcome::created).hasSize(1);
            assertThat(outcomes.getFirst().thread().participants()).hasSize(2);
        }
    }

    @Test
    void aTitleOrAThirdPersonMakesAGroupAndEveryGroupIsNew() {
        ChatThread titled =
                threads.create(ann, new CreateThread(List.of(bob), "Plans")).thread();
        ChatThread another =
                threads.create(ann, new CreateThread(List.of(bob), "Plans")).thread();
        ChatThread three = threads.create(ann, new CreateThread(List.of(bob, test.user("cleo")), null))
                .thread();
        assertThat(titled.id()).isNotEqualTo(another.id());
        assertThat(List.of(titled, another, three)).extracting(ChatThread::kind).containsOnly(ThreadKind.GROUP);
        assertThat(titled.title()).isEqualTo("Plans");
        assertThat(three.participants())
                .extracting(Participant::role)
                .containsExactly(MemberRole.OWNER, MemberRole.MEMBER, MemberRole.MEMBER);
    }

    @Test
    void everyUnknownParticipantIsNamed() {
        CreateThread request = new CreateThread(List.of(new UserId("x"), bob, new UserId("y")), null);
        assertThatExceptionOfType(AppException.class)
                .isThrownBy(() -> threads.create(ann, request))
                .satisfies(failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(failure.errors())
                            .extracting(FieldError::field)
                            .containsExactly("participantIds.x", "participantIds.y");
                });
        assertThat(test.ask("SELECT count(*) FROM thread")).isEqualTo("0");
    }

    @Test
    void aThreadHasTwoTo256Members() {
        List<UserId> many =
                IntStream.range(0, 256).mapToObj(n -> test.user("member" + n)).toList();
        failsWith(ErrorCode.INVALID_REQUEST, () -> threads.create(ann, new CreateThread(List.of(), null)));
        failsWith(ErrorCode.INVALID_REQUEST, () -> threads.create(ann, new CreateThread(List.of(ann), "Alone")));
        failsWith(ErrorCode.INVALID_REQUEST, () -> threads.create(ann, new CreateThread(many, null)));
        CreateThread allowed = new CreateThread(many.subList(0, 255), null);
        assertThat(threads.create(ann, allowed).thread().participants()).hasSize(256);
    }

    @Test
    void theNewestActivityComesFirstAndPagesDoNotOverlap() {
        List<ThreadId> created = IntStream.range(0, 7)
                .mapToObj(n ->
                        Conversation.direct(test, ann, test.user("friend" + n)).id())
                .toList();
        Conversation.send(test, ann, created.get(2), "newest");
        List<ThreadId> listed = new ArrayList<>();
        String page = null;
        do {
            var threadPage = threads.list(ann, new ListThreads(3, page));
            assertThat(threadPage.threads()).hasSizeLessThanOrEqualTo(3);
            threadPage.threads().forEach(thread -> listed.add(thread.id()));
            page = threadPage.nextPage();
        } while (page != null);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(created);
        assertThat(listed.getFirst()).isEqualTo(created.get(2));
        assertThat(listed.get(1)).isEqualTo(created.getLast());
    }

    @Test
    void threadsOfTheSameMomentAreListedOnceEach() {
        IntStream.range(0, 9).forEach(n -> Conversation.direct(test, ann, test.user("friend" + n)));
        test.execute("UPDATE thread SET updated_at = '2026-01-01T00:00:00Z'");
        List<ThreadId> listed = new ArrayList<>();
        String page = null;
        do {
            var threadPage = threads.list(ann, new ListThreads(2, page));
            threadPage.threads().forEach(thread -> listed.add(thread.id()));
            page = threadPage.nextPage();
        } while (page != null);
        assertThat(listed).hasSize(9).doesNotHaveDuplicates();
    }

    @Test
    void everyPageCarriesTheCursorOfTheFirst() {
        IntStream.range(0, 3).forEach(n -> Conversation.direct(test, ann, test.user("friend" + n)));
        var first = threads.list(ann, new ListThreads(1, null));
        Conversation.direct(test, ann, test.user("a later friend"));
        var second = threads.list(ann, new ListThreads(1, first.nextPage()));
        assertThat(second.cursor()).isEqualTo(first.cursor());
        assertThat(threads.list(ann, new ListThreads(1, null)).cursor()).isNotEqualTo(first.cursor());
    }

    @Test
    void aListedThreadHasItsLastMessageAndTheViewersUnreadCount() {
        ThreadId thread = Conversation.direct(test, ann, bob).id();
        Conversation.send(test, ann, thread, "one");
        var last = Conversation.send(test, ann, thread, "two").message();
        var forBob = threads.list(bob, new ListThreads(null, null)).threads().getFirst();
        assertThat(forBob.lastMessage()).isEqualTo(last);
        assertThat(forBob.lastSeq()).isEqualTo(2);
        assertThat(forBob.unreadCount()).isEqualTo(2);
        assertThat(forBob.updatedAt()).isEqualTo(last.createdAt());
        assertThat(threads.list(ann, new ListThreads(null, null))
                        .threads()
                        .getFirst()
                        .unreadCount())
                .isZero();
    }

    /** Members come as arrays, whose form gives some of these characters a meaning. */
    @Test
    void membersAreListedAsTheyAreWhateverTheirNames() {
        List<@Nullable String> names = Arrays.asList(
                null,
                "",
                " ",
                "null",
                "NULL",
                "{a,b}",
                "O'Neil, \"Ann\"",
                "back\\slash",
                "two\nlines\t",
                "\u202e\ud83d\ude00 é");
        List<UserId> members = new ArrayList<>();
        for (String name : names) {
            UserId member = new UserId("m," + members.size() + " {\"\\}");
            test.database().users().provision(new UserProfile(member, name, name == null ? null : PICTURE));
            members.add(member);
        }
        ThreadId thread =
                Conversation.group(test, ann, members.toArray(UserId[]::new)).id();
        Message last =
                Conversation.send(test, members.getFirst(), thread, "hello").message();

        ChatThread listed =
                threads.list(ann, new ListThreads(null, null)).threads().getFirst();

        List<Participant> expected = new ArrayList<>();
        expected.add(new Participant(ann, "ann's name", "https://example.com/ann.png", MemberRole.OWNER, 0, null));
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean sender = i == 0;
            expected.add(new Participant(
                    members.get(i),
                    name,
                    name == null ? null : PICTURE,
                    MemberRole.MEMBER,
                    sender ? 1 : 0,
                    sender ? last.createdAt() : null));
        }
        assertThat(listed.participants()).isEqualTo(expected);
        assertThat(threads.mute(ann, new MuteThread(thread, null))).isEqualTo(listed);
    }

    @Test
    void aListOfNothingHasACursorFromWhichEverythingComes() {
        Cursor cursor = threads.list(ann, new ListThreads(null, null)).cursor();
        ChatThread first = Conversation.direct(test, ann, bob);
        assertThat(test.database().sync().changes(ann, new Sync(cursor, 10)).threads())
                .containsExactly(first);
    }

    @Test
    void nobodySeesThreadsOfOthers() {
        ThreadId thread = Conversation.direct(test, ann, bob).id();
        UserId eve = test.user("eve");
        assertThat(threads.list(eve, new ListThreads(null, null)).threads()).isEmpty();
        failsWith(ErrorCode.NOT_FOUND, () -> threads.members(eve, thread));
        failsWith(ErrorCode.NOT_FOUND, () -> threads.mute(eve, new MuteThread(thread, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%%%", "MToyOjM", "MTo5OTk5OTk5OTk5OTk5OTk5OTk5OmE6Yg", "\u00e9"})
    void aPageThatIsNotOursIsInvalid(String page) {
        failsWith(ErrorCode.INVALID_REQUEST, () -> threads.list(ann, new ListThreads(null, page)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "01A205D8-33A3-775C-85FA-DD17ADABED45", "01a205d8-33a3-775c-85fa-dd17adabed45"})
    void anIdOfNothingIsNotFound(String id) {
        ThreadId nothing = new ThreadId(id);
        failsWith(ErrorCode.NOT_FOUND, () -> threads.members(ann, nothing));
        failsWith(ErrorCode.NOT_FOUND, () -> threads.mute(ann, new MuteThread(nothing, null)));
    }

    @Test
    void membersAreEverybodyInTheThread() {
        ThreadId thread = Conversation.group(test, ann, bob, test.user("cleo")).id();
        assertThat(threads.members(bob, thread)).containsExactly(ann, bob, new UserId("cleo"));
    }

    @Test
    void mutingIsSeenByTheMutedMemberOnly() {
        ThreadId thread = Conversation.direct(test, ann, bob).id();
        Instant until = Instant.parse("9999-12-31T23:59:59.999999Z");
        ChatThread muted = threads.mute(ann, new MuteThread(thread, until));
        assertThat(muted.mutedUntil()).isEqualTo(Instant.parse("9999-12-31T23:59:59.999Z"));
        assertThat(threads.list(bob, new ListThreads(null, null))
                        .threads()
                        .getFirst()
                        .mutedUntil())
                .isNull();
        assertThat(threads.mute(ann, new MuteThread(thread, null)).mutedUntil()).isNull();
    }

    @Test
    void aTimeThatHasPassedUnmutes() {
        ThreadId thread = Conversation.direct(test, ann, bob).id();
        threads.mute(ann, new MuteThread(thread, Instant.parse("2999-01-01T00:00:00Z")));
        ChatThread unmuted = threads.mute(ann, new MuteThread(thread, Instant.parse("0001-01-01T00:00:00Z")));
        assertThat(unmuted.mutedUntil()).isNull();
        assertThat(test.ask("SELECT count(*) FROM thread_member WHERE muted_until IS NOT NULL"))
                .isEqualTo("0");
    }

    @Test
    void aMutingThatRanOutIsNoLongerShown() {
        ThreadId thread = Conversation.direct(test, ann, bob).id();
        test.execute("UPDATE thread_member SET muted_until = clock_timestamp() - interval '1 second'");
        assertThat(threads.list(ann, new ListThreads(null, null))
                        .threads()
                        .getFirst()
                        .mutedUntil())
                .isNull();
        assertThat(threads.members(ann, thread)).hasSize(2);
    }
}
