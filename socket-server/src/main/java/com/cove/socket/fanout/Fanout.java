package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.news.NewsStore;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent;
import com.cove.model.hook.Delivery;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.OutboundEvent;
import com.cove.socket.transport.Volley;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets committed events to the connections of this node, encoded once for all that have seen the same. Messages of a thread go
 * out in seq order and without gaps, whichever way and order they were told about: from a handler here, by the hook, or found
 * by {@link Repair}.
 */
public final class Fanout {
    private static final Logger log = LoggerFactory.getLogger(Fanout.class);
    private static final Duration FORGET_THREAD_AFTER = Duration.ofMinutes(10);
    private static final int MAX_THREADS = 200_000;
    /** Beyond, an offset is worth an earlier look at the database, after which it is short again. */
    private static final int LONG_OFFSET = 400;

    private final Connections connections;
    private final NewsStore news;
    private final Timer timer;
    private final Executor executor;
    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final List<DeliveryObserver> observers = new CopyOnWriteArrayList<>();
    private final Cache<ThreadId, ThreadSequence> sequences = Caffeine.newBuilder()
            .expireAfterAccess(FORGET_THREAD_AFTER)
            .maximumSize(MAX_THREADS)
            .evictionListener((@Nullable ThreadId _, @Nullable ThreadSequence forgotten, RemovalCause _) ->
                    Objects.requireNonNull(forgotten).retire())
            .build();
    private final Watermarks watermarks = new Watermarks();
    private final Told told = new Told();
    private final RepairMeters repairs;
    private volatile @Nullable Delivered delivered;
    private volatile Runnable lookSoon = () -> {};
    private volatile Consumer<Delivery> elsewhere = _ -> {};
    private volatile HorizonObserver horizons = (_, _) -> {};

    public Fanout(Connections connections, NewsStore news, Timer timer, Executor executor, MeterRegistry meters) {
        this.connections = connections;
        this.news = news;
        this.timer = timer;
        this.executor = executor;
        this.meters = meters;
        repairs = new RepairMeters(meters);
        meters.gauge("cove.users", connections, Connections::users);
        meters.gauge("cove.threads", sequences, Cache::estimatedSize);
    }

    /** Adds somebody who follows deliveries; for the wiring, before the first. */
    public void observe(DeliveryObserver observer) {
        observers.add(observer);
    }

    /**
     * Delivers a committed event that a handler here stored or that the hook told this node of, and has the other nodes told.
     * Never throws: the commit stands, and its sender is told so, whatever happens here. May be called twice for one event; it
     * goes out once.
     */
    public void deliver(Delivery delivery) {
        deliver(delivery, elsewhere);
    }

    /** The same for what another node told this one: it told the others, too. */
    public void deliverHere(Delivery delivery) {
        deliver(delivery, _ -> {});
    }

    private void deliver(Delivery delivery, Consumer<Delivery> others) {
        try {
            Delivered known = delivered;
            if (known != null && !known.horizon().sees(delivery.change().transaction())) {
                others.accept(delivery);
                offer(delivery);
            }
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("event", delivery.change().eventName())
                    .setCause(e)
                    .log("delivery failed");
        }
    }

    private void offer(Delivery delivery) {
        switch (delivery.change()) {
            case Change.Message message -> offer(delivery, message);
            case Change.Reading _, Change.Beginning _ -> tell(delivery);
        }
    }

    private void offer(Delivery delivery, Change.Message message) {
        ThreadId thread = message.thread();
        if (sequences.getIfPresent(thread) == null && !anyConnected(delivery.recipients())) {
            return;
        }
        boolean taken = false;
        while (!taken) {
            taken = sequence(thread, delivery.recipients()).offer(delivery, message.seq());
        }
    }

    /** Sends a reading or a new thread, unless it went out already; to how many connections. */
    @CanIgnoreReturnValue
    int tell(Delivery delivery) {
        int[] deliveries = new int[1];
        told.once(delivery.change(), () -> {
            switch (delivery.change()) {
                case Change.Reading read ->
                    watermarks.inOrder(
                            read, raised -> deliveries[0] = broadcast(new Delivery(delivery.recipients(), raised)));
                case Change.Beginning _, Change.Message _ -> deliveries[0] = broadcast(delivery);
            }
        });
        return deliveries[0];
    }

    /** Sends an event that nobody is told later to the users' connections here, now. */
    public void send(Collection<UserId> recipients, ServerEvent event) {
        int deliveries = 0;
        OutboundEvent encoded = OutboundEvent.of(event);
        try (Volley volley = new Volley(recipients.size())) {
            for (UserId recipient : recipients) {
                for (Receiver receiver : connections.receivers(recipient)) {
                    volley.send(receiver.connection(), encoded);
                    deliveries++;
                }
            }
        }
        count(event.eventName(), deliveries);
    }

