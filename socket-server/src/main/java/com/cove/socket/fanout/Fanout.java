package com.cove.socket.fanout;

import com.cove.db.message.MessageStore;
import com.cove.db.message.News.ThreadNews;
import com.cove.model.event.ServerEvent;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.hook.Delivery;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OutboundEvent;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets committed events to the connections of this node, encoded once each. Messages of a thread go out in seq order and
 * without gaps, whichever way and order they were told about: from a handler here, or by the hook.
 */
public final class Fanout {
    private static final Logger log = LoggerFactory.getLogger(Fanout.class);
    /** Longer than any notice of a message can be under way: a thread that was quiet for so long starts afresh. */
    private static final Duration FORGET_THREAD_AFTER = Duration.ofMinutes(10);

    private static final int MAX_THREADS = 200_000;

    private final Connections connections;
    private final MessageStore messages;
    private final Timer timer;
    private final Executor executor;
    private final MeterRegistry meters;
    private final List<DeliveryObserver> observers = new CopyOnWriteArrayList<>();
    private final Cache<ThreadId, ThreadSequence> sequences = Caffeine.newBuilder()
            .expireAfterAccess(FORGET_THREAD_AFTER)
            .maximumSize(MAX_THREADS)
            .build();
    private final Watermarks watermarks = new Watermarks();
    private final DatabaseClock clock = new DatabaseClock();

    public Fanout(
            Connections connections, MessageStore messages, Timer timer, Executor executor, MeterRegistry meters) {
        this.connections = connections;
        this.messages = messages;
        this.timer = timer;
        this.executor = executor;
        this.meters = meters;
        repaired(0);
        meters.gauge("cove.database.clock.seconds", clock, DatabaseClock::secondsAhead);
    }

    /** Adds somebody who follows deliveries; for the wiring, before the first. */
    public void observe(DeliveryObserver observer) {
        observers.add(observer);
    }

    /**
     * Delivers a committed event. Never throws: the commit stands, and its sender is told so, whatever happens here. May be
     * called twice for one message; it goes out once.
     */
    public void deliver(Delivery delivery) {
        try {
            observers.forEach(observer -> observer.delivering(delivery));
            switch (delivery.event()) {
                case NewMessage news ->
                    sequence(news.message().threadId(), delivery.recipients()).offer(delivery, news.message());
                case MessageRead read -> watermarks.inOrder(read, told -> send(delivery.recipients(), told));
                default -> send(delivery.recipients(), delivery.event());
            }
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("event", delivery.event().eventName())
                    .setCause(e)
                    .log("delivery failed");
        }
    }

    /** Sends an event to the users' connections here, now. */
    public void send(Collection<UserId> recipients, ServerEvent event) {
        send(recipients, event, _ -> true);
    }

    void send(Collection<UserId> recipients, ServerEvent event, Predicate<Connection> which) {
        int deliveries = 0;
        try (OutboundEvent encoded = OutboundEvent.shared(event)) {
            for (UserId recipient : recipients) {
                for (Connection connection : connections.of(recipient)) {
                    if (which.test(connection)) {
                        connection.send(encoded);
                        deliveries++;
                    }
                }
            }
        }
        meters.counter("cove.deliveries", "event", event.eventName()).increment(deliveries);
    }

    /** Delivers what was stored and never told of. One query for all the threads that were not seen here before. */
    void reached(List<ThreadNews> news) {
        List<ThreadId> threads = news.stream().map(ThreadNews::thread).toList();
        Map<ThreadId, ThreadSequence> known = new HashMap<>(sequences.getAllPresent(threads));
        List<ThreadId> unknown =
                threads.stream().filter(thread -> !known.containsKey(thread)).toList();
        if (!unknown.isEmpty()) {
            messages.members(unknown).forEach((thread, members) -> known.put(thread, sequence(thread, members)));
        }
        for (ThreadNews each : news) {
            ThreadSequence sequence = known.get(each.thread());
            if (sequence != null) {
                sequence.reached(each);
            }
        }
    }

    /** Forgets how far each thread and each reader got: the database has another history. */
    void forget() {
        sequences.invalidateAll();
        watermarks.forget();
    }

    boolean anyConnected(Collection<UserId> users) {
        return users.stream().anyMatch(user -> !connections.of(user).isEmpty());
    }

    /** Counts messages that had to be read because nobody told of them. */
    void repaired(int messages) {
        meters.counter("cove.repaired").increment(messages);
    }

    DatabaseClock clock() {
        return clock;
    }

    private ThreadSequence sequence(ThreadId thread, List<UserId> members) {
        return sequences.get(thread, id -> new ThreadSequence(id, members, this, messages, timer, executor));
    }
}
