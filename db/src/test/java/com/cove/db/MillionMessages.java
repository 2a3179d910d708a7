package com.cove.db;

/**
 * A million messages: 50,000 threads of three members, one of them with 100,000 messages. User u0 is in 300 threads,
 * the others in about 15. The ids are those of {@link #thread} and {@link #message}.
 */
final class MillionMessages {
    static final int THREADS = 50_000;
    /** Who are in a thread; ten times as many are in none. */
    static final int USERS = 10_000;
    /** The thread with 100,000 messages; u0 is a member. */
    static final int LONG_THREAD = 1;
    /** Ids of past transactions that changes are spread over; every cluster is older than this when it accepts clients. */
    private static final int TRANSACTIONS = 700;

    private MillionMessages() {}

    static void fill(TestDatabase database) {
        database.execute("""
                SET session_replication_role = replica; -- foreign keys hold by construction
                INSERT INTO app_user (id, name) SELECT 'u' || n, 'User ' || n FROM generate_series(0, 10 * %1$d - 1) n;

                INSERT INTO device (user_id, device_id, fcm_token, updated_at)
                SELECT 'u' || n, 'phone', 'token ' || n, timestamptz '2026-01-01' FROM generate_series(0, %1$d - 1) n;

                INSERT INTO thread (id, kind, created_by, last_seq, created_at, updated_at, changed)
                SELECT %3$s, 'group', 'u' || n %% %1$d, CASE n WHEN 1 THEN 100000 ELSE 18 END,
                       at.at, at.at, CAST(CAST(1 + n %% %4$d AS text) AS xid8)
                FROM generate_series(1, %2$d) n,
                     LATERAL (SELECT timestamptz '2026-01-01' + n * interval '10 seconds' AS at) at;

                INSERT INTO thread_member (thread_id, user_id, role, last_read_seq, joined_at, changed)
                SELECT %3$s, 'u' || member.id, 'member', 7, timestamptz '2026-01-01', CAST(CAST(1 + n %% %4$d AS text) AS xid8)
                FROM generate_series(1, %2$d) n,
                     LATERAL (VALUES (CASE WHEN n <= 300 THEN 0 ELSE 1 + n %% 3333 END), (3334 + n %% 3333), (6667 + n %% 3333)) member (id);

                INSERT INTO message (id, thread_id, seq, sender_id, content, client_message_id, created_at, changed)
                SELECT CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-9000-' || lpad(to_hex(seq), 12, '0') AS uuid), %3$s, seq,
                       'u' || 3334 + n %% 3333, 'message ' || seq, CASE WHEN seq %% 2 = 0 THEN 'c' || seq END,
                       timestamptz '2026-01-01' + seq * interval '1 minute',
                       CAST(CAST(1 + least(%4$d - 1, seq * %4$d / CASE n WHEN 1 THEN 100000 ELSE 18 END) AS text) AS xid8)
                FROM generate_series(1, %2$d) n, LATERAL generate_series(1, CASE n WHEN 1 THEN 100000 ELSE 18 END) seq;

                INSERT INTO message_read (message_id, user_id, read_at)
                SELECT message.id, 'u0', message.created_at FROM message WHERE message.seq <= 7;

                INSERT INTO reach (user_id, below) SELECT 'u' || n, '650' FROM generate_series(0, %1$d - 1) n;

                INSERT INTO push (user_id, thread_id, seq, decided_at, verdict, sent_seq, sent_at)
                SELECT user_id, thread_id, 7, timestamptz '2026-01-01', 'SENT', 7, timestamptz '2026-01-01'
                FROM thread_member;
                """.formatted(USERS, THREADS, uuid(), TRANSACTIONS));
        database.execute("ANALYZE");
    }

    /** The text of the n-th thread's id. */
    static String thread(int n) {
        return "%08x-0000-7000-8000-000000000000".formatted(n);
    }

    /** The text of the id of a message of the n-th thread. */
    static String message(int n, long seq) {
        return "%08x-0000-7000-9000-%012x".formatted(n, seq);
    }

    private static String uuid() {
        return "CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000' AS uuid)";
    }
}
