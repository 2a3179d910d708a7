package com.cove.db.thread;

import com.cove.db.sql.FirstColumn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record ThreadDao(Handle handle) {
    private static final String TRANSACTION = "SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)";

    /** The transaction that this is. */
    long transaction() {
        return handle.createQuery(TRANSACTION).map(FirstColumn.NUMBER).one();
    }

    private static final String UNKNOWN = """
            SELECT wanted.id
            FROM unnest(CAST(:ids AS text[])) WITH ORDINALITY AS wanted (id, place)
            WHERE NOT EXISTS (SELECT 1 FROM app_user WHERE app_user.id = wanted.id)
            ORDER BY wanted.place
            """;

    /** Those of these ids that nobody has. */
    List<String> unknown(String[] ids) {
        return handle.createQuery(UNKNOWN)
                .bind("ids", ids)
                .map(FirstColumn.TEXT)
                .list();
    }

    private static final String DIRECT = """
            SELECT id FROM thread
            WHERE direct_low = least(:one COLLATE "C", :other COLLATE "C")
              AND direct_high = greatest(:one COLLATE "C", :other COLLATE "C")
            """;

    Optional<UUID> direct(String one, String other) {
        return handle.createQuery(DIRECT)
                .bind("one", one)
                .bind("other", other)
                .map(FirstColumn.ID)
                .findOne();
    }

    private static final String INSERT_DIRECT = """
            INSERT INTO thread (id, kind, direct_low, direct_high, created_by, created_at, updated_at)
            SELECT :id, 'direct', least(:caller COLLATE "C", :other COLLATE "C"),
                   greatest(:caller COLLATE "C", :other COLLATE "C"), :caller, now.at, now.at
            FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) now
            ON CONFLICT ON CONSTRAINT thread_direct_pair DO NOTHING
            RETURNING id
            """;

    /** The id again; empty where the pair has its thread already, also one committed a moment ago. */
    Optional<UUID> insertDirect(UUID id, String caller, String other) {
        return handle.createQuery(INSERT_DIRECT)
                .bind("id", id)
                .bind("caller", caller)
                .bind("other", other)
                .map(FirstColumn.ID)
                .findOne();
    }

    private static final String INSERT_GROUP = """
            INSERT INTO thread (id, kind, title, created_by, created_at, updated_at)
            SELECT :id, 'group', :title, :caller, now.at, now.at
            FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) now
            """;

    void insertGroup(UUID id, @Nullable String title, String caller) {
        handle.createUpdate(INSERT_GROUP)
                .bind("id", id)
                .bind("title", title)
                .bind("caller", caller)
                .execute();
    }

    private static final String INSERT_MEMBERS = """
            INSERT INTO thread_member (thread_id, user_id, role, joined_at)
            SELECT thread.id, member.id,
                   CASE WHEN thread.kind = 'group' AND member.id = thread.created_by THEN 'owner' ELSE 'member' END,
                   thread.created_at
            FROM thread, unnest(CAST(:members AS text[])) AS member (id)
            WHERE thread.id = :id
            """;

    void insertMembers(UUID id, String[] members) {
        handle.createUpdate(INSERT_MEMBERS)
                .bind("id", id)
                .bind("members", members)
                .execute();
    }

    private static final String MEMBERS = """
            SELECT member.user_id
            FROM thread_member own
            JOIN thread_member member ON member.thread_id = own.thread_id
            WHERE own.thread_id = :thread AND own.user_id = :caller
            ORDER BY member.user_id
            """;

    List<String> members(UUID thread, String caller) {
        return handle.createQuery(MEMBERS)
                .bind("thread", thread)
                .bind("caller", caller)
                .map(FirstColumn.TEXT)
                .list();
    }

    private static final String MUTE = """
            UPDATE thread_member SET muted_until = wish.until, changed = pg_current_xact_id()
            FROM (SELECT CASE WHEN CAST(:until AS timestamptz) > clock_timestamp()
                              THEN date_trunc('milliseconds', CAST(:until AS timestamptz)) END AS until) wish
            WHERE thread_id = :thread AND user_id = :caller AND muted_until IS DISTINCT FROM wish.until
            """;

    /** A time that has passed already is no muting, and is stored as none. */
    int mute(UUID thread, String caller, @Nullable Instant until) {
        return handle.createUpdate(MUTE)
                .bind("thread", thread)
                .bind("caller", caller)
                .bindByType("until", until, Instant.class)
                .execute();
    }

    private static final String NOTE_CHANGE = "UPDATE history_epoch SET changed = pg_current_xact_id()";

    /** Notes that something changed which no index of changes shows. */
    void noteChange() {
        handle.createUpdate(NOTE_CHANGE).execute();
    }
}