    /** Sends a change to the recipients' connections here whose clients do not have it; how many these are. */
    @CanIgnoreReturnValue
    int broadcast(Delivery delivery) {
        Change change = delivery.change();
        observers.forEach(observer -> observe(observer, delivery));
        int deliveries = 0;
        try (Broadcast event = new Broadcast(change, delivery.recipients().size())) {
            for (UserId recipient : delivery.recipients()) {
                // By index, as every delivery comes by here: an iterator is an object.
                List<Receiver> receivers = connections.receivers(recipient);
                for (int i = 0; i < receivers.size(); i++) {
                    deliveries += receivers.get(i).receive(event) ? 1 : 0;
                }
            }
        }
        count(change.eventName(), deliveries);
        return deliveries;
    }

    /** Its fault must not keep the change from anybody: what counts as delivered is not read again. */
    private static void observe(DeliveryObserver observer, Delivery delivery) {
        try {
            observer.delivering(delivery);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("an observer of deliveries failed");
        }
    }

    private void count(String eventName, int deliveries) {
        counters.computeIfAbsent(eventName, event -> meters.counter("cove.deliveries", "event", event))
                .increment(deliveries);
    }

    /**
     * The sequences of these threads, without those that were not seen here before and have no member here. One query for all that
     * were not seen before.
     */
    Map<ThreadId, ThreadSequence> sequences(Collection<ThreadId> threads) {
        Map<ThreadId, ThreadSequence> known = new HashMap<>(sequences.getAllPresent(threads));
        List<ThreadId> unknown =
                threads.stream().filter(thread -> !known.containsKey(thread)).toList();
        if (!unknown.isEmpty()) {
            news.members(unknown).forEach((thread, members) -> {
                if (anyConnected(members)) {
                    known.put(thread, sequence(thread, members));
                }
            });
        }
        return known;
    }

    private ThreadSequence sequence(ThreadId thread, List<UserId> members) {
        return sequences.get(thread, id -> new ThreadSequence(id, members, this, news, timer, executor));
    }

    /** How far this node is; null before {@link Repair} has looked at the database for the first time. */
    @Nullable Delivered delivered() {
        return delivered;
    }

    void delivered(Delivered now) {
        delivered = now;
        told.forget(now.horizon());
    }

    /** A look that began then ended, and this is how far the node is. */
    void looked(Horizon horizon, long began) {
        repairs.looked(began);
        try {
            horizons.delivered(horizon, began);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("an observer of horizons failed");
        }
    }

    /**
     * The database has another history. Forgets how far each thread and each reader got, and ends all connections: what their
     * clients have seen may never have been, and as new ones they ask.
     */
    void forget() {
        delivered = null;
        // An invalidation is no eviction, of which the cache would tell them.
        sequences.asMap().values().forEach(ThreadSequence::retire);
        sequences.invalidateAll();
        watermarks.forget();
        told.forget();
        connections.closeAll(CloseReason.HISTORY_CHANGED);
    }

    /** A reading with the highest watermark that anybody here was told of; anything else as it is. */
    Change raised(Change change) {
        return change instanceof Change.Reading read ? watermarks.highest(read) : change;
    }

    /** Whether somebody of these may not have the change yet, on some connection here. */
    boolean anyLacks(Collection<UserId> users, Change change) {
        return users.stream()
                .flatMap(user -> connections.receivers(user).stream())
                .anyMatch(receiver -> receiver.lacks(change));
    }

    boolean anyConnected(Collection<UserId> users) {
        for (UserId user : users) {
            if (connections.isHere(user)) {
                return true;
            }
        }
        return false;
    }

    RepairMeters repairs() {
        return repairs;
    }

    /**
     * For the wiring.
     *
     * @param tell has other nodes told; must neither wait nor throw
     */
    public void tellOthersBy(Consumer<Delivery> tell) {
        elsewhere = tell;
    }

    /** Has somebody told how far this node is; for the wiring, before the first look. */
    public void followBy(HorizonObserver observer) {
        horizons = observer;
    }

    /** Names the history of the database, as of the last look; empty before the first. */
    public Optional<String> history() {
        return Optional.ofNullable(delivered).map(known -> known.horizon().epoch());
    }

    /** @param look asks for a look at the database before its time */
    void lookSoonBy(Runnable look) {
        lookSoon = look;
    }

    void watchLength(String offset) {
        if (offset.length() > LONG_OFFSET || Seen.isUnrecoverable(offset)) {
            lookSoon.run();
        }
    }
}
