package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.TokenAuthority;
import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Makes a verifier take its time, and notes on which threads it is called. */
final class HeldTokens {
    private static final long PATIENCE_SECONDS = 10;

    private volatile CountDownLatch verifications = new CountDownLatch(0);
    private volatile CountDownLatch questions = new CountDownLatch(0);
    private final Semaphore waiting = new Semaphore(0);
    final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    /** From now on no verification ends. */
    void holdVerifications() {
        verifications = new CountDownLatch(1);
    }

    /** From now on no question about revocations is answered. */
    void holdQuestions() {
        questions = new CountDownLatch(1);
    }

    /** All go on. */
    void release() {
        verifications.countDown();
        questions.countDown();
    }

    /** Until this many more calls are held. */
    void awaitHeld(int calls) throws InterruptedException {
        assertThat(waiting.tryAcquire(calls, PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%s calls are held", calls)
                .isTrue();
    }

    TokenAuthority around(TokenAuthority verifier) {
        return new TokenAuthority() {
            @Override
            public VerifiedToken verify(String token) {
                pass(verifications);
                return verifier.verify(token);
            }

            @Override
            public Set<VerifiedToken> revoked(Set<VerifiedToken> tokens) {
                pass(questions);
                return verifier.revoked(tokens);
            }
        };
    }

    private void pass(CountDownLatch gate) {
        threads.add(Thread.currentThread());
        if (gate.getCount() > 0) {
            waiting.release();
        }
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AppException(ErrorCode.UNAVAILABLE, "interrupted");
        }
    }
}
