package com.cove.db.row;

import com.cove.model.thread.MemberRole;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** A participant, and the thread it takes part in. */
record MemberRow(ThreadId threadId, Participant participant) {

    static final class Mapper implements RowMapper<MemberRow> {
        @Override
        public MemberRow map(ResultSet row, StatementContext context) throws SQLException {
            return new MemberRow(
                    ThreadId.of(row.getObject("thread_id", UUID.class)),
                    new Participant(
                            new UserId(row.getString("user_id")),
                            row.getString("name"),
                            PictureSource.address(row.getString("image_url"), context),
                            MemberRole.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                            row.getLong("last_read_seq"),
                            Columns.instantOrNull(row, "last_read_at")));
        }
    }
}
