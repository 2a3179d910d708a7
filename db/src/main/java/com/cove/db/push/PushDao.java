package com.cove.db.push;

import com.cove.db.history.Horizon;
import com.cove.db.history.HorizonMapper;
import com.cove.db.news.MessagePlace;
import com.cove.db.news.MessagePlaceMapper;
import com.cove.db.sql.FirstColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Deciding who is due a push, sending it once, and telling why. */
record PushDao(Handle handle) {
    private static final String MAY_DECIDE =
            "SELECT pg_try_advisory_xact_lock(hashtextextended('cove push decision', 0))";

    /** One node decides at a time; the others have nothing to do. A lock that needs no transaction id. */
    boolean mayDecide() {
        return handle.createQuery(MAY_DECIDE).map(FirstColumn.TRUTH).one();
    }

    /**
     * How far decisions are.
     *
     * @param storedIn with the two after it the last message that was decided about, in the order of changes
     * @param readIn all readings by transactions below
     */
    record Progress(long storedIn, UUID threadId, long seq, long readIn) {
        MessagePlace place() {
            return new MessagePlace(storedIn, threadId, seq);
        }
    }

    private static final String PROGRESS = """
            SELECT CAST(CAST(stored_in AS text) AS bigint) AS stored_in, thread_id, seq,
                   CAST(CAST(read_in AS text) AS bigint) AS read_in
            FROM push_progress
            """;

    Progress progress() {
        return handle.createQuery(PROGRESS).map((row, _) -> progress(row)).one();
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return new Progress(
                row.getLong("stored_in"),
                row.getObject("thread_id", UUID.class),
                row.getLong("seq"),
                row.getLong("read_in"));
    }

    private static final String IS_BEHIND = """
            WITH progress AS (
            """ + PROGRESS + """
            ), horizon AS (
            """ + HorizonMapper.SELECT + """
            )
            SELECT progress.*, horizon.*, EXISTS (SELECT FROM push_moment) AS waits
            FROM progress CROSS JOIN horizon
            """;

    /** Whether there may be something to decide about, now or once its grace is over; or another history. */
    boolean isBehind() {
        return handle.createQuery(IS_BEHIND)
                .map((row, context) -> {
                    Horizon horizon = new HorizonMapper().map(row, context);
                    Progress progress = progress(row);
                    return row.getBoolean("waits")
                            || progress.storedIn() < horizon.oldestRunning()
                            || progress.readIn() < horizon.oldestRunning()
                            || progress.storedIn() > horizon.nextUnassigned();
                })
                .one();
    }

    private static final String ADVANCE = """
            UPDATE push_progress
            SET stored_in = CAST(:storedIn AS xid8), thread_id = :thread, seq = :seq, read_in = CAST(:readIn AS xid8)
            """;

    void advance(String storedIn, UUID thread, long seq, String readIn) {
        handle.createUpdate(ADVANCE)
                .bind("storedIn", storedIn)
                .bind("thread", thread)
                .bind("seq", seq)
                .bind("readIn", readIn)
                .execute();
    }

    private static final String NOTE = """
            INSERT INTO push_moment (below, taken_at) VALUES (CAST(:below AS xid8), :now)
            ON CONFLICT ON CONSTRAINT push_moment_pk DO NOTHING
            """;

    void note(String below, Instant now) {
        handle.createUpdate(NOTE).bind("below", below).bind("now", now).execute();
    }

    private static final String DECIDABLE = """
            SELECT CAST(CAST(below AS text) AS bigint)
            FROM push_moment
            WHERE taken_at <= :graceOver
              AND (taken_at <= :patienceOver
                   OR NOT EXISTS (SELECT 1 FROM reach_node
                                  WHERE reach_node.reported_at > :alive AND reach_node.below < push_moment.below))
            ORDER BY push_moment.below DESC
            LIMIT 1
            """;

    /** The newest moment whose grace is over and up to which all nodes that live have reported; or that is too old to wait for them. */
    Optional<Long> decidable(Instant graceOver, Instant patienceOver, Instant alive) {
        return handle.createQuery(DECIDABLE)
                .bind("graceOver", graceOver)
                .bind("patienceOver", patienceOver)
                .bind("alive", alive)
                .map(FirstColumn.NUMBER)
                .findOne();
    }

    private static final String FORGET_MOMENTS =
            "DELETE FROM push_moment WHERE push_moment.below <= CAST(:below AS xid8)";

    void forgetMoments(String below) {
        handle.createUpdate(FORGET_MOMENTS).bind("below", below).execute();
    }

