package com.cove.socket.nodes;

import io.lettuce.core.RedisCommandExecutionException;

/** Redis did not answer, or not as hoped. Its message may be logged: it quotes nothing of ours. */
final class RedisException extends Exception {
    RedisException(Throwable cause) {
        super(problem(cause), cause, false, false);
    }

    /** Redis has no memory left: it stores nothing, and does everything else. */
    boolean isOutOfMemory() {
        return "OOM".equals(getMessage());
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
