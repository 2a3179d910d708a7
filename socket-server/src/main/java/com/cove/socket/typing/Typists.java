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
import com.cove.socket.transport.Connection;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Who types where. Ends by itself after six seconds without a new {@code typing_start} (wire contract), with
 * {@code typing_stop}, with the message, and with the connection it came from.
 */
public final class Typists implements ConnectionObserver, DeliveryObserver {
    private static final Duration LASTS = Duration.ofSeconds(6);

    private final ThreadStore threads;
    private final Fanout fanout;
    private final Timer timer;
    private final Map<Typist, Entry> typing = new ConcurrentHashMap<>();

    public Typists(ThreadStore threads, Fanout fanout, Timer timer) {
        this.threads = threads;
        this.fanout = fanout;
        this.timer = timer;
    }

    private record Typist(ThreadId thread, UserId user) {}

    private record Entry(Connection connection, List<UserId> others, Timeout end) {}

    /** {@code typing_start}; {@code not_found} for a thread that is not the user's. */
    public Done start(Connection connection, Typing request) {
        Typist typist = new Typist(request.threadId(), connection.user());
        List<UserId> others = others(typist);
        typing.compute(typist, (_, before) -> {
            if (before != null) {
                before.end.cancel();
            }
            Timeout end = timer.newTimeout(fired -> expire(typist, fired), LASTS.toMillis(), TimeUnit.MILLISECONDS);
            tell(typist, others, true);
            return new Entry(connection, others, end);
        });
        return new Done();
    }

    /** {@code typing_stop}; {@code not_found} for a thread that is not the user's. */
    public Done stop(Connection connection, Typing request) {
        Typist typist = new Typist(request.threadId(), connection.user());
        if (!typing.containsKey(typist)) {
            List<UserId> _ = others(typist);
        }
        end(typist);
        return new Done();
    }

    @Override
    public void connected(Connection connection) {
        // nobody types before saying so
    }

    @Override
    public void disconnected(Connection connection) {
        typing.forEach((typist, entry) -> {
            if (entry.connection.equals(connection)) {
                end(typist);
            }
        });
    }

    @Override
    public void delivering(Delivery delivery) {
        if (delivery.change() instanceof Change.Message message) {
            end(new Typist(message.thread(), message.sender()));
        }
    }

    /** Ends what this timeout was for; a newer start, which could not cancel it any more, goes on. */
    private void expire(Typist typist, Timeout fired) {
        end(typist, entry -> entry.end.equals(fired));
    }

    private void end(Typist typist) {
        end(typist, _ -> true);
    }

    private void end(Typist typist, Predicate<Entry> which) {
        typing.computeIfPresent(typist, (_, entry) -> {
            if (!which.test(entry)) {
                return entry;
            }
            entry.end.cancel();
            tell(typist, entry.others, false);
            return null;
        });
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
