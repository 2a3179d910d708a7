package com.cove.socket.typing;

import com.cove.db.thread.ThreadStore;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.UserTyping;
import com.cove.model.hook.Delivery;
import com.cove.model.session.Done;
import com.cove.model.thread.ThreadId;
import com.cove.model.typing.Typing;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.fanout.DeliveryObserver;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.nodes.Neighbours;
import com.cove.socket.nodes.Signal;
import com.cove.socket.transport.Connection;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who types where. Ends by itself after six seconds without a new {@code typing_start} (wire contract), with
 * {@code typing_stop}, with the message, and with the connection it came from.
 */
public final class Typists implements ConnectionObserver, DeliveryObserver {
    private static final Duration LASTS = Duration.ofSeconds(6);

    private final ThreadStore threads;
    private final Fanout fanout;
    private final Neighbours neighbours;
    private final Timer timer;
    private final Map<Typist, Entry> typing = new ConcurrentHashMap<>();

    public Typists(ThreadStore threads, Fanout fanout, Neighbours neighbours, Timer timer) {
        this.threads = threads;
        this.fanout = fanout;
        this.neighbours = neighbours;
        this.timer = timer;
    }

    private record Typist(ThreadId thread, UserId user) {}

    /** @param connection from which the user types; null where another node told of it */
    private record Entry(@Nullable Connection connection, List<UserId> others, Timeout end) {}

    /** {@code typing_start}; {@code not_found} for a thread that is not the user's. */
    public Done start(Connection connection, Typing request) {
        Typist typist = new Typist(request.threadId(), connection.user());
        List<UserId> others = others(typist);
        begin(typist, connection, others);
        neighbours.tell(new Signal(others, new UserTyping(typist.thread, typist.user, true)));
        return new Done();
    }

    private void begin(Typist typist, @Nullable Connection connection, List<UserId> others) {
        typing.compute(typist, (_, before) -> {
            if (before != null) {
                before.end.cancel();
            }
            Timeout end = timer.newTimeout(fired -> expire(typist, fired), LASTS.toMillis(), TimeUnit.MILLISECONDS);
            tell(typist, others, true);
            return new Entry(connection, others, end);
        });
    }

    /** Another node told of somebody who types there. It may be killed: what it began ends here by itself, too. */
    public void heard(UserTyping event, List<UserId> recipients) {
        Typist typist = new Typist(event.threadId(), event.userId());
        if (event.isTyping()) {
            begin(typist, null, recipients);
        } else {
            end(typist, entry -> entry.connection == null);
        }
    }

    /** {@code typing_stop}; {@code not_found} for a thread that is not the user's. */
    public Done stop(Connection connection, Typing request) {
        Typist typist = new Typist(request.threadId(), connection.user());
        if (!typing.containsKey(typist)) {
            List<UserId> _ = others(typist);
        }
        endEverywhere(typist, _ -> true);
        return new Done();
    }

    @Override
    public void connected(Connection connection) {
        // nobody types before saying so
    }

    @Override
    public void disconnected(Connection connection) {
        typing.forEach((typist, entry) -> {
            if (connection.equals(entry.connection)) {
                endEverywhere(typist, now -> connection.equals(now.connection));
            }
        });
    }

    @Override
    public void delivering(Delivery delivery) {
        if (delivery.change() instanceof Change.Message message) {
            // The message itself tells the other nodes.
            end(new Typist(message.thread(), message.sender()), _ -> true);
        }
    }

    /** Ends what this timeout was for; a newer start, which could not cancel it any more, goes on. */
    private void expire(Typist typist, Timeout fired) {
        endEverywhere(typist, entry -> entry.end.equals(fired));
    }

    private void endEverywhere(Typist typist, Predicate<Entry> which) {
        Entry ended = end(typist, which);
        if (ended != null && ended.connection != null) {
            neighbours.tell(new Signal(ended.others, new UserTyping(typist.thread, typist.user, false)));
        }
    }

    /** Ends it for the connections here; null where there was none such. */
    @CanIgnoreReturnValue
    private @Nullable Entry end(Typist typist, Predicate<Entry> which) {
        Entry[] ended = new Entry[1];
        typing.computeIfPresent(typist, (_, entry) -> {
            if (!which.test(entry)) {
                return entry;
            }
            entry.end.cancel();
            tell(typist, entry.others, false);
            ended[0] = entry;
            return null;
        });
        return ended[0];
    }

    private void tell(Typist typist, List<UserId> others, boolean isTyping) {
        fanout.send(others, new UserTyping(typist.thread, typist.user, isTyping));
    }

    private List<UserId> others(Typist typist) {
        return threads.members(typist.user, typist.thread).stream()
                .filter(member -> !member.equals(typist.user))
                .toList();
    }
}
