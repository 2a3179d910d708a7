package com.cove.db.row;

import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    static Message message(ResultSet row, StatementContext context) throws SQLException {
        UserId sender = new UserId(row.getString("sender_id"));
        String clientMessageId = row.getString("client_message_id");
        return new Message(
                MessageId.of(row.getObject("message_id", UUID.class)),
                ThreadId.of(row.getObject("thread_id", UUID.class)),
                row.getLong("seq"),
                sender,
                row.getString("content"),
                clientMessageId == null ? null : new ClientMessageId(clientMessageId),
                Columns.instant(row, "sent_at"),
                new UserProfile(
                        sender, row.getString("sender_name"), PictureSource.address(row, "sender_image_url", context)));
    }
}
