package com.cove.db.sql;

import java.lang.reflect.Type;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;

/**
 * How what the statements bind goes to PostgreSQL. It is the first that JDBI asks, which would otherwise go through two dozen
 * factories for each parameter of each call.
 */
public final class Parameters implements ArgumentFactory.Preparable {
    private static final Map<Type, Optional<Function<Object, Argument>>> KNOWN = Map.of(
            String.class, known(Parameters::text),
            UUID.class, known(Parameters::id),
            Instant.class, known(Parameters::time),
            String[].class, known(values -> array("text", (Object[]) values)),
            UUID[].class, known(values -> ids((UUID[]) values)),
            Long[].class, known(values -> array("bigint", (Object[]) values)),
            Boolean[].class, known(values -> array("boolean", (Object[]) values)));

    @Override
    public Optional<Function<Object, Argument>> prepare(Type type, ConfigRegistry config) {
        return KNOWN.getOrDefault(type, Optional.empty());
    }

    private static Optional<Function<Object, Argument>> known(Function<Object, Argument> factory) {
        return Optional.of(factory);
    }

    private static Argument text(Object value) {
        return (position, statement, _) -> statement.setString(position, (String) value);
    }

    private static Argument id(Object value) {
        return (position, statement, _) -> statement.setObject(position, value);
    }

    /** With its offset: through {@code java.sql.Timestamp} it would pass through the JVM's own zone. */
    private static Argument time(Object value) {
        return (position, statement, _) -> {
            if (value == null) {
                statement.setNull(position, Types.TIMESTAMP_WITH_TIMEZONE);
            } else {
                statement.setObject(position, ((Instant) value).atOffset(ZoneOffset.UTC));
            }
        };
    }

    private static Argument array(String type, Object... values) {
        return (position, statement, _) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }

    private static Argument ids(UUID[] values) {
        return (position, statement, _) -> statement.setObject(position, new UuidArray(values));
    }
}
