package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** For a node that is the only one, or does not know of others. */
public final class NoNeighbours implements Neighbours {
    private @Nullable Residents residents;

    @Override
    public void start(Residents all, Consumer<Signal> heard) {
        residents = all;
    }

    @Override
    public boolean isKnown() {
        return true;
    }

    @Override
    public void changed(UserId user) {
        Residents all = Objects.requireNonNull(residents, "not started");
        if (all.isHere(user)) {
            all.registered(user, false);
        } else {
            all.unregistered(user, false);
        }
    }

    @Override
    public Optional<Map<UserId, Set<String>>> places(Collection<UserId> users) {
        return Optional.of(Map.of());
    }

    @Override
    public void tell(Signal signal) {
        // nobody to tell
    }

    @Override
    public boolean tell(Map<String, List<Signal>> byNode) {
        return true;
    }

    @Override
    public void sweep(Consumer<Map<UserId, Instant>> gone) {
        // nobody else was killed
    }

    @Override
    public void close() {
        // nothing is open
    }
}
