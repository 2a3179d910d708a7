package com.cove.db;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The usual ways to write where a PostgreSQL is, as the JDBC driver wants them. Messages never quote the URL, which
 * holds a password.
 */
record DatabaseUrl(
        String jdbcUrl, @Nullable String user, @Nullable String password, Map<String, String> properties) {
    /** scheme, credentials up to the last @, hosts, database, parameters. */
    private static final Pattern URL =
            Pattern.compile("postgres(?:ql)?://(?:([^/?]*)@)?([^/?@]*)/?([^?]*)(?:\\?(.*))?");

    private static final Pattern HOST = Pattern.compile("(?:\\[[0-9A-Fa-f:.%a-z]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final String JDBC = "jdbc:postgresql:";
    /** Parameters of Prisma's engine and of poolers: they have no meaning to the driver. */
    private static final Set<String> MEANINGLESS = Set.of(
            "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size", "sslaccept", "pgbouncer");
    /** What libpq and Prisma call by another name than the driver. */
    private static final Map<String, String> DRIVER_NAMES = Map.of(
            "schema", "currentSchema",
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "channel_binding", "channelBinding");

    static DatabaseUrl parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "DATABASE_URL is missing: set it to postgresql://user:password@host:port/database.");
        }
        return text.startsWith(JDBC) ? ofJdbc(text) : ofPostgres(text);
    }

    /** The driver reads such a URL itself; only credentials are taken out of it, so that nothing prints them. */
    private static DatabaseUrl ofJdbc(String text) {
        int query = text.indexOf('?');
        String address = query < 0 ? text : text.substring(0, query);
        if (address.length() == JDBC.length() || address.contains("@")) {
            throw new IllegalArgumentException(
                    "DATABASE_URL is not a JDBC URL of PostgreSQL: jdbc:postgresql://host:port/database?user=…&password=….");
        }
        Map<String, String> parameters =
                query < 0 ? new TreeMap<>() : parameters(text.substring(query + 1), DatabaseUrl::formDecoded);
        String user = parameters.remove("user");
        String password = parameters.remove("password");
        return new DatabaseUrl(address, user, password, parameters);
    }

    private static DatabaseUrl ofPostgres(String text) {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "DATABASE_URL is not of the form postgresql://user:password@host:port/database.");
        }
        String database = percentDecoded(parts.group(3));
        if (database.isEmpty()) {
            throw new IllegalArgumentException("DATABASE_URL names no database: postgresql://…host:port/database.");
        }
        Map<String, String> parameters = parts.group(4) == null
                ? new TreeMap<>()
                : driverNames(parameters(parts.group(4), DatabaseUrl::percentDecoded));
        String credentials = parts.group(1) == null ? "" : parts.group(1);
        int colon = credentials.indexOf(':');
        String user = colon < 0 ? credentials : credentials.substring(0, colon);
        String password = colon < 0 ? null : percentDecoded(credentials.substring(colon + 1));
        return new DatabaseUrl(
                JDBC + "//" + hosts(parts.group(2)) + "/" + formEncoded(database),
                user.isEmpty() ? null : percentDecoded(user),
                password,
                parameters);
    }

    private static String hosts(String text) {
        String hosts = text.isEmpty() ? "localhost" : text;
        for (String host : hosts.split(",", -1)) {
            Matcher parts = HOST.matcher(host);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "DATABASE_URL has no valid host and port; in a user or password write / ? # [ ] @ and : as %2F and so on.");
            }
            if (parts.group(1) != null
                    && (Integer.parseInt(parts.group(1)) < 1 || Integer.parseInt(parts.group(1)) > 65_535)) {
                throw new IllegalArgumentException("DATABASE_URL has a port that is not within 1 to 65535.");
            }
        }
        return hosts;
    }

    private static Map<String, String> parameters(String query, UnaryOperator<String> decode) {
        Map<String, String> parameters = new TreeMap<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        decode.apply(parameter.substring(0, equals)), decode.apply(parameter.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static Map<String, String> driverNames(Map<String, String> parameters) {
        Map<String, String> properties = new TreeMap<>();
        parameters.forEach((name, value) -> {
            if (!MEANINGLESS.contains(name)) {
                properties.put(DRIVER_NAMES.getOrDefault(name, name), value);
            }
        });
        // A pooler in transaction mode gives every transaction another session: prepared statements do not survive.
        if ("true".equals(parameters.get("pgbouncer"))) {
            properties.putIfAbsent("prepareThreshold", "0");
        }
        return properties;
    }

    /** Percent-encoding as URIs have it: a plus sign is a plus sign. */
    private static String percentDecoded(String text) {
        return formDecoded(text.replace("+", "%2B"));
    }

    private static String formDecoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The cause's text would quote what may be a password.
            throw new IllegalArgumentException("DATABASE_URL has a % that is not followed by two hexadecimal digits.");
        }
    }

    private static String formEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Without the password and the parameters, which may hold one. */
    @Override
    public String toString() {
        return "DatabaseUrl[" + jdbcUrl + ", user=" + user + "]";
    }
}
