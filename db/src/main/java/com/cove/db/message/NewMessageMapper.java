package com.cove.db.message;

import com.cove.db.row.PictureSource;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.user.UserProfile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A message that was stored just now, from the columns {@code place, seq, sent_at, sender_name, sender_image_url}. All else is as it was given: stored
 * verbatim, it need not come back.
 *
 * @param sends by their places, the first of which is 1
 * @param ids theirs
 */
record NewMessageMapper(List<Send> sends, List<UUID> ids) implements RowMapper<Message> {
    @Override
    public Message map(ResultSet row, StatementContext context) throws SQLException {
        int at = row.getInt("place") - 1;
        Send send = sends.get(at);
        SendMessage given = send.request();
        return new Message(
                MessageId.of(ids.get(at)),
                given.threadId(),
                row.getLong("seq"),
                send.sender(),
                given.content(),
                given.clientMessageId(),
                row.getObject("sent_at", OffsetDateTime.class).toInstant(),
                new UserProfile(
                        send.sender(),
                        row.getString("sender_name"),
                        PictureSource.address(row.getString("sender_image_url"), context)));
    }
}
