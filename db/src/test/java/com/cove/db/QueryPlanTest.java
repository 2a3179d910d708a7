package com.cove.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.Statements.Executed;
import com.cove.db.history.Horizon;
import com.cove.db.history.Position;
import com.cove.db.message.Send;
import com.cove.db.news.MessagePlace;
import com.cove.db.news.ThreadPlace;
import com.cove.db.push.DuePush;
import com.cove.db.push.NodeReport;
import com.cove.db.push.PushOutcome;
import com.cove.db.push.PushRules;
import com.cove.db.push.PushStore;
import com.cove.db.push.PushVerdict;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.json.Json;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.ListMessages;
import com.cove.model.message.Message;
import com.cove.model.message.SendMessage;
import com.cove.model.presence.UpdatePresence;
import com.cove.model.read.MarkRead;
import com.cove.model.sync.Cursor;
import com.cove.model.sync.Sync;
import com.cove.model.sync.SyncPage;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ListThreads;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadPage;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How PostgreSQL would run every statement of every store: on a million messages with these very values, and as the
 * generic plan that it keeps for a prepared statement; and as the plan that it keeps from before there was a message.
 */
class QueryPlanTest {
    /** app_user and device too: no use case reads a table from one end to the other. */
    private static final Set<String> TABLES =
            Set.of("message", "thread", "thread_member", "message_read", "app_user", "device", "push", "reach");

    private static final UserId BUSY = new UserId("u0");
    private static final UserId ORDINARY = new UserId("u3335");
    private static final ThreadId LONG = new ThreadId(MillionMessages.thread(MillionMessages.LONG_THREAD));
    private static final TestDatabase TEST = TestDatabase.create();
    private static final TestDatabase EMPTY = TestDatabase.create();
    private static final Database PLANNER = planner(TEST, "&options=-c%20enable_seqscan=on");
    private static final Database PLANNER_OF_EMPTY = planner(EMPTY, "");

    private static List<Executed> executed = List.of();

    /** The settings of every pool; but in simple mode $1 reaches PostgreSQL as it is, for a generic plan. */
    private static Database planner(TestDatabase database, String properties) {
        return Database.open(DatabaseConfig.of(database.url() + "?preferQueryMode=simple" + properties)
                .withPoolSize(1));
    }

    @BeforeAll
    static void useEverything() {
        MillionMessages.fill(TEST);
        // Nothing else makes PostgreSQL sure that a table is empty.
        EMPTY.execute("ANALYZE");
        // In simple mode all values are sent as text, but for what is sent as it is asked for.
        try (Database texts = planner(TEST, "&binaryTransferDisable=UUID_ARRAY")) {
            Statements recorded = Statements.of(texts);
            for (UserId user : List.of(BUSY, ORDINARY)) {
                useEverything(texts, user);
            }
            executed = recorded.take().stream()
                    .filter(statement -> !statement.sql().startsWith("SET "))
                    .toList();
        }
        assertThat(executed).hasSizeGreaterThan(40);
    }

    @AfterAll
    static void close() {
        PLANNER.close();
        PLANNER_OF_EMPTY.close();
        TEST.close();
        EMPTY.close();
    }

    /** Of its own accord: what the settings forbid would be left to choose between indexes none of which is of use. */
    @Test
    void noStatementOfAnyUseCaseScansATable() throws SQLException {
        List<String> scans = new ArrayList<>();
        for (Executed statement : executed) {
            scans.addAll(scans(PLANNER, statement.withValues(), "FORMAT JSON"));
        }
        scans.addAll(genericScans(PLANNER));
        assertThat(scans).isEmpty();
    }

    @Test
    void noPlanThatWasMadeWhileTheTablesWereEmptyScansThemAsTheyGrow() throws SQLException {
        assertThat(genericScans(PLANNER_OF_EMPTY)).isEmpty();
    }

    @Test
    void aScanWouldBeSeen() throws SQLException {
        assertThat(scans(PLANNER, "SELECT id FROM message WHERE content = 'x'", "FORMAT JSON"))
                .isNotEmpty();
    }

