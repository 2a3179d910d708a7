package com.cove.db.row;

import com.cove.model.user.PictureConfig;
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

    /**
     * Where a picture is to be had.
     *
     * @param picture as it is stored; null where there is none
     */
    public static @Nullable String address(@Nullable String picture, StatementContext context) {
        return context.getConfig(PictureSource.class).config.address(picture);
    }

    @Override
    public PictureSource createCopy() {
        PictureSource copy = new PictureSource();
        copy.use(config);
        return copy;
    }
}
