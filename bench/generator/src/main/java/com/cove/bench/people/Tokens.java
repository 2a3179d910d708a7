package com.cove.bench.people;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Firebase ID tokens: signed as Google does where there is a key, as those of local mode where there is none. */
public final class Tokens {
    private static final int SECONDS_OF_LIFE = 3_600;
    /** Of whoever checks it, whose clock may be behind. */
    private static final int SECONDS_OF_AGE = 5;

    private final String project;
    private final String header;
    private final @Nullable PrivateKey key;

    /** Reads {@code project}, {@code key} (a PEM file) and {@code kid}. */
    public Tokens(Settings settings) throws Trouble {
        project = settings.text("project", "cove-local");
        Optional<String> file = settings.text("key");
        String kid = settings.text("kid", "key-1");
        key = file.isPresent() ? read(Path.of(file.get())) : null;
        ObjectNode json =
                Voice.object().put("alg", key == null ? "none" : "RS256").put("typ", "JWT");
        header = base64(key == null ? json : json.put("kid", kid));
    }

    private static PrivateKey read(Path file) throws Trouble {
        try {
            String pem = Files.readString(file, StandardCharsets.US_ASCII).replaceAll("-----[^-]+-----|\\s", "");
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new Trouble("key must be a PEM file with an RSA key in PKCS #8: " + e.getMessage());
        }
    }

    /** A token of that user, good for an hour. A signature takes about a millisecond: not while something is measured. */
    public String of(String user) {
        long now = Instant.now().getEpochSecond() - SECONDS_OF_AGE;
        ObjectNode claims = Voice.object()
                .put("aud", project)
                .put("iss", "https://securetoken.google.com/" + project)
                .put("sub", user)
                .put("name", user)
                .put("iat", now)
                .put("auth_time", now)
                .put("exp", now + SECONDS_OF_LIFE);
        String content = header + "." + base64(claims);
        return content + "." + (key == null ? "" : signature(key, content));
    }

    private static String signature(PrivateKey key, String content) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(ObjectNode json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
