package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.json.Json;
import com.cove.model.message.MessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.read.MarkRead;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection state recovery, frame by frame; what the official client makes of it is proven in {@code local}. */
class RecoveryTest {
    private TestServer server;
    private ThreadId thread;
    private RawSocket socket;
    private String pid = "";
    private String offset = "";

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(Map.of("REPAIR_INTERVAL_MS", "100"));
        thread = server.thread("ada", "bob");
        socket = RawSocket.open(server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatWasMissedComesAfterTheReplyOnceEachAndInOrder() {
        connect("bob");
        send("before");
        assertThat(expect("new_message").at("/message/content").asText()).isEqualTo("before");
        socket.close();
        MessageId first = send("first");
        ThreadId other = create("ada", "bob", "eve");
        server.database.database().messages().send(new UserId("eve"), new SendMessage(other, "second", null));
        send("third");
        server.database.database().reads().mark(new UserId("bob"), new MarkRead(first));

        assertThat(comeBack("bob")).isTrue();

        assertThat(expect("thread_created").at("/thread/id").asText()).isEqualTo(other.value());
        // Of one thread in their order; those of two may have been sent in one millisecond.
        assertThat(contents(3)).containsSubsequence("first", "third").contains("second");
        JsonNode read = expect("message_read");
        assertThat(read.path("messageId").asText()).isEqualTo(first.value());
        assertThat(read.path("lastReadSeq").asLong()).isEqualTo(2);
        nothingElseCame();
    }

    /** Nothing came, so the client has no offset: its {@code pid} alone says where it began. */
    @Test
    void aClientThatNeverGotAnythingIsRecoveredFromItsBeginning() {
        connect("bob");
        socket.close();
        send("missed");

        assertThat(comeBack("bob")).isTrue();

        assertThat(contents(1)).containsExactly("missed");
        nothingElseCame();
    }

    @Test
    void aClientThatMissedNothingIsRecovered() {
        connect("bob");
        send("seen");
        assertThat(contents(1)).containsExactly("seen");
        socket.close();

        assertThat(comeBack("bob")).isTrue();
        nothingElseCame();
    }

    /** Whenever the connection breaks: in the middle of what was missed, too. */
    @Test
    void howeverOftenItBreaksEachMessageComesOnce() {
        connect("bob");
        List<Long> seqs = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            for (int i = 0; i < 5; i++) {
                send("message");
            }
            for (int taken = 0; taken < 3; taken++) {
                seqs.add(expect("new_message").at("/message/seq").asLong());
            }
            socket.close();
            assertThat(comeBack("bob")).isTrue();
        }
        while (seqs.size() < 40) {
            seqs.add(expect("new_message").at("/message/seq").asLong());
        }
        assertThat(seqs)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
        nothingElseCame();
    }

    @Test
    void anotherServerKnowsAsMuch() throws Exception {
        connect("bob");
        send("seen");
        assertThat(contents(1)).containsExactly("seen");

        server.restart();
        send("missed");

        assertThat(comeBack("bob")).isTrue();
        assertThat(contents(1)).containsExactly("missed");
        send("live");
        assertThat(contents(1)).containsExactly("live");
    }

