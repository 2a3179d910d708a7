package com.cove.bench.talk;

import com.cove.bench.wire.Run;

/**
 * So many messages a second fall due, evenly, whatever the server does. One that is sent late is measured from when it was due, so
 * that a server that stands still does not also stop the clock (coordinated omission).
 */
final class OpenLoop implements Pace {
    private static final double NANOS = 1e9;
    /** Wakes the loop at most so often; what is due meanwhile waits for that long. */
    private static final long TICK_NANOS = 200_000;

    private final Talk talk;
    private final Run run;
    private final double interval;
    private double nextDue;
    private long began;
    private boolean stopped;

    /** @param rate messages a second */
    OpenLoop(Talk talk, Run run, double rate) {
        this.talk = talk;
        this.run = run;
        this.interval = NANOS / rate;
    }

    @Override
    public void begin() {
        talk.whenDone(() -> {});
        began = System.nanoTime();
        tick();
    }

    private void tick() {
        while (!stopped && System.nanoTime() - began >= nextDue) {
            talk.say(began + (long) nextDue);
            nextDue += interval;
        }
        if (!stopped && !run.failed()) {
            run.after(Math.max(TICK_NANOS, (long) nextDue - (System.nanoTime() - began)), this::tick);
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
