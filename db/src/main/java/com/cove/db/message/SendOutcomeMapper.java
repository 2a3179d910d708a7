package com.cove.db.message;

import com.cove.model.message.Message;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * An outcome by its send's {@code place}: a message, {@code is_new}, {@code stored_in} and the array {@code member_ids}, null for a known
 * thread.
 *
 * @param message reads the message
 * @param known the members of threads as they were known before the statement
 * @param learning is told of the others
 */
record SendOutcomeMapper(RowMapper<Message> message, Map<ThreadId, List<UserId>> known, KnownMembers learning)
        implements RowMapper<Map.Entry<Integer, SendOutcome>> {

    static SendOutcomeMapper of(List<Send> sends, RowMapper<Message> message, KnownMembers members) {
        Map<ThreadId, List<UserId>> known = new HashMap<>();
        for (Send send : sends) {
            ThreadId thread = send.request().threadId();
            List<UserId> these = members.of(thread);
            if (these != null) {
                known.put(thread, these);
            }
        }
        return new SendOutcomeMapper(message, known, members);
    }

    /** Of the sends' threads those whose members are to be read: none, where all were written to lately. */
    UUID[] unknownThreads(List<Send> sends) {
        return sends.stream()
                .filter(send -> !known.containsKey(send.request().threadId()))
                .flatMap(send -> send.request().threadId().uuid().stream())
                .toArray(UUID[]::new);
    }

    @Override
    public RowMapper<Map.Entry<Integer, SendOutcome>> specialize(ResultSet rows, StatementContext context)
            throws SQLException {
        return new SendOutcomeMapper(message.specialize(rows, context), known, learning);
    }

    @Override
    public Map.Entry<Integer, SendOutcome> map(ResultSet row, StatementContext context) throws SQLException {
        Message sent = message.map(row, context);
        return Map.entry(
                row.getInt("place"),
                new SendOutcome(
                        sent,
                        row.getBoolean("is_new"),
                        members(sent.threadId(), row.getArray("member_ids")),
                        row.getLong("stored_in")));
    }

    private List<UserId> members(ThreadId thread, @Nullable Array read) throws SQLException {
        if (read == null) {
            return Objects.requireNonNull(known.get(thread));
        }
        // Of the kind that List.copyOf takes as it is, for each message of the thread.
        List<UserId> members =
                Stream.of((String[]) read.getArray()).map(UserId::new).collect(Collectors.toUnmodifiableList());
        learning.learn(thread, members);
        return members;
    }
}
