package com.cove.db.row;

import com.cove.model.user.PictureConfig;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.config.JdbiConfig;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Turns the pictures of rows into addresses: the one place where it is done, for sockets and REST alike. */
public final class PictureSource implements JdbiConfig<PictureSource> {
    private volatile PictureConfig config = PictureConfig.none();

    /** Public because JDBI creates it. */
    public PictureSource() {}

    /** Where keys lead from now on. */
    public void use(PictureConfig pictures) {
        config = pictures;
    }

    static @Nullable String address(ResultSet row, String column, StatementContext context) throws SQLException {
        return context.getConfig(PictureSource.class).config.address(row.getString(column));
    }

    @Override
    public PictureSource createCopy() {
        PictureSource copy = new PictureSource();
        copy.use(config);
        return copy;
    }
}