    /** The hook's call of a message that was recovered already is late. */
    @Test
    void whatWasRecoveredDoesNotComeLiveAsWell() throws Exception {
        connect("bob");
        socket.close();
        var late = server.database
                .database()
                .messages()
                .send(new UserId("ada"), new SendMessage(thread, "recovered", null));

        assertThat(comeBack("bob")).isTrue();
        assertThat(contents(1)).containsExactly("recovered");
        server.notifyHook(late.news().orElseThrow().toJson());
        server.notifyHook(late.news().orElseThrow().toJson());

        send("live");
        assertThat(contents(1)).containsExactly("live");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "a.b.c",
                "a.b.c.1.0",
                "....",
                "x.LhYULHIjpXg.0123456789abcdef.1.0",
                "{\"a\":1}",
                "x.LhYULHIjpXg.0123456789abcdef.-"
            })
    void aPidThatIsMadeUpMakesANewSession(String madeUp) {
        pid = Json.text(madeUp);
        assertThat(comeBack("bob")).isFalse();
        send("live");
        assertThat(contents(1)).containsExactly("live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"-\"", "\"1.0.0.0~\"", "17", "{}", "\"zzzzzzzzzzzz.0\""})
    void anOffsetThatIsMadeUpMakesANewSession(String madeUp) {
        connect("bob");
        socket.close();
        send("missed");
        offset = madeUp;

        boolean recovered = comeBack("bob");

        // What is no text counts as none: the pid alone says where the client began.
        assertThat(recovered).isEqualTo(!madeUp.startsWith("\""));
        if (recovered) {
            assertThat(contents(1)).containsExactly("missed");
        }
        nothingElseCame();
    }

    @Test
    void theStateOfAnotherUserIsNoStateOfMine() {
        connect("bob");
        socket.close();
        send("for ada and bob");

        assertThat(comeBack("ada")).isFalse();
        nothingElseCame();
    }

    @Test
    void authorizationRunsAgain() {
        connect("bob");
        socket.close();

        socket = RawSocket.open(server.port());
        socket.send("40{\"token\":\"forged\",\"pid\":" + pid + "}");

        assertThat(socket.next()).startsWith("44{\"message\":\"unauthenticated\"");
    }

    @Test
    void whoMissedTooMuchBeginsAnew() throws Exception {
        allowThreeEvents();
        connect("bob");
        socket.close();
        for (int i = 0; i < 3; i++) {
            send("missed " + i);
        }
        assertThat(comeBack("bob")).isTrue();
        assertThat(contents(3)).hasSize(3);
        socket.close();
        for (int i = 0; i < 4; i++) {
            send("too many " + i);
        }

        assertThat(comeBack("bob")).isFalse();
        nothingElseCame();
    }

    @Test
    void whoBeganAnewIsRecoveredFromThereAlthoughItGivesAnOffsetFromBefore() throws Exception {
        allowThreeEvents();
        connect("bob");
        send("seen");
        assertThat(contents(1)).containsExactly("seen");
        socket.close();
        for (int i = 0; i < 4; i++) {
            send("too many " + i);
        }
        assertThat(comeBack("bob")).isFalse();
        socket.close();

        assertThat(comeBack("bob")).isTrue();
        socket.close();
        send("missed");
        assertThat(comeBack("bob")).isTrue();
        assertThat(contents(1)).containsExactly("missed");
        nothingElseCame();
    }

    @Test
    void theOffsetOfAnotherUserIsNotTakenForMine() {
        connect("bob");
        send("seen by bob");
        assertThat(contents(1)).containsExactly("seen by bob");
        socket.close();
        send("before ada came");
        assertThat(comeBack("ada")).isFalse();
        socket.close();
        send("missed by ada");

        assertThat(comeBack("ada")).isTrue();
        assertThat(contents(1)).containsExactly("missed by ada");
        nothingElseCame();
    }

    /** The history that was lost was ahead of the one that is left. */
    @Test
    void anOffsetOfAHistoryThatWasLostSaysNothingOfTheNewOne() {
        connect("bob");
        send("seen");
        assertThat(contents(1)).containsExactly("seen");
        String[] parts = offset.substring(1, offset.length() - 1).split("\\.", 3);
        offset = "\"" + parts[0] + "." + Long.toString(Long.parseLong(parts[1], 36) + 20, 36) + ".0\"";
        server.database.execute("DELETE FROM message; UPDATE thread SET last_seq = 0;"
                + " UPDATE thread_member SET last_read_seq = 0; UPDATE history_epoch SET id = gen_random_uuid()");
        socket.awaitClosed();
        await().until(() -> {
            boolean recovered = comeBack("bob");
            socket.close();
            return recovered;
        });
        for (int i = 0; i < 40; i++) {
            send("missed " + i);
        }

        assertThat(comeBack("bob")).isTrue();
        assertThat(contents(40)).startsWith("missed 0").endsWith("missed 39");
        nothingElseCame();
    }

    /** Each costs the database more than another event. */
    @Test
    void whoComesBackTooOftenBeginsAnew() {
        connect("bob");
        int recovered = 0;
        do {
            socket.close();
            recovered++;
        } while (recovered < 200 && comeBack("bob"));
        assertThat(recovered).isBetween(60, 190);
    }

    @Test
    void whereTheDatabaseIsAwayTheClientIsNotRefusedButComesAgain() {
        connect("bob");
        socket.close();
        send("missed");
        server.database.execute("ALTER TABLE message RENAME TO away; ALTER TABLE thread_member RENAME TO gone");

        socket = RawSocket.open(server.port());
        socket.send("40{\"token\":\"" + server.tokens.issue("bob") + "\",\"pid\":" + pid + "}");
        assertThat(socket.next()).isEqualTo(RawSocket.CLOSED);

        server.database.execute("ALTER TABLE away RENAME TO message; ALTER TABLE gone RENAME TO thread_member");
        assertThat(comeBack("bob")).isTrue();
        assertThat(contents(1)).containsExactly("missed");
    }

    private void allowThreeEvents() throws Exception {
        server.close();
        server = TestServer.start(Map.of("RECOVERY_MAX_EVENTS", "3"));
        thread = server.thread("ada", "bob");
    }

    /** Of an app that begins, with no state from before. */
    private void connect(String user) {
        pid = "";
        offset = "";
        assertThat(comeBack(user)).isFalse();
    }

    /** Connects as a client does that was connected before; whether it was recovered. */
    private boolean comeBack(String user) {
        socket = RawSocket.open(server.port());
        String state = pid.isEmpty() ? "" : ",\"pid\":" + pid + (offset.isEmpty() ? "" : ",\"offset\":" + offset);
        socket.send("40{\"token\":\"" + server.tokens.issue(user) + "\"" + state + "}");
        JsonNode reply = Json.parse(socket.next().substring(2));
        assertThat(reply.path("sid").asText()).isNotEmpty();
        String named = reply.get("pid").toString();
        boolean recovered = named.equals(pid);
        pid = named;
        // As the official client does it, the offset is kept until the next one comes: also by who begins anew.
        return recovered;
    }

    /** The payload of the next event, which must be this one; others' presence is not looked at. */
    private JsonNode expect(String event) {
        while (true) {
            JsonNode packet = Json.parse(socket.next().substring(2));
            if (packet.get(0).asText().equals(event)) {
                assertThat(packet.size()).isEqualTo(3);
                offset = packet.get(2).toString();
                return packet.get(1);
            }
            assertThat(packet.get(0).asText()).isEqualTo("user_online");
        }
    }

    private List<String> contents(int count) {
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            contents.add(expect("new_message").at("/message/content").asText());
        }
        return contents;
    }

    /** A last message comes next, and no other. */
    private void nothingElseCame() {
        send("the last");
        assertThat(contents(1)).containsExactly("the last");
    }

    private MessageId send(String content) {
        return server.database
                .database()
                .messages()
                .send(new UserId("ada"), new SendMessage(thread, content, null))
                .message()
                .id();
    }

    private ThreadId create(String creator, String... others) {
        List<UserId> members =
                List.of(others).stream().map(server.database::user).toList();
        return server.database
                .database()
                .threads()
                .create(server.database.user(creator), new CreateThread(members, "A group"))
                .thread()
                .id();
    }
}
