package com.cove.db.sql;

import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/** Mappers of rows that are one value, never null: named at the statement, so that JDBI need not look one up for each call. */
public final class FirstColumn {
    public static final RowMapper<String> TEXT = (row, _) -> row.getString(1);
    public static final RowMapper<UUID> ID = (row, _) -> row.getObject(1, UUID.class);
    public static final RowMapper<Long> NUMBER = (row, _) -> row.getLong(1);
    public static final RowMapper<Boolean> TRUTH = (row, _) -> row.getBoolean(1);

    private FirstColumn() {}
}
