package com.cove.bench.talk;

import com.cove.bench.measure.Latencies;
import com.cove.bench.people.Backoff;
import com.cove.bench.people.Client;
import com.cove.bench.people.Probe;
import com.cove.bench.run.Run;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Clients that lose their connection and come back, as socket.io-client does. On the event loop. */
final class Comebacks {
    private static final double NANOS_PER_MS = 1e6;

    private final Run run;
    private final int expected;
    private final Probe probe;
    private final SplittableRandom random = new SplittableRandom(1);
    private final int[] failed;
    private final BitSet wasGone = new BitSet();
    private final BitSet isGone = new BitSet();
    private final Latencies latencies = new Latencies();
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private long answersNanos;
    private boolean answers;
    private int recovered;

    Comebacks(Run run, int expected, Probe probe) {
        this.run = run;
        this.expected = expected;
        this.probe = probe;
        failed = new int[expected];
    }

    void gone(Client client) {
        if (wasGone.isEmpty()) {
            answersNanos = System.nanoTime();
            probe.begin();
        }
        wasGone.set(client.number());
        isGone.set(client.number());
        double wait = Backoff.millis(failed[client.number()]++, random);
        run.after((long) (wait * NANOS_PER_MS), client::connect);
    }

    /** The server's port takes connections again. */
    void portAnswers() {
        answers = true;
        answersNanos = System.nanoTime();
    }

    void back(Client client) {
        failed[client.number()] = 0;
        isGone.clear(client.number());
        recovered += client.former().recovered() ? 1 : 0;
        latencies.record(System.nanoTime() - answersNanos);
        if (isGone.isEmpty() && wasGone.cardinality() == expected) {
            probe.end();
            complete.complete(null);
        }
    }

    /** Done once everybody was gone and is back. */
    CompletableFuture<Void> complete() {
        return complete;
    }

    boolean begun() {
        return !wasGone.isEmpty();
    }

    boolean answered() {
        return answers;
    }

    /** When the port answered again; when the first was gone where nobody saw it closed. */
    long answersNanos() {
        return answersNanos;
    }

    int recovered() {
        return recovered;
    }

    String describeMissing() {
        return "%d of %d clients lost their connection and %d of them are not back; the port %s."
                .formatted(
                        wasGone.cardinality(), expected, isGone.cardinality(), answers ? "answers" : "does not answer");
    }

    /** From when the port answered to when each client was back. */
    Latencies latencies() {
        return latencies;
    }
}
