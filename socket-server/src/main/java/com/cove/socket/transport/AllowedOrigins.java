package com.cove.socket.transport;

import com.cove.model.config.Environment;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The web pages that may use this server. What is no browser names no origin, and is let in: what protects a user is the
 * token; the list keeps other sites' pages from spending a visitor's.
 */
public final class AllowedOrigins {
    private static final String ANY = "*";
    /** Scheme, host or {@code *.} and host, port; no path. */
    private static final Pattern FORM = Pattern.compile("https?://(\\*\\.)?[a-z0-9.\\[\\]:-]+|null");

    private final boolean any;
    private final Set<String> exact;
    /** What precedes and what follows the name of a subdomain. */
    private final List<Subdomains> subdomains;

    private record Subdomains(String scheme, String parent) {
        boolean contain(String origin) {
            return origin.startsWith(scheme)
                    && origin.endsWith(parent)
                    && origin.length() > scheme.length() + parent.length();
        }
    }

    private AllowedOrigins(List<String> entries) {
        this.any = entries.isEmpty() || entries.contains(ANY);
        this.exact = entries.stream().filter(entry -> !entry.contains(ANY)).collect(Collectors.toUnmodifiableSet());
        this.subdomains = entries.stream()
                .filter(entry -> entry.contains("*."))
                .map(entry -> entry.split("\\*", 2))
                .map(parts -> new Subdomains(parts[0], parts[1]))
                .toList();
    }

    static AllowedOrigins from(Environment env, String name) {
        List<String> entries = env.list(name).stream()
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .toList();
        if (!entries.stream()
                .allMatch(entry -> entry.equals(ANY) || FORM.matcher(entry).matches())) {
            env.problem(name + " must be a list of origins such as https://app.example.com or https://*.example.com");
            return new AllowedOrigins(List.of());
        }
        return new AllowedOrigins(entries);
    }

    /** @param origin the header of a request; null where it has none */
    boolean allow(@Nullable String origin) {
        if (any || origin == null) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        return exact.contains(lower) || subdomains.stream().anyMatch(parent -> parent.contain(lower));
    }
}
