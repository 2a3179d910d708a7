package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The other nodes: who is where, and what they are told. */
public interface Neighbours extends AutoCloseable {
    /**
     * Begins; before anything else.
     *
     * @param heard gets what other nodes signal; must not wait
     */
    void start(Residents residents, Consumer<Signal> heard);

    /** Whether it can be known now who is where. */
    boolean isKnown();

    /** Somebody came here, or is not here any more. Never waits; the {@link Residents} learn what it meant. */
    void changed(UserId user);

    /** On which other nodes each of these people is, left out who is on none; empty where nobody can know. Waits for Redis. */
    Optional<Map<UserId, Set<String>>> places(Collection<UserId> users);

    /** Has the nodes where recipients are told, without waiting. The first to be dropped where there is too much. */
    void tell(Signal signal);

    /** Tells these nodes; false where not all of them may have been. Waits for Redis. */
    boolean tell(Map<String, List<Signal>> byNode);

    /**
     * Looks for nodes that were killed; to be called each second. Waits for Redis.
     *
     * @param gone is given their people who are nowhere now, and when they were last seen; where it throws they come again
     */
    void sweep(Consumer<Map<UserId, Instant>> gone);

    @Override
    void close();
}
