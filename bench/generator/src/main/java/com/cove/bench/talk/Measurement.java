package com.cove.bench.talk;

import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.wire.Run;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Warms up, measures, and waits for what is under way.
 *
 * @param drain how long the last messages may take
 */
record Measurement(Run run, Talk talk, double warmUp, double seconds, Duration drain) {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double NANOS = 1e9;
    /** How much later than expected a measured time may end on a machine that is busy. */
    private static final Duration LATE = Duration.ofSeconds(20);

    /** When the measured time begins and ends. */
    interface Observer {
        void measuring();

        void measured();
    }

    /** Takes it; returns what this process has cost while it was measured, in seconds of a processor. */
    double take(Pace pace, Observer observer) throws Trouble, InterruptedException {
        CompletableFuture<Double> measured = new CompletableFuture<>();
        run.onLoop(() -> {
            long from = System.nanoTime() + (long) (warmUp * NANOS);
            long to = from + (long) (seconds * NANOS);
            talk.tally().measure(from, to);
            pace.begin();
            run.after(from - System.nanoTime(), () -> {
                observer.measuring();
                long cpu = ThisProcess.nanos();
                run.after(to - System.nanoTime(), () -> {
                    measured.complete(ThisProcess.secondsSince(cpu));
                    observer.measured();
                    pace.stop();
                });
            });
        });
        Duration length = Duration.ofMillis((long) ((warmUp + seconds) * 1_000)).plus(LATE);
        double cpuSeconds = run.await(measured, length, () -> "The generator's event loop stands still.");
        await();
        return cpuSeconds;
    }

    /** Until everything that was sent is acknowledged and with everybody. */
    private void await() throws Trouble, InterruptedException {
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        long deadline = System.nanoTime() + drain.toNanos();
        run.onLoop(() -> look(quiet, deadline));
        run.await(quiet, drain.plus(LATE), () -> "The generator's event loop stands still.");
    }

    private void look(CompletableFuture<Void> quiet, long deadline) {
        if (talk.flights().open() == 0) {
            quiet.complete(null);
        } else if (System.nanoTime() - deadline > 0) {
            run.fail(talk.describeMissing());
        } else {
            run.after(LOOK_NANOS, () -> look(quiet, deadline));
        }
    }
}