    private static final String MESSAGES = """
            SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in, thread_id, seq
            FROM message
            WHERE (message.changed, thread_id, seq) > (CAST(:storedIn AS xid8), :thread, :seq)
              AND message.changed < CAST(:before AS xid8)
            ORDER BY message.changed, thread_id, seq
            LIMIT :limit
            """;

    /** Messages in the order of changes, those of transactions below {@code before}. */
    List<MessagePlace> messages(String storedIn, UUID thread, long seq, String before, int limit) {
        return handle.createQuery(MESSAGES)
                .bind("storedIn", storedIn)
                .bind("thread", thread)
                .bind("seq", seq)
                .bind("before", before)
                .bind("limit", limit)
                .map(new MessagePlaceMapper())
                .list();
    }

    private static final String DECIDE = """
            INSERT INTO push (user_id, thread_id, seq, decided_at, next_at)
            SELECT member.user_id, message.thread_id, message.seq, :now, :now
            FROM unnest(CAST(:threads AS uuid[]), CAST(:seqs AS bigint[])) AS given (thread_id, seq)
            JOIN message ON message.thread_id = given.thread_id AND message.seq = given.seq
            JOIN thread_member member ON member.thread_id = message.thread_id AND member.last_read_seq < message.seq
            WHERE message.created_at > :fresh
              AND (member.muted_until IS NULL OR member.muted_until <= :now)
              AND EXISTS (SELECT 1 FROM device WHERE device.user_id = member.user_id)
              AND NOT EXISTS (SELECT 1 FROM reach WHERE reach.user_id = member.user_id AND reach.below > message.changed)
            ORDER BY member.user_id, message.thread_id
            ON CONFLICT ON CONSTRAINT push_pk DO UPDATE
            SET seq = excluded.seq, decided_at = excluded.decided_at, next_at = CASE WHEN push.devices IS NOT NULL AND push.sent_seq = push.seq THEN excluded.next_at
                          ELSE coalesce(push.next_at, excluded.next_at) END,
                devices = NULL, verdict = NULL
            WHERE push.seq < excluded.seq
            """;

    /**
     * Has pushes sent, to each member to whom nothing of these messages arrived and who did not read it. A pending push is
     * raised to the newest message, at the time it was to be tried again; at once where only some devices lack it, for the others'
     * sake.
     */
    int decide(UUID[] threads, Long[] seqs, Instant fresh, Instant now) {
        return handle.createUpdate(DECIDE)
                .bind("threads", threads)
                .bind("seqs", seqs)
                .bind("fresh", fresh)
                .bind("now", now)
                .execute();
    }

    /** What is shown, or was to be, is read; anything else waits for its time. */
    private static final String WAS_READ = """
              AND (push.sent_seq IS NOT NULL OR push.next_at IS NOT NULL)
              AND EXISTS (SELECT 1 FROM thread_member reader
                          WHERE reader.thread_id = push.thread_id AND reader.user_id = push.user_id
                            AND (reader.last_read_seq >= push.seq OR reader.last_read_seq >= push.sent_seq))
            """;

    private static final String ANSWERED = """
            UPDATE push SET next_at = :now
            FROM unnest(CAST(:threads AS uuid[]), CAST(:seqs AS bigint[])) AS given (thread_id, seq)
            JOIN message ON message.thread_id = given.thread_id AND message.seq = given.seq
            WHERE push.user_id = message.sender_id AND push.thread_id = message.thread_id
            """ + WAS_READ;

    /**
     * Has notifications looked at again that may be read now, those that are being sent too: of those who wrote these messages
     * themselves.
     */
    void answered(UUID[] threads, Long[] seqs, Instant now) {
        handle.createUpdate(ANSWERED)
                .bind("threads", threads)
                .bind("seqs", seqs)
                .bind("now", now)
                .execute();
    }

    private static final String READING = """
            SELECT CAST(CAST(changed AS text) AS bigint) AS stored_in
            FROM message_read
            WHERE message_read.changed >= CAST(:since AS xid8) AND message_read.changed < CAST(:before AS xid8)
            ORDER BY message_read.changed
            OFFSET :place LIMIT 1
            """;

    /** The transaction of the {@code place}th reading, from 0, of those from {@code since} on; empty where there are fewer. */
    Optional<Long> reading(String since, String before, int place) {
        return handle.createQuery(READING)
                .bind("since", since)
                .bind("before", before)
                .bind("place", place)
                .map(FirstColumn.NUMBER)
                .findOne();
    }