    /** Every method of every store, reads with every shape of request. */
    private static void useEverything(Database db, UserId user) {
        db.users().provision(new UserProfile(user, "New name of " + user, null));
        db.presence().circles(List.of(user, new UserId("u9")));
        db.presence().hidden(List.of(user));
        db.presence().update(user, new UpdatePresence(false));
        db.presence().since(Optional.of(db.news().horizon()));
        db.presence().seen(Map.of(user, Instant.parse("2026-11-23T00:00:00Z")));
        db.presence().lastSeen(user);
        db.devices().update(user, new UpdateFcmToken("token of " + user, "phone"));
        db.devices().update(user, new UpdateFcmToken(null, "phone"));
        List<UserId> others = List.of(new UserId("u5"), new UserId("u6"));
        db.threads().create(user, new CreateThread(others, "A group"));
        db.threads().create(user, new CreateThread(others.subList(0, 1), null));
        db.threads().create(user, new CreateThread(others.subList(0, 1), null));
        ThreadPage list = db.threads().list(user, new ListThreads(100, null));
        ThreadId thread = list.threads().getLast().id();
        db.threads()
                .list(
                        user,
                        new ListThreads(
                                3,
                                db.threads()
                                        .list(user, new ListThreads(3, null))
                                        .nextPage()));
        db.threads().members(user, thread);
        Horizon first = new Horizon(db.news().horizon().epoch(), 1, 1, List.of());
        db.news().members(List.of(thread, LONG));
        db.news().messages(MessagePlace.before(first));
        db.news().threads(ThreadPlace.before(first));
        db.news().has(db.news().messages(MessagePlace.before(first)).getFirst());
        db.news().beginnings(List.of(thread, LONG));
        db.news().firstUnseen(thread, first);
        db.news().firstUnseen(LONG, db.news().horizon());
        db.recovery().missed(user, db.recovery().horizon(), _ -> false, 1_000, 1_000_000);
        db.recovery().missed(user, new Horizon(first.epoch(), 690, 690, List.of()), _ -> false, 1_000, 1_000_000);
        db.threads().mute(user, new MuteThread(thread, Instant.parse("9999-01-01T00:00:00Z")));
        for (ThreadId each : user.equals(BUSY) ? List.of(thread, LONG) : List.of(thread)) {
            db.messages().page(user, new ListMessages(each, 200, null, null));
            db.messages().page(user, new ListMessages(each, 200, 9L, null));
            db.messages().page(user, new ListMessages(each, 200, null, 9L));
            db.news().range(each, 3, 12);
            db.messages().send(user, new SendMessage(each, "hello", null));
            db.messages()
                    .sendAll(List.of(
                            new Send(user, new SendMessage(each, "one of two", null)),
                            new Send(user, new SendMessage(each, "two of two", new ClientMessageId("c-2")))));
            db.messages().send(user, new SendMessage(each, "hello", new ClientMessageId("c-1")));
            db.messages().send(user, new SendMessage(each, "hello", new ClientMessageId("c-1")));
        }
        Message message = Conversation.message(db.news().range(thread, 18, 18).getFirst());
        db.reads().mark(user, new MarkRead(message.id()));
        db.reads().mark(user, new MarkRead(message.id()));
        db.news().reads(first).forEach(read -> db.news().reads(read));
        syncFrom(db, user, 1);
        syncFrom(db, user, 690);
        push(db, user, message);
    }

    private static void push(Database db, UserId user, Message message) {
        PushStore pushes = db.pushes();
        PushRules rules = new PushRules(Duration.ZERO, Duration.ZERO, Duration.ofDays(20_000), true);
        Instant now = Instant.now();
        db.reach().withDevices(List.of(user, new UserId("u9")));
        db.reach().report(new NodeReport("node", db.news().horizon().epoch(), 690, Map.of(user, 690L), now));
        TEST.execute("UPDATE push_progress SET stored_in = '690', read_in = pg_current_xact_id()");
        pushes.decide(rules, PushStore.PAGE, now);
        pushes.decide(rules, PushStore.PAGE, now);
        List<DuePush> due = pushes.claim(500, Duration.ofMinutes(1), rules, now).due();
        assertThat(due).isNotEmpty();
        pushes.record(
                due.stream()
                        .map(push -> new PushOutcome(push, PushVerdict.SENT, true, List.of(), null, null))
                        .toList(),
                now);
        pushes.remove(due.getFirst().devices());
        pushes.tidy(Instant.parse("2020-01-01T00:00:00Z"), now);
        pushes.explain(user, message.id(), rules, now);
        db.reach().forget("node");
    }

    /** A few pages: enough to come to the messages, in whatever thread. */
    private static void syncFrom(Database db, UserId user, long since) {
        String epoch = Position.of(
                        db.threads().list(user, new ListThreads(1, null)).cursor())
                .orElseThrow()
                .epoch();
        Cursor cursor = Position.at(new Horizon(epoch, since, since, List.of())).cursor();
        for (int page = 0; page < 4; page++) {
            SyncPage changes = db.sync().changes(user, new Sync(cursor, 200));
            assertThat(changes.reset()).isFalse();
            cursor = changes.cursor();
        }
    }

    /** Of each statement once, whatever its values were. */
    private static List<String> genericScans(Database planner) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String sql : executed.stream().map(Executed::sql).distinct().toList()) {
            found.addAll(scans(planner, numbered(sql), "FORMAT JSON, GENERIC_PLAN"));
        }
        return found;
    }

    private static List<String> scans(Database planner, String sql, String options) throws SQLException {
        List<String> found = new ArrayList<>();
        eachNode(plan(planner, "EXPLAIN (" + options + ") " + sql), node -> {
            String table = node.path("Relation Name").asText();
            if (node.path("Node Type").asText().equals("Seq Scan") && TABLES.contains(table)) {
                found.add("Seq Scan on " + table + " (" + options + ") in " + sql);
            }
        });
        return found;
    }

    private static JsonNode plan(Database planner, String explain) throws SQLException {
        try (Handle handle = planner.jdbi().open();
                Statement statement = handle.getConnection().createStatement();
                ResultSet rows = statement.executeQuery(explain)) {
            assertThat(rows.next()).isTrue();
            return Json.parse(rows.getString(1));
        }
    }

    private static void eachNode(JsonNode node, Consumer<JsonNode> visit) {
        visit.accept(node);
        node.forEach(child -> eachNode(child, visit));
    }

    private static String numbered(String sql) {
        int[] number = {0};
        return Pattern.compile("\\?").matcher(sql).replaceAll(_ -> Matcher.quoteReplacement("$" + ++number[0]));
    }
}
