package com.cove.local.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The files of the chat page. */
public final class Page {
    /** No dot at the start of a name: nothing leads out of the folder. */
    private static final Pattern PATH = Pattern.compile("(/[a-z0-9_-][a-z0-9._-]*)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    private final PageConfig config;
    private final Function<String, byte[]> phones;

    /** @param phones answers what the phone of an FCM token shows, as JSON; asked only where the settings say that there are phones */
    public Page(PageConfig config, Function<String, byte[]> phones) {
        this.config = config;
        this.phones = phones;
    }

    /** A file and the headers it is sent with. */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    public record PageFile(byte[] content, Map<String, String> headers) {}

    /** The file that a path names; empty where there is none. What is no file of the folder is made for the request. */
    public Optional<PageFile> file(String path, Map<String, String> parameters) {
        if (path.equals("/local/config.json")) {
            return Optional.of(new PageFile(config.json(), headers("json")));
        }
        if (path.equals("/local/phones.json") && config.phones() && parameters.containsKey("token")) {
            return Optional.of(new PageFile(phones.apply(parameters.getOrDefault("token", "")), headers("json")));
        }
        String name = path.equals("/") ? "/index.html" : path;
        String extension = name.substring(name.lastIndexOf('.') + 1);
        if (!PATH.matcher(name).matches() || !TYPES.containsKey(extension)) {
            return Optional.empty();
        }
        return content(name).map(content -> new PageFile(content, headers(extension)));
    }

    private static Optional<byte[]> content(String name) {
        try (InputStream file = Page.class.getResourceAsStream("/web" + name)) {
            return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing from elsewhere, nothing inline: text that got in as HTML could still do nothing. */
    private Map<String, String> headers(String extension) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("content-type", TYPES.getOrDefault(extension, "application/octet-stream"));
        headers.put("cache-control", "no-cache");
        headers.put("x-content-type-options", "nosniff");
        headers.put("referrer-policy", "no-referrer");
        headers.put("cross-origin-opener-policy", "same-origin");
        headers.put(
                "content-security-policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src "
                        + config.connectSources() + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        return headers;
    }
}
