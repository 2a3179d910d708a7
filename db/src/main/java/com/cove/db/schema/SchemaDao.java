package com.cove.db.schema;

import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

interface SchemaDao {
    /** Fails on an undefined table where a schema is too old to say whom it serves. */
    @SqlQuery("""
            SELECT coalesce(max(CAST(version AS integer)), 0) AS version,
                   (SELECT serves_from FROM schema_contract) AS serves_from
            FROM flyway_schema_history
            WHERE success AND version ~ '^[0-9]+$'
            """)
    @RegisterConstructorMapper(SchemaState.class)
    SchemaState state();

    /** Fails on an undefined table where there is no schema. */
    @SqlQuery("""
            SELECT coalesce(max(CAST(version AS integer)), 0)
            FROM flyway_schema_history
            WHERE success AND version ~ '^[0-9]+$'
            """)
    int version();
}
