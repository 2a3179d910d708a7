package com.cove.bench.run;

import com.cove.bench.measure.Tally;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Warms up, measures, and waits for what is under way.
 *
 * @param warmUp seconds that do not count
 * @param seconds that do
 * @param drain how long what was asked for last may take
 */
public record Measurement(Run run, Tally tally, double warmUp, double seconds, Duration drain) {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double NANOS = 1e9;
    /** How much later than expected a measured time may end on a machine that is busy. */
    private static final Duration LATE = Duration.ofSeconds(20);

    /** Told when the measured time begins and ends. */
    public interface Observer {
        Observer NOBODY = new Observer() {};

        default void measuring() {}

        default void measured() {}

        /** Says it aloud, for whoever measures the server's part. */
        static Observer aloud(Voice voice) {
            return new Observer() {
                @Override
                public void measuring() {
                    voice.at("measuring");
                }

                @Override
                public void measured() {
                    voice.at("measured");
                }
            };
        }
    }

    /** Takes it; returns what this process has cost while it was measured, in seconds of a processor. */
    public double take(Load load, Observer observer) throws Trouble, InterruptedException {
        CompletableFuture<Double> measured = new CompletableFuture<>();
        run.onLoop(() -> {
            long from = System.nanoTime() + (long) (warmUp * NANOS);
            long to = from + (long) (seconds * NANOS);
            tally.measure(from, to);
            load.begin();
            run.after(from - System.nanoTime(), () -> {
                observer.measuring();
                long cpu = ThisProcess.nanos();
                run.after(to - System.nanoTime(), () -> {
                    measured.complete(ThisProcess.secondsSince(cpu));
                    observer.measured();
                    load.stop();
                });
            });
        });
        Duration length = Duration.ofMillis((long) ((warmUp + seconds) * 1_000)).plus(LATE);
        double cpuSeconds = run.await(measured, length, () -> "The generator's event loop stands still.");
        await(load);
        return cpuSeconds;
    }

    /** Until all that was asked for is done. */
    private void await(Load load) throws Trouble, InterruptedException {
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        long deadline = System.nanoTime() + drain.toNanos();
        run.onLoop(() -> look(load, quiet, deadline));
        run.await(quiet, drain.plus(LATE), () -> "The generator's event loop stands still.");
    }

    private void look(Load load, CompletableFuture<Void> quiet, long deadline) {
        if (load.isQuiet()) {
            quiet.complete(null);
        } else if (System.nanoTime() - deadline > 0) {
            run.fail(load.describeMissing());
        } else {
            run.after(LOOK_NANOS, () -> look(load, quiet, deadline));
        }
    }
}
