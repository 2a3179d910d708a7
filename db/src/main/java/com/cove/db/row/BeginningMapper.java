package com.cove.db.row;

import com.cove.db.history.StoredEvent;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A thread as it began, from {@code thread_id, kind, title, created_at, stored_in} and {@link Participants#JOIN}: without messages,
 * before anybody read one, and without anything of one member's own.
 */
public final class BeginningMapper implements RowMapper<StoredEvent<ThreadCreated>> {
    @Override
    public StoredEvent<ThreadCreated> map(ResultSet row, StatementContext context) throws SQLException {
        Instant createdAt = Columns.instant(row, "created_at");
        ChatThread thread = new ChatThread(
                ThreadId.of(row.getObject("thread_id", UUID.class)),
                ThreadKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("title"),
                Participants.of(row, context).stream()
                        .map(BeginningMapper::atFirst)
                        .toList(),
                null,
                0,
                0,
                null,
                createdAt,
                createdAt);
        return new StoredEvent<>(new ThreadCreated(thread), row.getLong("stored_in"));
    }

    private static Participant atFirst(Participant member) {
        return new Participant(member.id(), member.name(), member.imageUrl(), member.role(), 0, null);
    }
}
