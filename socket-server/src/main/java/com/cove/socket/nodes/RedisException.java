package com.cove.socket.nodes;

import io.lettuce.core.RedisCommandExecutionException;

/** Redis did not answer, or not as hoped. */
final class RedisException extends Exception {
    private final String problem;

    RedisException(Throwable cause) {
        super(cause);
        this.problem = problem(cause);
    }

    /** What may be logged: it quotes nothing of ours. */
    String problem() {
        return problem;
    }

    /** Redis has no memory left: it stores nothing, and does everything else. */
    boolean isOutOfMemory() {
        return problem.equals("OOM");
    }

    /** Of an error that Redis answers, the word it begins with: {@code OOM}, {@code NOAUTH}. */
    private static String problem(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return root instanceof RedisCommandExecutionException && message != null
                ? message.split("[^A-Z]", 2)[0]
                : root.getClass().getSimpleName();
    }
}
