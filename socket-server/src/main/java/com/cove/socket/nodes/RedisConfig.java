package com.cove.socket.nodes;

import com.cove.model.config.Environment;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis or Valkey is, from {@code REDIS_URL}; docs/configuration.md says how it is written.
 *
 * @param hosts one, or some of a cluster's
 * @param user empty for Redis's default user
 * @param password empty for none
 */
public record RedisConfig(List<Host> hosts, boolean tls, String user, String password, boolean cluster) {
    static final String VARIABLE = "REDIS_URL";
    private static final int DEFAULT_PORT = 6379;
    private static final int MAX_PORT = 65_535;
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>rediss?)://(?:(?<credentials>[^@/?#]*)@)?(?<hosts>[^@/?#]+)/?(?:\\?(?<options>[^#]*))?");
    private static final Pattern HOST =
            Pattern.compile("(?<name>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?");

    /** One server's address. */
    public record Host(String name, int port) {}

    public RedisConfig {
        hosts = List.copyOf(hosts);
    }

    /** Reads the setting and notes its problems; empty where there is no Redis. */
    public static Optional<RedisConfig> from(Environment env) {
        return env.text(VARIABLE).flatMap(url -> parse(url, env));
    }

    private static Optional<RedisConfig> parse(String url, Environment env) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            env.problem(VARIABLE + " is not of the form redis://user:password@host:port, or rediss:// for TLS;"
                    + " special characters of a password are written in percent form");
            return Optional.empty();
        }
        List<Host> hosts = hosts(parts.group("hosts"));
        String options = Optional.ofNullable(parts.group("options")).orElse("");
        Optional<Boolean> cluster = switch (options) {
            case "" -> Optional.of(hosts.size() > 1);
            case "cluster=true" -> Optional.of(true);
            default -> Optional.empty();
        };
        if (hosts.isEmpty()) {
            env.problem(VARIABLE + " has no valid host and port");
        }
        if (cluster.isEmpty()) {
            env.problem(VARIABLE + " has a parameter other than cluster=true");
        }
        Optional<Credentials> credentials =
                credentials(Optional.ofNullable(parts.group("credentials")).orElse(""), env);
        if (hosts.isEmpty() || cluster.isEmpty() || credentials.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RedisConfig(
                hosts,
                parts.group("scheme").equals("rediss"),
                credentials.get().user,
                credentials.get().password,
                cluster.get()));
    }

    /** All of them, or none where one is wrong. */
    private static List<Host> hosts(String list) {
        List<Host> hosts = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            Matcher host = HOST.matcher(text.strip());
            if (!host.matches()) {
                return List.of();
            }
            int port = host.group("port") == null ? DEFAULT_PORT : Integer.parseInt(host.group("port"));
            if (port < 1 || port > MAX_PORT) {
                return List.of();
            }
            hosts.add(new Host(host.group("name").replaceAll("[\\[\\]]", ""), port));
        }
        return hosts;
    }

    private record Credentials(String user, String password) {}

    /** {@code user:password}, {@code :password} or {@code password}. */
    private static Optional<Credentials> credentials(String text, Environment env) {
        try {
            int colon = text.indexOf(':');
            String user = colon < 0 ? "" : plain(text.substring(0, colon));
            String password = plain(text.substring(colon + 1));
            if (password.isEmpty() && !text.isEmpty()) {
                env.problem(VARIABLE + " names a user without a password");
                return Optional.empty();
            }
            return Optional.of(new Credentials(user, password));
        } catch (IllegalArgumentException e) {
            env.problem(VARIABLE + " has a % that begins no percent form");
            return Optional.empty();
        }
    }

    private static String plain(String percentForm) {
        return URLDecoder.decode(percentForm.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "RedisConfig[hosts=" + hosts + ", tls=" + tls + ", cluster=" + cluster + "]";
    }
}
