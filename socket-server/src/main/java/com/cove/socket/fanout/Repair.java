package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.history.StoredEvent;
import com.cove.db.news.MessagePlace;
import com.cove.db.news.NewsStore;
import com.cove.db.news.ThreadPlace;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second for what was stored and that nobody told of: because a call of the hook, or the server that stored it, was
 * lost. What was told of meanwhile is not read again. After each look it is known how far this node {@linkplain Delivered is}.
 * The same few queries however many connections there are; for many messages they are read page by page.
 */
public final class Repair implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Repair.class);
    /** Between two looks, however much somebody wants one. */
    private static final Duration SOON = Duration.ofMillis(200);

    private final NewsStore news;
    private final Fanout fanout;
    private final Executor executor;
    private final Duration interval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final AtomicInteger rounds = new AtomicInteger();
    private volatile boolean wanted;
    private volatile boolean closed;
    private boolean failing;
    /** Of the messages that were found, the last in the order of changes. */
    private @Nullable MessagePlace newest;

    public Repair(NewsStore news, Fanout fanout, Executor executor, Duration interval) {
        this.news = news;
        this.fanout = fanout;
        this.executor = executor;
        this.interval = interval;
        fanout.lookSoonBy(this::lookSoon);
    }

    /** Begins, with the first look: what is stored from then on is delivered in the end. Without a database it is tried again. */
    public void start() {
        round();
        executor.execute(this::run);
    }

    /** The first round that begins after now. */
    int nextRound() {
        return rounds.get() + 1;
    }

    private void run() {
        while (pause()) {
            round();
        }
    }

    /** Until it is time for another look; false where there will be none. */
    private boolean pause() {
        long began = System.nanoTime();
        lock.lock();
        try {
            for (long left = 1; left > 0 && !closed; ) {
                Duration whole = wanted && SOON.compareTo(interval) < 0 ? SOON : interval;
                left = woken.awaitNanos(whole.toNanos() - (System.nanoTime() - began));
            }
            wanted = false;
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void lookSoon() {
        if (!wanted) {
            wanted = true;
            wake();
        }
    }

    private void wake() {
        lock.lock();
        try {
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One round at a time; after an outage the next one covers all of it. */
    private void round() {
        try {
            look();
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                log.atWarn().setCause(e).log("could not look for what was not told of");
            }
            failing = true;
        }
    }

    private void look() {
        int round = rounds.incrementAndGet();
        long began = System.nanoTime();
        Horizon now = news.horizon();
        Delivered before = fanout.delivered();
        if (before != null && !goesOn(before.horizon(), now)) {
            log.atWarn().log("the database has another history: it was restored");
            fanout.forget();
        } else if (before != null && !before.horizon().seesTheSameAs(now)) {
            threads(before.horizon(), now);
            messages(before.horizon(), now);
            reads(before.horizon(), now);
        }
        fanout.delivered(new Delivered(round, now));
        fanout.looked(now, began);
    }

    /**
     * Whether nothing is lost of what was delivered. After a failover the history has another name, and goes on where the newest
     * message is still there: a database that kept it kept all before it.
     */
    private boolean goesOn(Horizon before, Horizon now) {
        if (before.precedes(now)) {
            return true;
        }
        MessagePlace known = newest;
        return before.nextUnseen() <= now.nextUnassigned() && (known == null || news.has(known));
    }

    private void messages(Horizon before, Horizon now) {
        Map<ThreadId, Span> spans = new HashMap<>();
        pages(news.messages(MessagePlace.before(before)), news::messages, message -> {
            if (isNews(message.storedIn(), before, now)) {
                spans.merge(message.thread(), new Span(message.seq(), message.seq()), Span::and);
                newest = message;
            }
        });
        List<ThreadSequence> behind = new ArrayList<>();
        fanout.sequences(spans.keySet()).forEach((thread, sequence) -> {
            Span span = Objects.requireNonNull(spans.get(thread));
            if (!sequence.reached(span.first, span.last)) {
                behind.add(sequence);
            }
        });
        if (!behind.isEmpty()) {
            awaitNotices();
            behind.forEach(ThreadSequence::fill);
        }
    }

    /** Of one thread, as far as both horizons see: without gaps. */
    private record Span(long first, long last) {
        Span and(Span other) {
            return new Span(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /** Most are under way. */
    private void awaitNotices() {
        lock.lock();
        try {
            for (long left = TimeUnit.MILLISECONDS.toNanos(ThreadSequence.GAP_PATIENCE_MS); left > 0 && !closed; ) {
                left = woken.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void threads(Horizon before, Horizon now) {
        List<ThreadId> created = new ArrayList<>();
        pages(news.threads(ThreadPlace.before(before)), news::threads, thread -> {
            if (isNews(thread.storedIn(), before, now)) {
                created.add(thread.thread());
            }
        });
        Map<ThreadId, List<UserId>> here = ofSomebodyHere(created);
        for (Change beginning : news.beginnings(here.keySet())) {
            tell(here, beginning);
        }
    }

    private void reads(Horizon before, Horizon now) {
        List<StoredEvent<MessageRead>> reads = new ArrayList<>();
        pages(news.reads(before), news::reads, read -> {
            if (isNews(read.transaction(), before, now)) {
                reads.add(read);
            }
        });
        Map<ThreadId, List<UserId>> here = ofSomebodyHere(
                reads.stream().map(read -> read.event().threadId()).distinct().toList());
        reads.stream()
                .filter(read -> here.containsKey(read.event().threadId()))
                .forEach(read -> tell(here, read.change()));
    }

    /** Those of these threads that have a member with a connection here, with all their members. */
    private Map<ThreadId, List<UserId>> ofSomebodyHere(List<ThreadId> threads) {
        Map<ThreadId, List<UserId>> members = new HashMap<>(threads.isEmpty() ? Map.of() : news.members(threads));
        members.values().removeIf(users -> !fanout.anyConnected(users));
        return members;
    }

    private void tell(Map<ThreadId, List<UserId>> here, Change change) {
        List<UserId> members = here.get(change.thread());
        if (members != null && fanout.anyLacks(members, change) && fanout.tell(new Delivery(members, change)) > 0) {
            fanout.repairs().repaired();
        }
    }

    /** What commits later is for a later round: only what one horizon sees belongs together. */
    private static boolean isNews(long transaction, Horizon before, Horizon now) {
        return now.sees(transaction) && !before.sees(transaction);
    }

    private static <T> void pages(List<T> first, Function<T, List<T>> next, Consumer<T> each) {
        List<T> page = first;
        page.forEach(each);
        while (page.size() == NewsStore.PAGE) {
            page = next.apply(page.getLast());
            page.forEach(each);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }
}
