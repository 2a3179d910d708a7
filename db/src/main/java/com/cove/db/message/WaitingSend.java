package com.cove.db.message;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.thread.ThreadId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A send, until its sender is told what became of it. What is decided is told later, by the same thread. One object for each,
 * whatever is in it: a record would take two alike for one.
 */
final class WaitingSend {
    private final Send send;
    private final long deadline;
    private final CompletableFuture<SendOutcome> told = new CompletableFuture<>();
    private @Nullable SendOutcome outcome;
    private @Nullable Throwable refusal;

    /** @param deadline by which its turn must come, in the nanoseconds of its {@link GroupCommit}'s clock */
    WaitingSend(Send send, long deadline) {
        this.send = send;
        this.deadline = deadline;
    }

    static AppException tooLate() {
        return new AppException(ErrorCode.UNAVAILABLE, "The message could not be stored in time");
    }

    Send send() {
        return send;
    }

    ThreadId thread() {
        return send.request().threadId();
    }

    boolean isLate(long now) {
        return now - deadline >= 0;
    }

    void settle(SendResult result) {
        switch (result) {
            case SendResult.Committed committed -> outcome = committed.outcome();
            case SendResult.Refused refused -> refuse(refused.why());
        }
    }

    void refuse(Throwable why) {
        refusal = why;
    }

    /** Lets the sender go on. */
    void tell() {
        if (outcome != null) {
            told.complete(outcome);
        } else {
            told.completeExceptionally(refusal == null ? new IllegalStateException("Nothing became of it") : refusal);
        }
    }

    /** What became of it, once it is told; throws what it was refused for. */
    SendOutcome await() throws InterruptedException {
        try {
            return told.get();
        } catch (ExecutionException e) {
            return awaitUninterrupted();
        }
    }

    SendOutcome awaitUninterrupted() {
        try {
            return told.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