    private static final String READ = """
            UPDATE push SET next_at = :now
            FROM message_read
            WHERE message_read.changed >= CAST(:since AS xid8) AND message_read.changed < CAST(:before AS xid8)
              AND push.user_id = message_read.user_id AND push.thread_id = message_read.thread_id
            """ + WAS_READ;

    /** The same, of those who read. */
    void read(String since, String before, Instant now) {
        handle.createUpdate(READ)
                .bind("since", since)
                .bind("before", before)
                .bind("now", now)
                .execute();
    }

    private static final String FREE =
            "WHERE push.next_at <= :now AND (push.leased_until IS NULL OR push.leased_until <= :now)";

    /** In order, as an index has them: of a table where few are free, PostgreSQL would read all for one. */
    private static final String ANY_FREE = "SELECT push.attempts FROM push " + FREE + " ORDER BY push.next_at LIMIT 1";

    /** Whether there is something to {@linkplain #lease lease}. */
    boolean anyFree(Instant now) {
        return handle.createQuery(ANY_FREE)
                .bind("now", now)
                .map(FirstColumn.NUMBER)
                .findOne()
                .isPresent();
    }

    private static final String LEASE = """
            UPDATE push SET lease = :lease, leased_until = :until
            FROM (SELECT user_id, thread_id FROM push
            """ + FREE + """

                  ORDER BY push.next_at
                  LIMIT :limit
                  FOR UPDATE SKIP LOCKED) free
            WHERE push.user_id = free.user_id AND push.thread_id = free.thread_id
            """;

    int lease(UUID lease, Instant until, Instant now, int limit) {
        return handle.createUpdate(LEASE)
                .bind("lease", lease)
                .bind("until", until)
                .bind("now", now)
                .bind("limit", limit)
                .execute();
    }

    static final String SELECT_FACTS = """
            SELECT member.user_id, message.thread_id, message.id AS message_id, message.seq, message.sender_id,
                   sender.name AS sender_name, thread.title, message.content, message.created_at AS sent_at,
                   member.last_read_seq, member.muted_until,
                   EXISTS (SELECT 1 FROM reach
                           WHERE reach.user_id = member.user_id AND reach.below > message.changed) AS reached,
                   push.seq AS push_seq, push.attempts, push.sent_seq, push.devices, push.sent_at AS pushed_at,
                   push.next_at, push.failure, push.verdict,
                   CAST(CAST(message.changed AS text) AS bigint) AS stored_in
            FROM message
            JOIN thread ON thread.id = message.thread_id
            JOIN app_user sender ON sender.id = message.sender_id
            JOIN thread_member member ON member.thread_id = message.thread_id
            """;

    private static final String LEASED = SELECT_FACTS + """
            JOIN push ON push.thread_id = message.thread_id AND push.seq = message.seq AND push.user_id = member.user_id
            WHERE push.lease = :lease
            """;

    List<PushFacts> leased(UUID lease) {
        return handle.createQuery(LEASED)
                .bind("lease", lease)
                .map(new PushFactsMapper())
                .list();
    }

    private static final String FACTS = SELECT_FACTS + """
            LEFT JOIN push ON push.thread_id = message.thread_id AND push.user_id = member.user_id
            WHERE message.id = :message AND member.user_id = :user
            """;

    Optional<PushFacts> facts(String user, UUID message) {
        return handle.createQuery(FACTS)
                .bind("user", user)
                .bind("message", message)
                .map(new PushFactsMapper())
                .findOne();
    }

    private static final String SETTLE = """
            UPDATE push
            SET lease = NULL, leased_until = NULL, next_at = NULL, devices = NULL, verdict = given.verdict
            FROM unnest(CAST(:users AS text[]), CAST(:threads AS uuid[]), CAST(:verdicts AS text[]))
                 AS given (user_id, thread_id, verdict)
            WHERE push.user_id = given.user_id AND push.thread_id = given.thread_id AND push.lease = :lease
            """;

    /** Nothing is to be done about these. Where nobody reads on what is shown, it stays noted until they do. */
    void settle(UUID lease, String[] users, UUID[] threads, String[] verdicts) {
        handle.createUpdate(SETTLE)
                .bind("lease", lease)
                .bind("users", users)
                .bind("threads", threads)
                .bind("verdicts", verdicts)
                .execute();
    }

    private static final String DEVICES = """
            SELECT user_id, device_id, fcm_token, updated_at
            FROM device
            WHERE user_id = ANY (:users)
            ORDER BY user_id, device_id
            """;

