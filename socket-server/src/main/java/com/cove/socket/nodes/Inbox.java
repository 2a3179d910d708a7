package com.cove.socket.nodes;

import com.cove.model.error.AppException;
import com.cove.model.hook.Delivery;
import com.cove.socket.telemetry.LogBudget;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What other nodes told. Those of one thread are delivered in the order they came; one thread whose messages must be read from a slow
 * database holds up those of its lane only. Signals have a lane of their own. What finds too much waiting is dropped, signals first:
 * {@code Repair} finds the others.
 */
final class Inbox implements AutoCloseable {
    private static final int LANES = 16;
    private static final int MAX_WAITING_CHARS = 16 * 1024 * 1024;
    /** A signal may come only while less waits. */
    private static final int MAX_WAITING_BEFORE_SIGNALS = MAX_WAITING_CHARS / 4;

    /** What signals begin with, before their JSON. No thread's id does. */
    static final String SIGNALS = "~";

    private static final String END = "";

    private final Consumer<Delivery> deliver;
    private final Consumer<Signal> heard;
    private final HintMeters meters;
    private final LogBudget log = new LogBudget(LoggerFactory.getLogger(Inbox.class));
    private final AtomicLong waiting = new AtomicLong();
    /** Adding to this kind takes no lock. */
    private final List<LinkedTransferQueue<String>> lanes =
            Stream.generate(LinkedTransferQueue<String>::new).limit(LANES + 1).toList();

    Inbox(Consumer<Delivery> deliver, Consumer<Signal> heard, HintMeters meters, Executor executor) {
        this.deliver = deliver;
        this.heard = heard;
        this.meters = meters;
        lanes.forEach(lane -> executor.execute(() -> work(lane)));
    }

    /** Takes a hint. Called on Lettuce's threads: never waits. */
    void take(String hint) {
        boolean signals = hint.startsWith(SIGNALS);
        if (signals) {
            meters.signalReceived();
        } else {
            meters.received();
        }
        String thread = Hint.thread(hint);
        if (!signals && thread.isEmpty()) {
            malformed("it names no thread");
        } else if (waiting.addAndGet(hint.length()) > (signals ? MAX_WAITING_BEFORE_SIGNALS : MAX_WAITING_CHARS)) {
            waiting.addAndGet(-hint.length());
            meters.dropped(HintMeters.Cause.INBOX, 1);
        } else {
            lanes.get(signals ? LANES : Math.floorMod(thread.hashCode(), LANES)).add(hint);
        }
    }

    private void work(LinkedTransferQueue<String> lane) {
        try {
            for (String hint = lane.take(); !hint.equals(END); hint = lane.take()) {
                waiting.addAndGet(-hint.length());
                read(hint);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(String hint) {
        try {
            if (hint.startsWith(SIGNALS)) {
                Signal.fromJson(hint.substring(SIGNALS.length())).forEach(heard);
            } else {
                deliver.accept(Hint.read(hint));
            }
        } catch (AppException e) {
            malformed(e.safeMessage());
        } catch (RuntimeException e) {
            malformed(e.getClass().getSimpleName());
        }
    }

    private void malformed(String problem) {
        meters.dropped(HintMeters.Cause.MALFORMED, 1);
        log.info().addKeyValue("problem", problem).log("hint that is none");
    }

    @Override
    public void close() {
        lanes.forEach(lane -> lane.add(END));
    }
}
