package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LocalTokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00Z");
    private static final long SECONDS = NOW.getEpochSecond();
    private static final Map<String, Object> HEADER = Map.of("alg", "none", "typ", "JWT");

    private final LocalTokenVerifier verifier = new LocalTokenVerifier("cove-local", Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aTokenOfTheEmulatorsFormIsBelieved() {
        VerifiedToken token = verifier.verify(token(HEADER, claims("picture", "https://example.com/ada.png")));

        assertThat(token.userId().value()).isEqualTo("ada");
        assertThat(token.name()).isEqualTo("Ada Lovelace – Ὀδύσσεια");
        assertThat(token.imageUrl()).isEqualTo("https://example.com/ada.png");
        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(3_600));
    }

    @Test
    void nameAndPictureMayBeMissing() {
        VerifiedToken token = verifier.verify(token(HEADER, claims("name", null)));

        assertThat(token.name()).isNull();
        assertThat(token.imageUrl()).isNull();
    }

    @Test
    void aUserIdHasUpTo128Characters() {
        assertThat(verifier.verify(token(HEADER, claims("sub", "a".repeat(128))))
                        .userId()
                        .value())
                .hasSize(128);
    }

    @TestFactory
    Stream<DynamicTest> everyOtherTokenIsUnauthenticated() {
        String good = token(HEADER, claims("name", "Ada"));
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("empty", "");
        refused.put("garbage", "garbage");
        refused.put("not Base64", "%%%.%%%.");
        refused.put("not JSON", encoded("alg none") + "." + encoded("ada") + ".");
        refused.put("no object", encoded("[]") + "." + encoded("[]") + ".");
        refused.put("two parts", good.substring(0, good.length() - 1));
        refused.put("four parts", good + ".");
        refused.put("with a signature", good + "c2lnbmVk");
        refused.put("too long", token(HEADER, claims("name", "a".repeat(8_192))));
        refused.put("another alg", token(Map.of("alg", "HS256", "typ", "JWT"), claims("name", "Ada")));
        refused.put("no alg", token(Map.of("typ", "JWT"), claims("name", "Ada")));
        refused.put("another typ", token(Map.of("alg", "none", "typ", "at+jwt"), claims("name", "Ada")));
        refused.put("another audience", token(HEADER, claims("aud", "cove-prod")));
        refused.put("several audiences", token(HEADER, claims("aud", new String[] {"cove-local"})));
        refused.put("no audience", token(HEADER, claims("aud", null)));
        refused.put("another issuer", token(HEADER, claims("iss", "https://securetoken.google.com/cove-prod")));
        refused.put("no issuer", token(HEADER, claims("iss", null)));
        refused.put("no sub", token(HEADER, claims("sub", null)));
        refused.put("empty sub", token(HEADER, claims("sub", "")));
        refused.put("a sub of 129", token(HEADER, claims("sub", "a".repeat(129))));
        refused.put("a number as sub", token(HEADER, claims("sub", 7)));
        refused.put("ending now", token(HEADER, claims("exp", SECONDS)));
        refused.put("ended", token(HEADER, claims("exp", SECONDS - 1)));
        refused.put("endless", token(HEADER, claims("exp", null)));
        refused.put("ending at a text", token(HEADER, claims("exp", "tomorrow")));
        refused.put("ending after all time", token(HEADER, claims("exp", Long.MAX_VALUE)));
        refused.put("issued in the future", token(HEADER, claims("iat", SECONDS + 1)));
        refused.put("never issued", token(HEADER, claims("iat", null)));
        return refused.entrySet().stream()
                .map(token -> DynamicTest.dynamicTest(token.getKey(), () -> assertRefused(token.getValue())));
    }

    private void assertRefused(String token) {
        assertThatExceptionOfType(AppException.class)
                .isThrownBy(() -> verifier.verify(token))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    }

    /** Good claims but for one; null leaves it out. */
    private static Map<String, Object> claims(String name, @Nullable Object value) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://securetoken.google.com/cove-local");
        claims.put("aud", "cove-local");
        claims.put("sub", "ada");
        claims.put("name", "Ada Lovelace – Ὀδύσσεια");
        claims.put("iat", SECONDS);
        claims.put("auth_time", SECONDS);
        claims.put("exp", SECONDS + 3_600);
        if (value == null) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return claims;
    }

    private static String token(Map<String, Object> header, Map<String, Object> claims) {
        return encoded(Json.text(header)) + "." + encoded(Json.text(claims)) + ".";
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
