package com.cove.socket.session;

import com.cove.auth.TokenAuthority;
import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Refuses tokens that were revoked before they got here. Where there is no answer, or too many wait for one, a token that is
 * otherwise valid is let in, and the next round of {@link RevocationCheck} asks about it: Google being away, or everybody
 * coming back at once, must not keep people out.
 */
final class RevocationGate implements TokenAuthority {
    /** An answer takes about 0.1 s: some hundred a second, of which Google gives a project 500. */
    private static final int QUESTIONS_AT_ONCE = 32;
    /** Who sends one token over and over must not use up what Google answers in a day. */
    private static final Duration ANSWER_COUNTS_FOR = Duration.ofSeconds(5);

    private static final int ANSWERS_KEPT = 10_000;

    private final TokenAuthority authority;
    private final Semaphore questions = new Semaphore(QUESTIONS_AT_ONCE);
    private final Cache<VerifiedToken, Boolean> answers = Caffeine.newBuilder()
            .expireAfterWrite(ANSWER_COUNTS_FOR)
            .maximumSize(ANSWERS_KEPT)
            .build();

    RevocationGate(TokenAuthority authority) {
        this.authority = authority;
    }

    @Override
    public VerifiedToken verify(String token) {
        VerifiedToken verified = authority.verify(token);
        Boolean known = answers.getIfPresent(verified);
        if (known == null ? ask(verified) : known) {
            throw new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
        }
        return verified;
    }

    /** Asks, and remembers what is revoked: whoever is closed for it and comes straight back is refused. */
    @Override
    public Set<VerifiedToken> revoked(Set<VerifiedToken> tokens) {
        Set<VerifiedToken> revoked = authority.revoked(tokens);
        revoked.forEach(token -> answers.put(token, true));
        return revoked;
    }

    private boolean ask(VerifiedToken token) {
        if (!questions.tryAcquire()) {
            return false;
        }
        try {
            boolean revoked = !authority.revoked(Set.of(token)).isEmpty();
            answers.put(token, revoked);
            return revoked;
        } catch (AppException e) {
            return false;
        } finally {
            questions.release();
        }
    }
}
