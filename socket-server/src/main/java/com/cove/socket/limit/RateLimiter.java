package com.cove.socket.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Optional;

/** One token bucket a key, forgotten once it is full again. */
public final class RateLimiter<K> {
    /** Beyond, those that were least used begin with a full bucket: a bound for memory, not for clients. */
    private static final int MAX_KEYS = 1_000_000;

    private final Rate rate;
    private final Cache<K, Bucket> buckets;

    public RateLimiter(Rate rate) {
        this(rate, MAX_KEYS);
    }

    RateLimiter(Rate rate, int maxKeys) {
        this.rate = rate;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maxKeys)
                .expireAfterAccess(rate.timeToFill())
                .build();
    }

    /** How many keys are remembered. */
    long keys() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    /** Takes a token of this key's bucket; where there is none, how long until there is one. */
    public Optional<Duration> waitFor(K key) {
        return waitFor(buckets.get(key, _ -> rate.bucket()));
    }

    /** Takes so many tokens of this key's bucket, those that will come only later included. */
    void spend(K key, int tokens) {
        long _ = buckets.get(key, _ -> rate.bucket()).consumeIgnoringRateLimits(tokens);
    }

    /** Takes a token of this bucket; where there is none, how long until there is one. */
    public static Optional<Duration> waitFor(Bucket bucket) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
}
