package com.cove.db.row;

import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A message with its sender, from the columns {@code message_id, thread_id, seq, sender_id, content, client_message_id,
 * sent_at, sender_name, sender_image_url}.
 */
public final class MessageMapper implements RowMapper<Message> {
    @Override
    public Message map(ResultSet row, StatementContext context) throws SQLException {
        return message(row, context);
    }

    /** For all rows of a result: the columns are looked for once. */
    @Override
    public RowMapper<Message> specialize(ResultSet rows, StatementContext context) throws SQLException {
        Places places = Places.in(rows);
        return places::message;
    }

    static Message message(ResultSet row, StatementContext context) throws SQLException {
        return Places.in(row).message(row, context);
    }

    /** Where the columns are: to look for each by its name is a good part of what a row costs. */
    private record Places(
            int id,
            int thread,
            int seq,
            int sender,
            int content,
            int clientMessageId,
            int sentAt,
            int senderName,
            int senderImage) {
        static Places in(ResultSet rows) throws SQLException {
            return new Places(
                    rows.findColumn("message_id"),
                    rows.findColumn("thread_id"),
                    rows.findColumn("seq"),
                    rows.findColumn("sender_id"),
                    rows.findColumn("content"),
                    rows.findColumn("client_message_id"),
                    rows.findColumn("sent_at"),
                    rows.findColumn("sender_name"),
                    rows.findColumn("sender_image_url"));
        }

        Message message(ResultSet row, StatementContext context) throws SQLException {
            UserId by = new UserId(row.getString(sender));
            String attempt = row.getString(clientMessageId);
            return new Message(
                    MessageId.of(row.getObject(id, UUID.class)),
                    ThreadId.of(row.getObject(thread, UUID.class)),
                    row.getLong(seq),
                    by,
                    row.getString(content),
                    attempt == null ? null : new ClientMessageId(attempt),
                    row.getObject(sentAt, OffsetDateTime.class).toInstant(),
                    new UserProfile(
                            by, row.getString(senderName), PictureSource.address(row.getString(senderImage), context)));
        }
    }
}
