package com.cove.socket.limit;

import io.github.bucket4j.Bucket;
import java.time.Duration;

/**
 * How often something may happen.
 *
 * @param perSecond in the long run
 * @param burst at once, after a rest
 */
public record Rate(int perSecond, int burst) {
    /** A token bucket, full. */
    public Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withNanosecondPrecision()
                .build();
    }

    /** After this long without use a bucket is full again, and need not be remembered. */
    Duration timeToFill() {
        return Duration.ofSeconds(burst / perSecond + 1L);
    }
}
