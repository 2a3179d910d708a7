package com.cove.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Times from something due to something done, to a thousandth. No object is made for one. */
public final class Latencies {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;
    private static final double MICROS_PER_MS = 1_000;

    private final Histogram micros = new Histogram(MAX_MICROS, DIGITS);

    public void record(long nanos) {
        micros.recordValue(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
    }

    public void clear() {
        micros.reset();
    }

    public long count() {
        return micros.getTotalCount();
    }

    public double millisAt(double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MS;
    }

    /** In milliseconds: {@code {p50, p90, p99, p999, max}}. */
    public ObjectNode json() {
        ObjectNode json = Voice.object();
        json.put("p50", millisAt(50));
        json.put("p90", millisAt(90));
        json.put("p99", millisAt(99));
        json.put("p999", millisAt(99.9));
        json.put("max", micros.getMaxValue() / MICROS_PER_MS);
        return json;
    }
}
