package com.cove.socket.fanout;

import com.cove.db.message.MessageStore;
import com.cove.db.message.News.ThreadNews;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.hook.Delivery;
import com.cove.model.message.Message;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import io.netty.util.Timer;
import java.time.Duration;
import java.time.Instant;
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
    private static final long GAP_PATIENCE_MS = 50;
    private static final long RETRY_MS = 1_000;
    /** How far a notice can be behind one that is already here: the hook's timeouts, generously. */
    private static final Duration NOTICE_DELAY = Duration.ofSeconds(10);
    /** As many of the messages before the first one seen may still be on their way. */
    private static final int NOTICES_UNDER_WAY = 100;
    /** Messages that wait for a gap while the database is away; beyond, clients are left to {@code sync}. */
    private static final int MAX_WAITING = 1_000;

    private static final long UNKNOWN = -1;

    private final ThreadId thread;
    private final List<UserId> members;
    private final Fanout fanout;
    private final MessageStore messages;
    private final Timer timer;
    private final Executor executor;
    private final NavigableMap<Long, Delivery> waiting = new TreeMap<>();
    private long delivered = UNKNOWN;
    /** The one before the first that was seen here. */
    private long overtaken;
    /** What is older was told of before this sequence began. */
    private Instant oldestOvertaken = Instant.MIN;
    /** The last one known to be in the database. */
    private long stored;

    private long firstMissing = Long.MAX_VALUE;
    private boolean filling;

    ThreadSequence(
            ThreadId thread,
            List<UserId> members,
            Fanout fanout,
            MessageStore messages,
            Timer timer,
            Executor executor) {
        this.thread = thread;
        this.members = members;
        this.fanout = fanout;
        this.messages = messages;
        this.timer = timer;
        this.executor = executor;
    }

    synchronized void offer(Delivery delivery, Message message) {
        boolean first = delivered == UNKNOWN;
        if (first) {
            begin(message);
        }
        if (message.seq() <= delivered) {
            return;
        }
        waiting.put(message.seq(), delivery);
        if (first) {
            readMissing();
        }
        deliverInOrder();
        if (waiting.size() > MAX_WAITING) {
            delivered = waiting.firstKey() - 1;
            deliverInOrder();
        }
        fillUnlessDone();
    }

    /** The database has messages up to here. Whatever nobody tells of in a moment is read there. */
    synchronized void reached(ThreadNews news) {
        if (!fanout.anyConnected(members)) {
            // Nobody here to deliver to; who comes later reads what there is.
            delivered = Math.max(delivered, news.lastSeq());
            return;
        }
        stored = Math.max(stored, news.lastSeq());
        firstMissing = Math.min(firstMissing, news.firstSeq());
        fillUnlessDone();
    }

    /**
     * The first message seen of a thread may have overtaken others: those of the last seconds are missing. A connection that
     * was not there when they were stored finds them by reading the thread.
     */
    private void begin(Message first) {
        overtaken = first.seq() - 1;
        oldestOvertaken = first.createdAt().minus(NOTICE_DELAY);
        delivered = Math.min(Math.max(1, first.seq() - NOTICES_UNDER_WAY), firstMissing) - 1;
    }

    private void deliverInOrder() {
        for (Map.Entry<Long, Delivery> next = waiting.firstEntry();
                next != null && next.getKey() <= delivered + 1;
                next = waiting.firstEntry()) {
            waiting.pollFirstEntry();
            if (next.getKey() > delivered) {
                delivered++;
                fanout.send(next.getValue().recipients(), next.getValue().event());
            }
        }
    }

    private void fillUnlessDone() {
        if (!filling && !complete()) {
            filling = true;
            fillAfter(GAP_PATIENCE_MS);
        }
    }

    private boolean complete() {
        return waiting.isEmpty() && stored <= delivered;
    }

    private void fillAfter(long millis) {
        timer.newTimeout(_ -> executor.execute(this::fill), millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void fill() {
        filling = false;
        if (complete()) {
            return;
        }
        readMissing();
        if (!complete()) {
            filling = true;
            fillAfter(RETRY_MS);
        }
    }

    /** What cannot be read stays missing. */
    private void readMissing() {
        try {
            deliverMissing();
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("threadId", thread).setCause(e).log("messages of a gap could not be read");
        }
    }

    private void deliverMissing() {
        if (delivered == UNKNOWN) {
            // Nothing was seen of this thread before: all that is new is missing.
            delivered = firstMissing - 1;
        }
        if (!fanout.anyConnected(members)) {
            delivered = Math.max(delivered, lastMissing());
        }
        while (delivered < lastMissing()) {
            List<Message> missing = messages.range(thread, delivered + 1, lastMissing());
            if (missing.isEmpty()) {
                return;
            }
            for (Message message : missing) {
                delivered = message.seq();
                if (delivered <= overtaken && delivered < firstMissing) {
                    deliverOvertaken(message);
                } else {
                    sendToThoseThereBefore(message.createdAt().plus(DatabaseClock.MOST), message);
                    fanout.repaired(1);
                }
            }
        }
        deliverInOrder();
    }

    /** Dated to the millisecond, so that it may be that much younger than it says. */
    private void deliverOvertaken(Message message) {
        if (message.createdAt().isAfter(oldestOvertaken)) {
            sendToThoseThereBefore(message.createdAt().plusMillis(1), message);
        }
    }

    /** What is behind a gap is delivered as it was told. */
    private long lastMissing() {
        return waiting.isEmpty() ? stored : waiting.firstKey() - 1;
    }

    /** A connection that surely began later reads the message by itself. */
    private void sendToThoseThereBefore(Instant time, Message message) {
        fanout.send(
                members,
                new NewMessage(message),
                connection -> fanout.clock().earliest(connection.since()).isBefore(time));
    }
}
