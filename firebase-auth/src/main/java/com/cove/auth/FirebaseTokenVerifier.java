package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import com.google.firebase.FirebaseApp;
import com.google.firebase.auth.AuthErrorCode;
import com.google.firebase.auth.FirebaseAuth;
import com.google.firebase.auth.FirebaseAuthException;
import com.google.firebase.auth.FirebaseToken;
import com.google.firebase.auth.UidIdentifier;
import com.google.firebase.auth.UserIdentifier;
import com.google.firebase.auth.UserRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    private final LazyApp app;
    private final Clock clock;
    private final Duration patience;
    private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();

    public FirebaseTokenVerifier(FirebaseAuthConfig config, Clock clock) {
        this(() -> FirebaseApps.open(config), clock, PATIENCE);
    }

    /**
     * @param app opens the one that is deleted with this
     * @param patience how long Google may take for an answer, fetching its keys included
     */
    FirebaseTokenVerifier(Supplier<FirebaseApp> app, Clock clock, Duration patience) {
        this.app = new LazyApp(app, FirebaseApp::delete);
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
    public Set<VerifiedToken> revoked(Set<VerifiedToken> tokens) {
        List<String> ids =
                tokens.stream().map(token -> token.userId().value()).distinct().toList();
        if (ids.size() > USERS_AT_ONCE) {
            throw new IllegalArgumentException("too many users at once");
        }
        Map<String, UserRecord> users = users(ids);
        return tokens.stream()
                .filter(token -> !counts(token, users.get(token.userId().value())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The SDK's own rule, of {@code verifyIdToken(token, true)}. Google keeps the moment of a revocation in seconds. */
    private static boolean counts(VerifiedToken token, @Nullable UserRecord user) {
        return user != null
                && !user.isDisabled()
                && token.issuedAt().toEpochMilli() >= user.getTokensValidAfterTimestamp();
    }

    private Map<String, UserRecord> users(List<String> ids) {
        List<UserIdentifier> asked =
                ids.stream().<UserIdentifier>map(UidIdentifier::new).toList();
        try {
            return answer(() -> auth().getUsers(asked)).getUsers().stream()
                    .collect(Collectors.toUnmodifiableMap(UserRecord::getUid, user -> user));
        } catch (ExecutionException e) {
            throw unanswered(e);
        } catch (TimeoutException e) {
            throw unanswered("Google does not answer", e);
        }
    }

    @Override
    public void close() {
        questions.shutdownNow();
        app.close();
    }

    private FirebaseAuth auth() {
        return FirebaseAuth.getInstance(app.get());
    }

    private FirebaseToken check(String token) {
        try {
            return answer(() -> auth().verifyIdToken(token));
        } catch (ExecutionException e) {
            throw refusal(e);
        } catch (TimeoutException e) {
            throw undetermined(e);
        }
    }

    /** On a thread of its own: the SDK waits up to 40 s for the keys, and tries again for longer, and cannot be told otherwise. */
    private <T> T answer(Callable<T> question) throws ExecutionException, TimeoutException {
        Future<T> answer = questions.submit(question);
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    private static VerifiedToken read(FirebaseToken token) {
        Map<String, Object> claims = token.getClaims();
        if (!(claims.get("exp") instanceof Number expires && claims.get("iat") instanceof Number issued)) {
            throw invalid();
        }
        return new VerifiedToken(
                userId(token.getUid()),
                text(claims, "name"),
                text(claims, "picture"),
                Instant.ofEpochSecond(issued.longValue()),
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

    private static AppException unanswered(ExecutionException e) {
        return switch (e.getCause()) {
            case Error error -> throw error;
            case null -> unanswered("Google cannot be asked", e);
            case Throwable cause -> unanswered(problem(cause), cause);
        };
    }

    /** What somebody who operates this can do something about; what Google wrote stays out of the log. */
    private static String problem(Throwable cause) {
        return switch (cause) {
            case FirebaseAuthException fault
            when fault.getHttpResponse() != null -> "Google's answer is " + fault.getErrorCode();
            default -> missing(cause).orElse("Google cannot be reached");
        };
    }

    private static Optional<String> missing(Throwable fault) {
        return Stream.<Throwable>iterate(fault, Objects::nonNull, Throwable::getCause)
                .filter(NoServiceAccountException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst();
    }

    private static boolean keysMissing(FirebaseAuthException fault) {
        return fault.getAuthErrorCode() == AuthErrorCode.CERTIFICATE_FETCH_FAILED
                || fault.getErrorCode() == com.google.firebase.ErrorCode.UNAVAILABLE;
    }

    private static AppException unanswered(String problem, Throwable cause) {
        return new AppException(ErrorCode.UNAVAILABLE, problem, cause);
    }

    private static AppException invalid() {
        return new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
    }

    private static AppException undetermined(Exception cause) {
        return new AppException(ErrorCode.UNAVAILABLE, "Tokens cannot be verified just now", cause);
    }
}
