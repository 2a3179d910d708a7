package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.message.MessageStore;
import com.cove.db.message.News;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second for messages that were stored and that nobody told of: because a call of the hook, or the server that
 * stored them, was lost. The same few queries however many connections there are; for many messages they are read page by
 * page, and the threads of a page that were not seen here before cost one query together.
 */
public final class Repair implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Repair.class);

    private final MessageStore messages;
    private final Fanout fanout;
    private final Timer timer;
    private final Executor executor;
    private final Duration interval;
    private @Nullable Horizon horizon;
    private boolean failing;
    private volatile boolean closed;

    public Repair(MessageStore messages, Fanout fanout, Timer timer, Executor executor, Duration interval) {
        this.messages = messages;
        this.fanout = fanout;
        this.timer = timer;
        this.executor = executor;
        this.interval = interval;
    }

    /** Begins: what is stored from the first look on is delivered in the end. */
    public void start() {
        executor.execute(this::round);
    }

    /** One round at a time; after an outage the next one covers all of it. */
    private void round() {
        try {
            look();
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                log.atWarn().setCause(e).log("could not look for messages that were not told of");
            }
            failing = true;
        }
        if (!closed) {
            timer.newTimeout(_ -> executor.execute(this::round), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        News news = messages.news(horizon);
        fanout.clock().compare(messages::now);
        if (!news.sameHistory()) {
            log.atWarn().log("the database has another history: it was restored");
            fanout.forget();
        }
        fanout.reached(news.threads());
        Horizon next = news.horizon();
        while (news.next() != null) {
            news = messages.more(news);
            fanout.reached(news.threads());
        }
        horizon = next;
    }

    @Override
    public void close() {
        closed = true;
    }
}
