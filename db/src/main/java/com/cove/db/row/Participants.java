package com.cove.db.row;

import com.cove.model.thread.MemberRole;
import com.cove.model.thread.Participant;
import com.cove.model.user.UserId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Everybody in a thread, from the arrays of {@link #JOIN}: a row for each member would repeat the thread and its last message. */
final class Participants {
    /** For a statement that reads from {@code thread}. In order of joining; times in milliseconds. */
    static final String JOIN = """
            CROSS JOIN LATERAL (
                SELECT array_agg(member.user_id) AS member_ids, array_agg(member.name) AS member_names,
                       array_agg(member.image_url) AS member_image_urls, array_agg(member.role) AS member_roles,
                       array_agg(member.last_read_seq) AS member_read_seqs,
                       array_agg(CAST(extract(epoch FROM member.last_read_at) * 1000 AS bigint)) AS member_read_times
                FROM (SELECT member.user_id, person.name, person.image_url, member.role,
                             member.last_read_seq, member.last_read_at
                      FROM thread_member member
                      JOIN app_user person ON person.id = member.user_id
                      WHERE member.thread_id = thread.id
                      ORDER BY member.joined_at, member.user_id) member
            ) participants
            """;

    private Participants() {}

    static List<Participant> of(ResultSet row, StatementContext context) throws SQLException {
        Array members = row.getArray("member_ids");
        if (members == null) {
            return List.of();
        }
        String[] ids = (String[]) members.getArray();
        @Nullable String[] names = texts(row, "member_names");
        @Nullable String[] pictures = texts(row, "member_image_urls");
        String[] roles = texts(row, "member_roles");
        Long[] readSeqs = numbers(row, "member_read_seqs");
        @Nullable Long[] readTimes = numbers(row, "member_read_times");
        return IntStream.range(0, ids.length)
                .mapToObj(i -> new Participant(
                        new UserId(ids[i]),
                        names[i],
                        PictureSource.address(pictures[i], context),
                        MemberRole.valueOf(roles[i].toUpperCase(Locale.ROOT)),
                        readSeqs[i],
                        time(readTimes[i])))
                .toList();
    }

    private static String[] texts(ResultSet row, String column) throws SQLException {
        return (String[]) row.getArray(column).getArray();
    }

    private static Long[] numbers(ResultSet row, String column) throws SQLException {
        return (Long[]) row.getArray(column).getArray();
    }

    private static @Nullable Instant time(@Nullable Long milliseconds) {
        return milliseconds == null ? null : Instant.ofEpochMilli(milliseconds);
    }
}
