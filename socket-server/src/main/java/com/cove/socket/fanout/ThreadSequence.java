package com.cove.socket.fanout;

import com.cove.db.news.NewsStore;
import com.cove.model.event.Change;
import com.cove.model.hook.Delivery;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import io.netty.util.Timer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of one thread's live messages on this node. Commits happen in seq order, but the notices of them race: a message
 * that is ahead waits a moment for those before it, then they are read from the database – they are committed, because its
 * own seq was given out after theirs.
 */
final class ThreadSequence {
    private static final Logger log = LoggerFactory.getLogger(ThreadSequence.class);
    static final long GAP_PATIENCE_MS = 50;
    private static final long RETRY_MS = 1_000;
    /** Messages that wait for a gap while the database is away; beyond, they are read again when it is back. */
    private static final int MAX_WAITING = 1_000;

    private static final long UNKNOWN = -1;

    private final ThreadId thread;
    private final List<UserId> members;
    private final Fanout fanout;
    private final NewsStore news;
    private final Timer timer;
    private final Executor executor;
    private final NavigableMap<Long, Delivery> waiting = new TreeMap<>();
    private long delivered = UNKNOWN;
    /** The last one known to be in the database. */
    private long stored;

    private boolean filling;
    private boolean retired;

    ThreadSequence(
            ThreadId thread, List<UserId> members, Fanout fanout, NewsStore news, Timer timer, Executor executor) {
        this.thread = thread;
        this.members = members;
        this.fanout = fanout;
        this.news = news;
        this.timer = timer;
        this.executor = executor;
    }

    /** Takes a message, once; false where this sequence is {@linkplain #retire retired} and another goes on. */
    synchronized boolean offer(Delivery delivery, long seq) {
        if (retired || seq <= delivered) {
            return !retired;
        }
        if (!fanout.anyConnected(members)) {
            skipTo(seq);
            return true;
        }
        waiting.put(seq, delivery);
        stored = Math.max(stored, seq);
        if (delivered == UNKNOWN) {
            tryToFill();
        }
        deliverInOrder();
        if (waiting.size() > MAX_WAITING) {
            waiting.pollLastEntry();
        }
        if (!complete() && !filling) {
            filling = true;
            fillAfter(GAP_PATIENCE_MS);
        }
        return true;
    }

    /** From here on another sequence goes on with this thread, from what the node has {@linkplain Delivered delivered}. */
    synchronized void retire() {
        retired = true;
    }

    /**
     * The database has messages up to here.
     *
     * @param firstUnseen the lowest that {@link Fanout#delivered} does not see: those before it went out
     * @return true where all of them went out; false where, a moment later, those missing are to be {@linkplain #fill read}
     */
    synchronized boolean reached(long firstUnseen, long lastSeq) {
        if (retired) {
            return false;
        }
        if (!fanout.anyConnected(members)) {
            skipTo(lastSeq);
        } else if (delivered == UNKNOWN) {
            delivered = firstUnseen - 1;
        }
        stored = Math.max(stored, lastSeq);
        return delivered >= lastSeq;
    }

    /** Nobody here to deliver to; the beginning of who comes later sees what there is. */
    private void skipTo(long seq) {
        delivered = Math.max(delivered, seq);
        deliverInOrder();
    }

    /** Reads and sends what is missing; throws where it cannot be read. */
    synchronized void fill() {
        if (retired) {
            throw new IllegalStateException("another sequence goes on");
        }
        if (delivered == UNKNOWN) {
            delivered = deliveredBefore();
        }
        deliverInOrder();
        while (delivered < lastMissing()) {
            List<Change.Message> missing = news.range(thread, delivered + 1, lastMissing());
            if (missing.isEmpty()) {
                // Somebody deleted them: nothing to wait for.
                delivered = lastMissing();
            }
            for (Change.Message change : missing) {
                delivered = change.seq();
                if (fanout.broadcast(new Delivery(members, change)) > 0) {
                    fanout.repairs().repaired();
                }
            }
            deliverInOrder();
        }
    }

    /** Nothing was seen of this thread here: what the node's horizon sees went out all the same, or nobody was here. */
    private long deliveredBefore() {
        Delivered node = fanout.delivered();
        return node == null
                ? stored
                : news.firstUnseen(thread, node.horizon())
                        .map(first -> first - 1)
                        .orElse(stored);
    }

    private void deliverInOrder() {
        for (Map.Entry<Long, Delivery> next = waiting.firstEntry();
                next != null && delivered != UNKNOWN && next.getKey() <= delivered + 1;
                next = waiting.firstEntry()) {
            waiting.pollFirstEntry();
            if (next.getKey() > delivered) {
                delivered++;
                fanout.broadcast(next.getValue());
            }
        }
    }

    private boolean complete() {
        return waiting.isEmpty() && stored <= delivered;
    }

    private void fillAfter(long millis) {
        timer.newTimeout(_ -> executor.execute(this::fillLater), millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void fillLater() {
        filling = false;
        if (retired || complete()) {
            return;
        }
        tryToFill();
        if (!complete()) {
            filling = true;
            fillAfter(RETRY_MS);
        }
    }

    /** What cannot be read stays missing. */
    private void tryToFill() {
        try {
            fill();
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("threadId", thread).setCause(e).log("messages of a gap could not be read");
        }
    }

    /** What is behind a gap is delivered as it was told. */
    private long lastMissing() {
        return waiting.isEmpty() ? stored : waiting.firstKey() - 1;
    }
}
