package com.cove.db;

import com.cove.model.config.Environment;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the database is, of the two ways to say it; both may be used if they agree. */
final class DatabaseAddress {
    private static final String URL = "DATABASE_URL";
    private static final String ENDPOINT = "RDS_ENDPOINT";
    private static final String DATABASE = "RDS_DATABASE";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(?::\\d{1,5})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}");
    private static final String DEFAULT_PORT = ":5432";

    private DatabaseAddress() {}

    /** As {@link DatabaseConfig#of} reads it; notes every problem, and is empty where there is one. */
    static Optional<DatabaseConfig> from(Environment env) {
        Optional<String> url = env.text(URL);
        Optional<String> endpoint = env.text(ENDPOINT);
        Optional<DatabaseConfig> ofUrl = url.flatMap(text -> env.part(() -> DatabaseConfig.of(text)));
        Optional<DatabaseConfig> ofEndpoint = endpoint.flatMap(host -> ofEndpoint(host, env));
        boolean secret = env.text(DatabaseConfig.SECRET).isPresent();
        if (url.isEmpty() && endpoint.isEmpty()) {
            env.problem(
                    secret
                            ? DatabaseConfig.SECRET + " needs " + URL + " or " + ENDPOINT
                                    + " to say where the database is"
                            : URL + " is missing: set it to postgresql://user:password@host:port/database");
        }
        if (url.isEmpty() && endpoint.isPresent() && !secret) {
            env.problem(ENDPOINT + " needs " + DatabaseConfig.SECRET + " for user and password, or " + URL
                    + " in its place");
        }
        if (endpoint.isEmpty() && env.text(DATABASE).isPresent()) {
            env.problem(DATABASE + " goes with " + ENDPOINT + ", which is missing");
        }
        if (ofUrl.isPresent() && ofEndpoint.isPresent() && !address(ofUrl.get()).equals(address(ofEndpoint.get()))) {
            env.problem(ENDPOINT + " and " + DATABASE + " lead elsewhere than " + URL + ": leave one of the two out");
        }
        return url.isPresent() ? ofUrl : ofEndpoint;
    }

    private static Optional<DatabaseConfig> ofEndpoint(String host, Environment env) {
        String name = env.text(DATABASE, "cove");
        boolean good = true;
        if (!HOST.matcher(host).matches()) {
            env.problem(ENDPOINT + " must be a host, or host:port");
            good = false;
        }
        if (!NAME.matcher(name).matches()) {
            env.problem(DATABASE + " must be a database's name, of letters, digits, - and _");
            good = false;
        }
        return good ? env.part(() -> DatabaseConfig.of("postgresql://" + host + "/" + name)) : Optional.empty();
    }

    private static String address(DatabaseConfig config) {
        return config.url().replaceFirst("(//[^:/,]+)/", "$1" + DEFAULT_PORT + "/");
    }
}
