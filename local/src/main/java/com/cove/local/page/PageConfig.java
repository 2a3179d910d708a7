package com.cove.local.page;

import com.cove.model.json.Json;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the page is told, as {@code /local/config.json}.
 *
 * @param projectId the Firebase project that tokens are for
 * @param socketUrl where the socket server is, such as {@code http://localhost:3001}
 * @param phones whether {@code /local/phones.json} shows what pushes came to a phone
 */
public record PageConfig(String projectId, String socketUrl, SignIn auth, boolean phones) {

    /**
     * Where the page's tokens come from.
     *
     * @param kind {@code local}: made in the browser, unsigned; {@code emulator}: the Firebase Auth emulator
     * @param url the emulator's address
     */
    public record SignIn(
            String kind,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String url) {
        public static SignIn local() {
            return new SignIn("local", null);
        }

        public static SignIn emulator(String url) {
            return new SignIn("emulator", url);
        }
    }

    byte[] json() {
        return Json.bytes(this);
    }

    /** Where the page may connect to: its own origin, the socket server, and the emulator. */
    String connectSources() {
        String sources = "'self' " + socketUrl + " " + socketUrl.replaceFirst("^http", "ws");
        return auth.url() == null ? sources : sources + " " + auth.url();
    }
}
