package com.cove.db;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What somebody who operates this can do about a connection that failed; shows no password, no user and none of a server's texts. */
final class ConnectionTrouble {
    private static final Set<String> REFUSED = Set.of("28P01", "28000");
    private static final String CONNECTION_REJECTED = "08004";
    private static final String CONNECTION_FAILURE = "08006";
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String NO_CONNECTION_LEFT = "53300";
    private static final String STARTING = "57P03";

    private ConnectionTrouble() {}

    /** True where PostgreSQL does not take user or password. */
    static boolean isRefusal(Throwable failure) {
        return REFUSED.contains(state(failure));
    }

    /** The same, of a failure somewhere above a pool: that of its last attempt. */
    static String sentenceOf(Throwable failure) {
        return causes(failure)
                .filter(NoConnection.class::isInstance)
                .reduce((_, deeper) -> deeper)
                .map(last -> String.valueOf(last.getMessage()))
                .orElse("PostgreSQL cannot be used");
    }

    /** The sentence. */
    static String sentence(Throwable failure) {
        if (failure instanceof UnreadableSecret) {
            return String.valueOf(failure.getMessage());
        }
        if (has(failure, CertificateExpiredException.class) || has(failure, CertificateNotYetValidException.class)) {
            return "The certificate of PostgreSQL has expired, or the clock here is wrong";
        }
        if (has(failure, SSLException.class)) {
            return has(failure, CertPathValidatorException.class) || isUntrusted(failure)
                    ? "The certificate of PostgreSQL is from an authority that is not trusted here: sslrootcert in the URL names another"
                    : "PostgreSQL and this program do not agree on TLS";
        }
        return ofState(state(failure), String.valueOf(failure.getMessage()));
    }

    /** @param text of the driver, in any language, of which only names are looked at */
    private static String ofState(String state, String text) {
        return switch (state) {
            case "28P01", "28000" -> "PostgreSQL refuses the user or the password";
            case CONNECTION_REJECTED ->
                text.contains("SSL")
                        ? "PostgreSQL offers no TLS, and without it nothing is sent to another machine"
                        : "PostgreSQL and this program do not agree on how to log in: there may be no password";
            case CONNECTION_FAILURE ->
                text.contains("HostnameVerifier")
                        ? "The certificate of PostgreSQL is for another name than the one in the URL"
                        : "The connection to PostgreSQL broke while it was made";
            case NO_SUCH_DATABASE -> "PostgreSQL has no database of that name";
            case NO_CONNECTION_LEFT -> "PostgreSQL has no connection left";
            case STARTING -> "PostgreSQL is starting or stopping";
            case "08001" -> "PostgreSQL cannot be reached";
            default -> "PostgreSQL cannot be used (" + state + ")";
        };
    }

    private static boolean isUntrusted(Throwable failure) {
        return causes(failure).anyMatch(cause -> cause.getClass().getName().endsWith("CertPathBuilderException"));
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        return causes(failure).anyMatch(kind::isInstance);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private static String state(Throwable failure) {
        return failure instanceof SQLException sql
                ? Optional.ofNullable(sql.getSQLState()).orElse("")
                : failure.getClass().getSimpleName();
    }
}
