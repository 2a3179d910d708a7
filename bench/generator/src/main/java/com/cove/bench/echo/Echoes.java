package com.cove.bench.echo;

import com.cove.bench.measure.Tally;
import com.cove.bench.run.Load;
import com.cove.bench.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** So many frames under way, over all websockets in turn. On the event loop. */
final class Echoes implements Load {
    private final Run run;
    private final Tally tally;
    private final int window;
    private final List<Caller> callers = new ArrayList<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private int opened;
    private long called;
    private long heard;
    private boolean stopped;

    Echoes(Run run, Tally tally, int window) {
        this.run = run;
        this.tally = tally;
        this.window = window;
    }

    void add(Caller caller) {
        callers.add(caller);
    }

    void connect() {
        callers.forEach(Caller::connect);
    }

    CompletableFuture<Void> connected() {
        return connected;
    }

    void opened() {
        if (++opened == callers.size()) {
            connected.complete(null);
        }
    }

    @Override
    public void begin() {
        for (int i = 0; i < window; i++) {
            next();
        }
    }

    private void next() {
        if (!stopped && !run.failed()) {
            Caller caller = callers.get((int) (called % callers.size()));
            called++;
            tally.sent(System.nanoTime());
            caller.call(called);
        }
    }

    void heard(long calledNanos) {
        long now = System.nanoTime();
        heard++;
        tally.acknowledged(calledNanos, now);
        tally.delivered(calledNanos, now);
        next();
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isQuiet() {
        return called == heard;
    }

    @Override
    public String describeMissing() {
        return "%d of %d frames did not come back.".formatted(called - heard, called);
    }
}
