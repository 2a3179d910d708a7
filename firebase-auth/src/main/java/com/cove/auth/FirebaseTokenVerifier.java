package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import com.google.api.client.http.HttpTransport;
import com.google.firebase.FirebaseApp;
import com.google.firebase.auth.AuthErrorCode;
import com.google.firebase.auth.FirebaseAuth;
import com.google.firebase.auth.FirebaseAuthException;
import com.google.firebase.auth.FirebaseToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies Firebase ID tokens: signed with RS256 by one of Google's current keys, for our project, by its issuer, and
 * not expired. Stricter than the SDK, which lets a token pass for five minutes after its end. The keys are fetched at
 * the first check and kept as long as Google allows.
 */
public final class FirebaseTokenVerifier implements TokenVerifier, AutoCloseable {
    /** Google's are about 1,000 characters; custom claims add 1,000 at most. */
    private static final int MAX_LENGTH = 8_192;
    /** A check takes a fraction of a millisecond, unless the keys have to be fetched. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FirebaseApp app;
    private final FirebaseAuth auth;
    private final Clock clock;
    private final Duration patience;
    private final ExecutorService checks = Executors.newVirtualThreadPerTaskExecutor();

    public FirebaseTokenVerifier(FirebaseAuthConfig config, Clock clock) {
        this(config, clock, null, PATIENCE);
    }

    /**
     * @param transport how Google's keys are reached; null for the SDK's own
     * @param patience how long a check may take, fetching the keys included
     */
    FirebaseTokenVerifier(
            FirebaseAuthConfig config, Clock clock, @Nullable HttpTransport transport, Duration patience) {
        this.app = FirebaseApps.open(config, transport);
        this.auth = FirebaseAuth.getInstance(app);
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public VerifiedToken verify(String token) {
        if (token.isEmpty() || token.length() > MAX_LENGTH) {
            throw invalid();
        }
        VerifiedToken verified = read(check(token));
        if (!clock.instant().isBefore(verified.expiresAt())) {
            throw invalid();
        }
        return verified;
    }

    @Override
    public void close() {
        checks.shutdownNow();
        app.delete();
    }

    /** On a thread of its own: the SDK waits up to 40 s for the keys and cannot be told otherwise. */
    private FirebaseToken check(String token) {
        Future<FirebaseToken> check = checks.submit(() -> auth.verifyIdToken(token));
        try {
            return check.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw refusal(e);
        } catch (TimeoutException e) {
            check.cancel(true);
            throw undetermined(e);
        } catch (InterruptedException e) {
            check.cancel(true);
            Thread.currentThread().interrupt();
            throw undetermined(e);
        }
    }

    private static VerifiedToken read(FirebaseToken token) {
        Map<String, Object> claims = token.getClaims();
        if (!(claims.get("exp") instanceof Number expires)) {
            throw invalid();
        }
        return new VerifiedToken(
                userId(token.getUid()),
                text(claims, "name"),
                text(claims, "picture"),
                Instant.ofEpochSecond(expires.longValue()));
    }

    private static UserId userId(String uid) {
        try {
            return new UserId(uid);
        } catch (AppException e) {
            throw invalid();
        }
    }

    private static @Nullable String text(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : null;
    }

    /** Why exactly a token is refused helps only its forger; and the SDK's parser answers some with plain exceptions. */
    private static AppException refusal(ExecutionException e) {
        return switch (e.getCause()) {
            case FirebaseAuthException fault when keysMissing(fault) -> undetermined(fault);
            case Error error -> throw error;
            case null, default -> invalid();
        };
    }

    private static boolean keysMissing(FirebaseAuthException fault) {
        return fault.getAuthErrorCode() == AuthErrorCode.CERTIFICATE_FETCH_FAILED
                || fault.getErrorCode() == com.google.firebase.ErrorCode.UNAVAILABLE;
    }

    private static AppException invalid() {
        return new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
    }

    private static AppException undetermined(Exception cause) {
        return new AppException(ErrorCode.UNAVAILABLE, "Tokens cannot be verified just now", cause);
    }
}
