package com.cove.db.row;

import com.cove.db.history.Horizon;
import com.cove.db.history.HorizonMapper;
import com.cove.model.thread.ChatThread;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Some of a viewer's threads, newest activity first.
 *
 * @param horizon of the snapshot that all of them were read from
 */
public record ThreadListing(Horizon horizon, List<ChatThread> threads) {
    public ThreadListing {
        threads = List.copyOf(threads);
    }

    /** The rows of a listing: each has the horizon, and without any thread there is one that has nothing else. */
    static final class Rows {
        private final ThreadMapper mapper = new ThreadMapper();
        private final List<ChatThread> threads = new ArrayList<>();
        private @Nullable Horizon horizon;

        Rows with(ResultSet row, StatementContext context) throws SQLException {
            if (horizon == null) {
                horizon = new HorizonMapper().map(row, context);
            }
            if (row.getString("thread_id") != null) {
                threads.add(mapper.map(row, context));
            }
            return this;
        }

        ThreadListing listing() {
            return new ThreadListing(Objects.requireNonNull(horizon), threads);
        }
    }
}
