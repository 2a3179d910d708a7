package com.cove.db;

import com.cove.model.config.Environment;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a connection must be protected, by where it leads. On this machine: as the URL says. To any other: encrypted, and with a
 * server that proves its name, unless the URL asks for less in so many words; never in clear.
 */
final class DatabaseTls {
    private static final String MODE = "sslmode";
    private static final String FACTORY = "sslfactory";
    private static final String VERIFY_FULL = "verify-full";
    private static final Pattern LOOPBACK = Pattern.compile("localhost|.+\\.localhost|127(?:\\.\\d{1,3}){3}|\\[::1]|");
    private static final Set<String> MODES = Set.of("disable", "allow", "prefer", "require", "verify-ca", VERIFY_FULL);
    private static final Set<String> IN_CLEAR = Set.of("disable", "allow", "prefer");
    /** Whoever says whom to trust, or with which key to prove oneself, is the driver's own business. */
    private static final Set<String> OWN_TRUST = Set.of("sslrootcert", "sslcert", "sslkey", FACTORY);

    private DatabaseTls() {}

    /** The driver's settings for production; notes what is too little. */
    static Map<String, String> required(String jdbcUrl, Map<String, String> properties, Environment env) {
        // A service file names the host, and nobody here reads it.
        if (isLocal(jdbcUrl) && !properties.containsKey("service")) {
            return properties;
        }
        Map<String, String> protectedly = new TreeMap<>(properties);
        String mode = mode(properties);
        protectedly.put(MODE, mode);
        if (!MODES.contains(mode)) {
            env.problem("DATABASE_URL has an sslmode that there is not: it is verify-full, verify-ca or require");
        }
        if (IN_CLEAR.contains(mode)) {
            env.problem("DATABASE_URL has sslmode=" + mode + ", and its host is another machine: passwords and messages"
                    + " would cross the network in clear. Leave sslmode out, which verifies the server");
        }
        if (mode.equals("verify-ca") && !properties.containsKey("sslrootcert")) {
            env.problem("DATABASE_URL has sslmode=verify-ca without sslrootcert: any server with a public certificate"
                    + " would do. Leave sslmode out, or name the authority");
        }
        if (mode.startsWith("verify") && properties.getOrDefault(FACTORY, "").endsWith("NonValidatingFactory")) {
            env.problem("DATABASE_URL has an sslfactory that verifies nothing, and sslmode=" + mode);
        }
        if (mode.equals(VERIFY_FULL) && OWN_TRUST.stream().noneMatch(properties::containsKey)) {
            protectedly.put(FACTORY, TrustedSockets.class.getName());
        }
        return protectedly;
    }

    /** The driver takes {@code ssl=true} for verify-full, and so does everything without a word about it here. */
    private static String mode(Map<String, String> properties) {
        String ssl = properties.getOrDefault("ssl", "true");
        boolean wanted = ssl.isEmpty() || ssl.equalsIgnoreCase("true");
        return properties.getOrDefault(MODE, wanted ? VERIFY_FULL : "disable");
    }

    private static boolean isLocal(String jdbcUrl) {
        String address = jdbcUrl.replaceFirst("^jdbc:postgresql:", "");
        return !address.startsWith("//")
                || hosts(address).allMatch(host -> LOOPBACK.matcher(host).matches());
    }

    /** Of {@code //host:port,host:port/database}, without the ports. */
    private static Stream<String> hosts(String address) {
        String hosts = address.substring(2).replaceFirst("/.*", "");
        return Stream.of(hosts.split(",", -1)).map(host -> host.replaceFirst(":\\d*$", ""));
    }
}
