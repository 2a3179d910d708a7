package com.cove.bench.reads;

import com.cove.bench.measure.Tally;
import com.cove.bench.run.Load;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** So many requests under way: a lane that is answered asks the next. On the event loop. */
final class Asking implements Load {
    private final Supplier<Question> questions;
    private final Tally tally;
    private final Lane[] lanes;
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private int connected;
    private int open;
    private long bytes;
    private long answers;
    private boolean stopped;

    Asking(Supplier<Question> questions, Tally tally, int window) {
        this.questions = questions;
        this.tally = tally;
        lanes = new Lane[window];
    }

    void connect(Lanes source) {
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = source.lane(i, this);
            lanes[i].connect();
        }
    }

    /** Makes the lane of that number. */
    interface Lanes {
        Lane lane(int index, Asking asking);
    }

    void connected() {
        if (++connected == lanes.length) {
            complete.complete(null);
        }
    }

    CompletableFuture<Void> complete() {
        return complete;
    }

    @Override
    public void begin() {
        for (Lane lane : lanes) {
            ask(lane);
        }
    }

    private void ask(Lane lane) {
        open++;
        tally.sent(System.nanoTime());
        lane.ask(questions.get());
    }

    void answered(Lane lane, long askedNanos, int length) {
        long now = System.nanoTime();
        tally.acknowledged(askedNanos, now);
        open--;
        answers++;
        bytes += length;
        if (!stopped) {
            ask(lane);
        }
    }

    double bytesEach() {
        return answers == 0 ? 0 : (double) bytes / answers;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isQuiet() {
        return open == 0;
    }

    @Override
    public String describeMissing() {
        return open + " requests were not answered.";
    }
}
