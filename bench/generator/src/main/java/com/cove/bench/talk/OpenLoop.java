package com.cove.bench.talk;

import com.cove.bench.run.Run;

/**
 * So many messages a second fall due, evenly, whatever the server does. One that is sent late is measured from when it was due, so
 * that a server that stands still does not also stop the clock (coordinated omission).
 */
final class OpenLoop extends Pace {
    private static final double NANOS = 1e9;
    /** Wakes the loop at most so often; what is due meanwhile waits for that long. */
    private static final long TICK_NANOS = 200_000;

    /** So many are nothing at any rate. */
    private static final int LEAST_BACKLOG = 100;

    private final Run run;
    private final double interval;
    private final double backlog;
    private double nextDue;
    private long began;
    private boolean stopped;
    private boolean gaveUp;

    /** @param rate messages a second */
    OpenLoop(Talk talk, Run run, double rate) {
        this(talk, run, rate, Double.POSITIVE_INFINITY);
    }

    /** @param backlogSeconds gives up once as many messages are under way as fall due in that time */
    OpenLoop(Talk talk, Run run, double rate, double backlogSeconds) {
        super(talk);
        this.backlog = rate * backlogSeconds + LEAST_BACKLOG;
        this.run = run;
        this.interval = NANOS / rate;
    }

    @Override
    public void begin() {
        talk.tell(this);
        began = System.nanoTime();
        tick();
    }

    private void tick() {
        sayWhatIsDue();
        if (talk.flights().open() > backlog) {
            gaveUp = true;
            stopped = true;
        }
        if (!stopped && !run.failed()) {
            run.after(Math.max(TICK_NANOS, (long) nextDue - (System.nanoTime() - began)), this::tick);
        }
    }

    private void sayWhatIsDue() {
        while (!stopped && System.nanoTime() - began >= nextDue) {
            talk.say(began + (long) nextDue);
            nextDue += interval;
        }
    }

    /** Where a limit is looked for, a refusal says that it is passed; elsewhere it is a fault. */
    @Override
    public boolean refused(int sender, long number) {
        if (Double.isInfinite(backlog)) {
            return false;
        }
        gaveUp = true;
        stopped = true;
        talk.repeatLater(number);
        return true;
    }

    /** Whether the server fell too far behind. */
    boolean gaveUp() {
        return gaveUp;
    }

    /** What is due by now was due, also where the loop was too late for it. */
    @Override
    public void stop() {
        sayWhatIsDue();
        stopped = true;
    }
}
