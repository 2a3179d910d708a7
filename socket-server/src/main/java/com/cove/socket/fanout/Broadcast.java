package com.cove.socket.fanout;

import com.cove.model.event.Change;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OutboundEvent;
import com.cove.socket.transport.Volley;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way to many connections, each of which is told with it what it has seen so far. Worked out and encoded once for
 * all that have seen the same; from then on they share what they have seen, too. Goes out once it is closed. Not thread-safe.
 */
final class Broadcast implements AutoCloseable {
    private final Change change;
    /** By the very object: those who have seen the same share it after the first change they get together. */
    private final Map<Seen, Step> steps = new HashMap<>(2);

    private final Map<String, Step> byOffset = new HashMap<>(2);
    private final Volley volley;

    /** To one connection. */
    Broadcast(Change change) {
        this(change, 1);
    }

    /** @param users how many it is for */
    Broadcast(Change change, int users) {
        this.volley = new Volley(users);
        this.change = change;
    }

    /**
     * What the change does to those who have seen something.
     *
     * @param delivered what they were sent besides
     * @param after what they have seen then
     * @param event what they are sent; null where they have it
     */
    record Step(
            @Nullable Delivered delivered,
            Seen after,
            @Nullable OutboundEvent event) {}

    Change change() {
        return change;
    }

    /** @param delivered what this node delivered, where that includes all that was for these connections; else null */
    Step step(Seen before, @Nullable Delivered delivered) {
        Step known = steps.get(before);
        if (known == null || !Objects.equals(known.delivered, delivered)) {
            known = next(before, delivered);
            steps.put(before, known);
        }
        return known;
    }

    private Step next(Seen before, @Nullable Delivered delivered) {
        // First: what this node has delivered meanwhile says nothing of a change that is only now on its way to them.
        if (before.includes(change)) {
            return new Step(delivered, before, null);
        }
        Seen after = (delivered == null ? before : before.with(delivered)).with(change);
        Step same = byOffset.computeIfAbsent(after.offset(), offset -> new Step(delivered, after, event(offset)));
        // An offset that says nothing is the same for many.
        return new Step(delivered, Seen.isUnrecoverable(after.offset()) ? after : same.after, same.event);
    }

    /**
     * The event as it goes out with this offset, which a client gives back when it reconnects.
     *
     * @param offset of letters, digits and signs that JSON does not escape
     */
    private OutboundEvent event(String offset) {
        return OutboundEvent.of("[\"", change.eventName(), "\",", change.payload(), ",\"", offset, "\"]");
    }

    /** To a connection whose client has seen what this offset says, the change included. */
    void send(Connection connection, String offset) {
        volley.send(connection, event(offset));
    }

    void send(Connection connection, OutboundEvent event) {
        volley.send(connection, event);
    }

    @Override
    public void close() {
        volley.close();
    }
}
