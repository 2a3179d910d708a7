package com.cove.model.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks calls of the internal hook: HMAC-SHA256 over {@code seconds.body}, sent as
 * {@code Cove-Signature: t=<unix seconds>,v1=<hex>}. Several keys may be valid at once, so that a key can be rotated:
 * the first signs, all are accepted. A call is refused when its time is more than {@link #WINDOW} off.
 */
public final class HookSignature {
    public static final String HEADER = "Cove-Signature";
    public static final Duration WINDOW = Duration.ofMinutes(1);
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> keys;
    private final Clock clock;

    /** Takes at least one secret, each of 16 characters or more; the first signs. */
    public HookSignature(List<String> secrets, Clock clock) {
        if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < 16)) {
            throw new IllegalArgumentException("a hook secret needs at least 16 characters");
        }
        this.keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
        this.clock = clock;
    }

    /** The header's value for this body, now. */
    public String sign(String body) {
        long seconds = clock.instant().getEpochSecond();
        return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac(keys.getFirst(), seconds, body));
    }

    /** True if the header was made for this body with one of the keys, recently. */
    public boolean accepts(String header, String body) {
        int comma = header.indexOf(",v1=");
        if (!header.startsWith("t=") || comma < 0) {
            return false;
        }
        try {
            long seconds = Long.parseLong(header, 2, comma, 10);
            Duration age = Duration.between(Instant.ofEpochSecond(seconds), clock.instant())
                    .abs();
            byte[] given = HexFormat.of().parseHex(header, comma + 4, header.length());
            return age.compareTo(WINDOW) <= 0
                    && keys.stream().anyMatch(key -> MessageDigest.isEqual(mac(key, seconds, body), given));
        } catch (RuntimeException e) {
            // not a number, not hex, or a time beyond all calendars: not ours
            return false;
        }
    }

    private static byte[] mac(SecretKeySpec key, long seconds, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
