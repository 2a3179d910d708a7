package com.cove.bench.people;

import java.util.SplittableRandom;

/** How long socket.io-client waits before it tries again, with its defaults: 1 s, doubled to 5 s, half more or less by chance. */
public final class Backoff {
    private static final double FIRST_MS = 1_000;
    private static final double MAX_MS = 5_000;
    private static final double JITTER = 0.5;
    /** As often as doubling makes a difference. */
    private static final int MAX_DOUBLINGS = 10;

    private Backoff() {}

    /**
     * How long before the next try.
     *
     * @param failed tries before this one, since the connection was lost
     */
    public static double millis(int failed, SplittableRandom random) {
        double usual = FIRST_MS * (1 << Math.min(failed, MAX_DOUBLINGS));
        return Math.min(MAX_MS, usual * (1 + JITTER * random.nextDouble(-1, 1)));
    }
}
