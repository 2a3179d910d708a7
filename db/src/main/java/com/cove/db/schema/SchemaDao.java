package com.cove.db.schema;

import org.jdbi.v3.core.Handle;

record SchemaDao(Handle handle) {
    private static final String STATE = """
            SELECT coalesce(max(CAST(version AS integer)), 0) AS version,
                   (SELECT serves_from FROM schema_contract) AS serves_from
            FROM flyway_schema_history
            WHERE success AND version ~ '^[0-9]+$'
            """;

    /** Fails on an undefined table where a schema is too old to say whom it serves. */
    SchemaState state() {
        return handle.createQuery(STATE)
                .map((row, _) -> new SchemaState(row.getInt("version"), row.getInt("serves_from")))
                .one();
    }

    private static final String VERSION = """
            SELECT coalesce(max(CAST(version AS integer)), 0)
            FROM flyway_schema_history
            WHERE success AND version ~ '^[0-9]+$'
            """;

    /** Fails on an undefined table where there is no schema. */
    int version() {
        return handle.createQuery(VERSION).map((row, _) -> row.getInt(1)).one();
    }
}
