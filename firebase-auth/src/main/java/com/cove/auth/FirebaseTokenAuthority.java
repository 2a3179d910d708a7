package com.cove.auth;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.key.SharedKeys;
import com.google.firebase.FirebaseApp;
import com.google.firebase.auth.FirebaseAuth;
import com.google.firebase.auth.FirebaseAuthException;
import com.google.firebase.auth.UidIdentifier;
import com.google.firebase.auth.UserIdentifier;
import com.google.firebase.auth.UserRecord;
import java.time.Clock;
import java.time.Duration;
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

/** Firebase: verifies its ID tokens, and asks Google's accounts which of them no longer count. */
public final class FirebaseTokenAuthority implements TokenAuthority, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final TokenVerifier verifier;
    private final LazyApp app;
    private final Duration patience;
    private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Believes the tokens of the configured project.
     *
     * @param keys where Google's may be found already
     */
    public FirebaseTokenAuthority(FirebaseAuthConfig config, SharedKeys keys, Clock clock) {
        this(new FirebaseTokenVerifier(config.projectId(), keys, clock), config);
    }

    /** @param verifier whose tokens are believed instead */
    public FirebaseTokenAuthority(TokenVerifier verifier, FirebaseAuthConfig config) {
        this(verifier, () -> FirebaseApps.open(config), PATIENCE);
    }

    /**
     * @param app opens the one that is deleted with this
     * @param patience how long Google may take for an answer
     */
    FirebaseTokenAuthority(TokenVerifier verifier, Supplier<FirebaseApp> app, Duration patience) {
        this.verifier = verifier;
        this.app = new LazyApp(app, FirebaseApp::delete);
        this.patience = patience;
    }

    @Override
    public VerifiedToken verify(String token) {
        return verifier.verify(token);
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

    /** On a thread of its own: the SDK tries again for seconds, and cannot be told otherwise. */
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

    private static AppException unanswered(String problem, Throwable cause) {
        return new AppException(ErrorCode.UNAVAILABLE, problem, cause);
    }
}
