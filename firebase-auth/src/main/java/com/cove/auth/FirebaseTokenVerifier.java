package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.key.SharedKeys;
import com.cove.model.user.UserId;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Verifies Firebase ID tokens: signed with RS256 by one of Google's current keys, for our project, by its issuer, and
 * not expired. Stricter than Firebase's SDK, which lets a token pass for five minutes after its end (docs/adr/0029-id-tokens.md).
 */
public final class FirebaseTokenVerifier implements TokenVerifier {
    /** Google's are about 1,000 characters; custom claims add 1,000 at most. */
    private static final int MAX_LENGTH = 8_192;
    /** A check takes a fraction of a millisecond, unless the keys have to be fetched. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Our clock may be behind Google's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    /** After a restart everybody comes at once, and nothing else would have its turn on the processor. */
    static final int AT_A_TIME = 32;

    private final String projectId;
    private final Clock clock;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);

    /**
     * @param projectId the Firebase project whose tokens are believed
     * @param shared where Google's keys may be found already
     */
    public FirebaseTokenVerifier(String projectId, SharedKeys shared, Clock clock) {
        this(projectId, new GoogleKeys(GoogleKeys.ADDRESS, shared, PATIENCE, clock), clock);
    }

    FirebaseTokenVerifier(String projectId, GoogleKeys keys, Clock clock) {
        this.projectId = projectId;
        this.clock = clock;
        processor.setJWSKeySelector(keys);
        // Claims are looked at by the clock of this.
        processor.setJWTClaimsSetVerifier(null);
    }

    @Override
    public VerifiedToken verify(String token) {
        if (token.isEmpty() || token.length() > MAX_LENGTH) {
            throw invalid();
        }
        turns.acquireUninterruptibly();
        try {
            return verify(SignedJWT.parse(token));
        } catch (KeySourceException e) {
            throw new AppException(ErrorCode.UNAVAILABLE, "Tokens cannot be verified just now", e);
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            // Why exactly helps only who forged it.
            throw invalid();
        } finally {
            turns.release();
        }
    }

    private VerifiedToken verify(SignedJWT token) throws ParseException, BadJOSEException, JOSEException {
        // First, since it needs no keys.
        VerifiedToken claimed = read(token.getJWTClaimsSet());
        processor.process(token, null);
        // Only now, so that one that names no key, as that of a rehearsal, goes all the way.
        if (token.getHeader().getKeyID() == null) {
            throw invalid();
        }
        return claimed;
    }

    private VerifiedToken read(JWTClaimsSet claims) {
        Instant issued = instant(claims.getIssueTime());
        Instant expires = instant(claims.getExpirationTime());
        Instant now = clock.instant();
        if (!claims.getAudience().equals(List.of(projectId))
                || !("https://securetoken.google.com/" + projectId).equals(claims.getIssuer())
                || issued.isAfter(now.plus(CLOCK_SKEW))
                || !now.isBefore(expires)) {
            throw invalid();
        }
        return new VerifiedToken(
                userId(claims.getSubject()), text(claims, "name"), text(claims, "picture"), issued, expires);
    }

    private static Instant instant(@Nullable Date time) {
        if (time == null) {
            throw invalid();
        }
        return time.toInstant();
    }

    private static UserId userId(@Nullable String subject) {
        try {
            return new UserId(subject == null ? "" : subject);
        } catch (AppException e) {
            throw invalid();
        }
    }

    private static @Nullable String text(JWTClaimsSet claims, String name) {
        return claims.getClaim(name) instanceof String text ? text : null;
    }

    private static AppException invalid() {
        return new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
    }
}
