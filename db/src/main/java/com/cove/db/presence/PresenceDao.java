package com.cove.db.presence;

import com.cove.db.row.Columns;
import com.cove.db.sql.FirstColumn;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

record PresenceDao(Handle handle) {
    private static final String CIRCLES = """
            SELECT own.id, own.presence_hidden,
                coalesce(array_agg(other.id) FILTER (WHERE other.id IS NOT NULL), '{}') AS contacts,
                coalesce(array_agg(other.id) FILTER (WHERE other.presence_hidden), '{}') AS hidden_contacts
            FROM unnest(CAST(:ids AS text[])) AS given (id)
            JOIN app_user own ON own.id = given.id
            LEFT JOIN LATERAL (
                SELECT DISTINCT theirs.user_id
                FROM thread_member mine
                JOIN thread_member theirs ON theirs.thread_id = mine.thread_id
                WHERE mine.user_id = own.id AND theirs.user_id <> own.id
                LIMIT :max) AS contact ON true
            LEFT JOIN app_user other ON other.id = contact.user_id
            GROUP BY own.id
            """;

    List<Map.Entry<UserId, Circle>> circles(String[] ids, int max) {
        return handle.createQuery(CIRCLES)
                .bind("ids", ids)
                .bind("max", max)
                .map(new CircleMapper())
                .list();
    }

    private static final String HIDDEN = """
            SELECT app_user.id
            FROM unnest(CAST(:ids AS text[])) AS given (id)
            JOIN app_user ON app_user.id = given.id
            WHERE app_user.presence_hidden
            """;

    List<String> hidden(String[] ids) {
        return handle.createQuery(HIDDEN).bind("ids", ids).map(FirstColumn.TEXT).list();
    }

    private static final String HIDE = """
            UPDATE app_user SET presence_hidden = :hidden, presence_changed = pg_current_xact_id()
            WHERE id = :id AND presence_hidden <> :hidden
            """;

    int hide(String id, boolean hidden) {
        return handle.createUpdate(HIDE).bind("id", id).bind("hidden", hidden).execute();
    }

    private static final String CHANGED =
            "SELECT id, presence_hidden FROM app_user WHERE presence_changed >= CAST(:since AS xid8)";

    List<Map.Entry<UserId, Boolean>> changed(String since) {
        return handle.createQuery(CHANGED)
                .bind("since", since)
                .map(new VisibilityMapper())
                .list();
    }

    private static final String SEEN = """
            UPDATE app_user SET last_seen_at = date_trunc('milliseconds', given.at)
            FROM unnest(CAST(:ids AS text[]), CAST(:times AS timestamptz[])) AS given (id, at)
            WHERE app_user.id = given.id AND NOT presence_hidden
                AND (last_seen_at IS NULL OR last_seen_at < date_trunc('milliseconds', given.at))
            """;

    void seen(String[] ids, String[] times) {
        handle.createUpdate(SEEN).bind("ids", ids).bind("times", times).execute();
    }

    private static final String LAST_SEEN =
            "SELECT last_seen_at FROM app_user WHERE id = :id AND last_seen_at IS NOT NULL";

    Optional<Instant> lastSeen(String id) {
        return handle.createQuery(LAST_SEEN)
                .bind("id", id)
                .map((row, _) -> Columns.instant(row, "last_seen_at"))
                .findOne();
    }

    private static final class CircleMapper implements RowMapper<Map.Entry<UserId, Circle>> {
        @Override
        public Map.Entry<UserId, Circle> map(ResultSet row, StatementContext context) throws SQLException {
            return Map.entry(
                    new UserId(row.getString("id")),
                    new Circle(
                            row.getBoolean("presence_hidden"), users(row, "contacts"), users(row, "hidden_contacts")));
        }

        private static Set<UserId> users(ResultSet row, String column) throws SQLException {
            return Arrays.stream((String[]) row.getArray(column).getArray())
                    .map(UserId::new)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static final class VisibilityMapper implements RowMapper<Map.Entry<UserId, Boolean>> {
        @Override
        public Map.Entry<UserId, Boolean> map(ResultSet row, StatementContext context) throws SQLException {
            return Map.entry(new UserId(row.getString("id")), row.getBoolean("presence_hidden"));
        }
    }
}