    List<PushDevice> devices(String[] users) {
        return handle.createQuery(DEVICES)
                .bind("users", users)
                .map(new PushDeviceMapper())
                .list();
    }

    /** How many messages a user has not read. */
    record Unread(String userId, long messages) {}

    private static final String UNREAD = """
            SELECT given.user_id, coalesce(
                       (SELECT CAST(sum(thread.last_seq - member.last_read_seq) AS bigint)
                        FROM thread_member member
                        JOIN thread ON thread.id = member.thread_id
                        WHERE member.user_id = given.user_id), 0) AS messages
            FROM unnest(CAST(:users AS text[])) AS given (user_id)
            """;

    List<Unread> unread(String[] users) {
        return handle.createQuery(UNREAD)
                .bind("users", users)
                .map((row, _) -> new Unread(row.getString("user_id"), row.getLong("messages")))
                .list();
    }

    private static final String RECORD = """
            UPDATE push
            SET lease = NULL, leased_until = NULL,
                sent_seq = CASE given.verdict WHEN 'WITHDRAWN' THEN NULL
                           ELSE CASE WHEN given.accepted THEN given.seq ELSE push.sent_seq END END,
                sent_at = CASE WHEN given.accepted THEN :now ELSE push.sent_at END,
                attempts = CASE given.verdict WHEN 'DUE' THEN push.attempts + 1 ELSE 0 END,
                failure = given.failure,
                verdict = CASE WHEN push.seq > given.seq THEN NULL ELSE given.verdict END,
                next_at = CASE WHEN push.seq > given.seq THEN coalesce(given.next_at, :now)
                               WHEN given.verdict = 'SENT' AND EXISTS (
                                   SELECT 1 FROM thread_member reader
                                   WHERE reader.thread_id = given.thread_id AND reader.user_id = given.user_id
                                     AND reader.last_read_seq >= given.seq) THEN :now
                               ELSE given.next_at END,
                devices = CASE WHEN push.seq > given.seq OR given.lacking IS NULL THEN NULL
                          ELSE ARRAY(SELECT jsonb_array_elements_text(CAST(given.lacking AS jsonb))) END
            FROM unnest(CAST(:leases AS uuid[]), CAST(:users AS text[]), CAST(:threads AS uuid[]), CAST(:seqs AS bigint[]),
                        CAST(:verdicts AS text[]), CAST(:accepted AS boolean[]), CAST(:lacking AS text[]),
                        CAST(:nextAts AS timestamptz[]), CAST(:failures AS text[]))
                 AS given (lease, user_id, thread_id, seq, verdict, accepted, lacking, next_at, failure)
            WHERE push.user_id = given.user_id AND push.thread_id = given.thread_id AND push.lease = given.lease
            """;

    /** Where a later message came meanwhile, its push is due, for all devices; where it was read meanwhile, it is looked at again. */
    int record(
            UUID[] leases,
            String[] users,
            UUID[] threads,
            Long[] seqs,
            String[] verdicts,
            Boolean[] accepted,
            @Nullable String[] lacking,
            @Nullable String[] nextAts,
            @Nullable String[] failures,
            Instant now) {
        return handle.createUpdate(RECORD)
                .bind("leases", leases)
                .bind("users", users)
                .bind("threads", threads)
                .bind("seqs", seqs)
                .bind("verdicts", verdicts)
                .bind("accepted", accepted)
                .bind("lacking", lacking)
                .bind("nextAts", nextAts)
                .bind("failures", failures)
                .bind("now", now)
                .execute();
    }

    private static final String REMOVE_DEVICES = """
            DELETE FROM device
            USING unnest(CAST(:users AS text[]), CAST(:devices AS text[]), CAST(:tokens AS text[]),
                         CAST(:times AS timestamptz[])) AS dead (user_id, device_id, fcm_token, updated_at)
            WHERE device.user_id = dead.user_id AND device.device_id = dead.device_id
              AND device.fcm_token = dead.fcm_token AND device.updated_at = dead.updated_at
            """;

    /** Only where the token is still the stored one and was not registered anew since. */
    int removeDevices(String[] users, String[] devices, String[] tokens, String[] times) {
        return handle.createUpdate(REMOVE_DEVICES)
                .bind("users", users)
                .bind("devices", devices)
                .bind("tokens", tokens)
                .bind("times", times)
                .execute();
    }

    private static final String REMOVE_OLD_DEVICES = "DELETE FROM device WHERE device.updated_at < :before";

    int removeDevices(Instant before) {
        return handle.createUpdate(REMOVE_OLD_DEVICES).bind("before", before).execute();
    }
}
