package com.cove.local;

import com.cove.auth.TokenAuthority;
import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Believes tokens that nobody signed, in the form of the Firebase Auth emulator: whoever can reach this system can be
 * anybody. That is what makes it usable on a machine without Firebase, and why it is in no program that is deployed.
 */
public final class LocalTokenVerifier implements TokenAuthority {
    private static final int MAX_LENGTH = 8_192;

    private final String projectId;
    private final Clock clock;

    public LocalTokenVerifier(String projectId, Clock clock) {
        this.projectId = projectId;
        this.clock = clock;
    }

    @Override
    public VerifiedToken verify(String token) {
        try {
            return read(token);
        } catch (AppException | IllegalArgumentException | DateTimeException e) {
            throw refused();
        }
    }

    /** Nobody keeps a list of users here, so nobody is revoked. */
    @Override
    public Set<VerifiedToken> revoked(Set<VerifiedToken> tokens) {
        return Set.of();
    }

    private VerifiedToken read(String token) {
        String[] parts = token.length() > MAX_LENGTH ? new String[0] : token.split("\\.", -1);
        require(parts.length == 3 && parts[2].isEmpty());
        JsonNode header = json(parts[0]);
        require(header.path("alg").asText().equals("none")
                && header.path("typ").asText().equals("JWT"));
        return claims(json(parts[1]));
    }

    private VerifiedToken claims(JsonNode claims) {
        require(text(claims, "aud").equals(Optional.of(projectId)));
        require(text(claims, "iss").equals(Optional.of("https://securetoken.google.com/" + projectId)));
        Instant now = clock.instant();
        Instant expiresAt = time(claims, "exp");
        require(expiresAt.isAfter(now));
        Instant issuedAt = time(claims, "iat");
        require(!issuedAt.isAfter(now));
        return new VerifiedToken(
                new UserId(text(claims, "sub").orElseThrow(LocalTokenVerifier::refused)),
                orNull(text(claims, "name")),
                orNull(text(claims, "picture")),
                issuedAt,
                expiresAt);
    }

    private static JsonNode json(String part) {
        return Json.parse(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private static Optional<String> text(JsonNode claims, String name) {
        JsonNode value = claims.path(name);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    private static Instant time(JsonNode claims, String name) {
        JsonNode value = claims.path(name);
        require(value.canConvertToLong() && value.isIntegralNumber());
        return Instant.ofEpochSecond(value.longValue());
    }

    private static @Nullable String orNull(Optional<String> text) {
        return text.orElse(null);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw refused();
        }
    }

    private static AppException refused() {
        return new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
    }
}
