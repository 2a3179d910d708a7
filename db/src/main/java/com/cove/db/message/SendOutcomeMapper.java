package com.cove.db.message;

import com.cove.db.row.MessageMapper;
import com.cove.model.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * An outcome by its send's {@code place}: a message as {@link MessageMapper} reads it, {@code is_new}, the array
 * {@code member_ids} and {@code stored_in}.
 */
final class SendOutcomeMapper implements RowMapper<Map.Entry<Integer, SendOutcome>> {
    private final MessageMapper message = new MessageMapper();

    @Override
    public Map.Entry<Integer, SendOutcome> map(ResultSet row, StatementContext context) throws SQLException {
        String[] memberIds = (String[]) row.getArray("member_ids").getArray();
        List<UserId> members = Stream.of(memberIds).map(UserId::new).toList();
        return Map.entry(
                row.getInt("place"),
                new SendOutcome(
                        message.map(row, context), row.getBoolean("is_new"), members, row.getLong("stored_in")));
    }
}
