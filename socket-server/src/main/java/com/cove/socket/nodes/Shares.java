package com.cove.socket.nodes;

import com.cove.model.error.AppException;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.fanout.Connections;
import com.cove.socket.limit.UserLimits;
import com.cove.socket.rounds.WaitingLine;
import com.cove.socket.transport.CloseReason;
import com.cove.socket.transport.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The limits of users who are on several nodes. Each of these tells the others, when it changes, which connections it has of them, and
 * once a second what they spent there, where that is much. Of users on one node only nobody tells anything.
 *
 * <p>Who has too many connections loses the youngest: all nodes sort them the same way, and each closes what is its own. Before, it
 * looks whether the others still live. What is not public, but for {@link #take}, happens on the thread that keeps the link.
 */
public final class Shares {
    private static final int MAX_WAITING = 10_000;

    private final String node = UUID.randomUUID().toString();
    private final UserLimits limits;
    private final Connections connections;
    /** Of whom others are to be told. */
    private final Set<UserId> changed = ConcurrentHashMap.newKeySet();

    private final WaitingLine<String> heard = new WaitingLine<>();
    private final Map<UserId, Places> shared = new HashMap<>();
    private volatile Runnable wake = () -> {};

    /** Where else a user is. */
    private static final class Places {
        /** The connections elsewhere, by node. */
        final Map<String, Place> known = new HashMap<>();
        /** The addresses that were told. */
        final Set<String> told = new HashSet<>();
        /** What they were told. */
        List<Long> since = List.of();

        int connections() {
            return known.values().stream().mapToInt(place -> place.since.size()).sum();
        }
    }

    private record Place(String address, List<Long> since) {}

    /** A connection among all of a user's, as every node sorts them. */
    private record Seat(long since, String node, int number) {
        static final Comparator<Seat> ORDER =
                Comparator.comparingLong(Seat::since).thenComparing(Seat::node).thenComparingInt(Seat::number);
    }

    public Shares(UserLimits limits, Connections connections) {
        this.limits = limits;
        this.connections = connections;
        limits.doubtBy(this::changed);
    }

    private record Observer(Consumer<UserId> arrival, Consumer<UserId> departure) implements ConnectionObserver {
        @Override
        public void connected(Connection connection) {
            arrival.accept(connection.user());
        }

        @Override
        public void disconnected(Connection connection) {
            departure.accept(connection.user());
        }
    }

    /** To be told of beginnings once {@link Connections} knows of them. */
    public ConnectionObserver arrivals() {
        return new Observer(this::counted, _ -> {});
    }

    /** To be told of ends once {@link Connections} knows of them. */
    public ConnectionObserver departures() {
        return new Observer(_ -> {}, this::counted);
    }

    /** Where the user is on this node only, nobody is told. */
    private void counted(UserId user) {
        if (limits.isElsewhere(user)) {
            changed(user);
        }
    }

    private void changed(UserId user) {
        changed.add(user);
        wake.run();
    }

    /** @param there tells that somebody is due */
    void wakeBy(Runnable there) {
        wake = there;
    }

    /** Takes what another node told. Called on Lettuce's threads: never waits. */
    void take(String hint, HintMeters meters) {
        if (heard.offer(hint, MAX_WAITING)) {
            wake.run();
        } else {
            meters.dropped(HintMeters.Cause.INBOX, 1);
        }
    }

    /** Goes through what came; those of whom others are to be told now. */
    Set<UserId> due(HintMeters meters) {
        hear(meters);
        Set<UserId> due = Set.copyOf(changed);
        changed.removeAll(due);
        return due.stream()
                .filter(user -> connections.isHere(user) || shared.containsKey(user))
                .collect(Collectors.toSet());
    }

    private void hear(HintMeters meters) {
        for (String hint = heard.poll(); hint != null; hint = heard.poll()) {
            try {
                Share share = Share.read(hint);
                share.users().forEach(taken -> hear(share, taken));
            } catch (AppException e) {
                meters.dropped(HintMeters.Cause.MALFORMED, 1);
            }
        }
    }

    private void hear(Share from, Share.Taken taken) {
        UserId user = taken.user();
        if (!connections.isHere(user)) {
            return;
        }
        Places places = shared.computeIfAbsent(user, _ -> new Places());
        Place before = taken.since().isEmpty()
                ? places.known.remove(from.node())
                : places.known.put(from.node(), new Place(from.address(), taken.since()));
        boolean isNew = !taken.since().isEmpty() && (before == null || !before.address.equals(from.address()));
        if (isNew || taken.since().isEmpty()) {
            // What it was told before, it may have had no use for.
            places.told.remove(from.address());
        }
        count(user, places);
        if (taken.spent() > 0) {
            limits.spent(user, taken.spent());
        }
        if (isNew || limits.isFull(connections.of(user).size(), places.connections())) {
            changed.add(user);
        }
    }

    private void count(UserId user, Places places) {
        limits.elsewhere(user, places.connections());
        if (places.known.isEmpty() && places.told.isEmpty()) {
            shared.remove(user);
        }
    }

    /**
     * Tells of users who are here.
     *
     * @param elsewhere the addresses of the other nodes where they are; without those who are on none
     */
    void tell(Link to, Collection<UserId> here, Map<UserId, Set<String>> elsewhere, HintMeters meters)
            throws RedisException {
        Map<String, List<Share.Taken>> news = new HashMap<>();
        List<UserId> full = new ArrayList<>();
        here.forEach(user -> {
            Set<String> others = elsewhere.getOrDefault(user, Set.of());
            Places places = others.isEmpty() ? shared.get(user) : shared.computeIfAbsent(user, _ -> new Places());
            if (places != null) {
                places.known.values().removeIf(place -> !others.contains(place.address));
                places.told.retainAll(others);
                List<Long> since = since(user);
                for (String address : others) {
                    if (places.told.add(address) || !since.equals(places.since)) {
                        news.computeIfAbsent(address, _ -> new ArrayList<>()).add(new Share.Taken(user, since, 0));
                    }
                }
                places.since = since;
                count(user, places);
                if (limits.isFull(since.size(), places.connections())) {
                    full.add(user);
                }
            }
        });
        send(to, news, meters);
        closeYoungest(to, full);
    }

    /** Tells of users who are not here any more. */
    void tellGone(Link to, Collection<UserId> gone, HintMeters meters) {
        Map<String, List<Share.Taken>> news = new HashMap<>();
        for (UserId user : gone) {
            Places places = shared.remove(user);
            limits.elsewhere(user, 0);
            if (places != null) {
                places.told.forEach(address ->
                        news.computeIfAbsent(address, _ -> new ArrayList<>()).add(new Share.Taken(user, List.of(), 0)));
            }
        }
        send(to, news, meters);
    }

    /** Once a second. */
    void tellSpent(Link to, HintMeters meters) {
        Map<String, List<Share.Taken>> news = new HashMap<>();
        limits.spent().forEach((user, events) -> {
            Places places = shared.get(user);
            if (places != null) {
                places.told.forEach(address -> news.computeIfAbsent(address, _ -> new ArrayList<>())
                        .add(new Share.Taken(user, places.since, events)));
            }
        });
        send(to, news, meters);
    }

    private void send(Link to, Map<String, List<Share.Taken>> news, HintMeters meters) {
        news.forEach((address, users) -> to.share(address, new Share(node, to.address(), users).write(), meters));
    }

    private List<Long> since(UserId user) {
        return connections.of(user).stream().map(Connection::since).sorted().toList();
    }

    private void closeYoungest(Link to, List<UserId> full) throws RedisException {
        Set<String> addresses = new HashSet<>();
        full.forEach(user -> places(user).known.values().forEach(place -> addresses.add(place.address)));
        Set<String> living = addresses.isEmpty() ? Set.of() : to.living(addresses);
        for (UserId user : full) {
            Places places = places(user);
            places.known.values().removeIf(place -> !living.contains(place.address));
            count(user, places);
            List<Connection> own = connections.of(user).stream()
                    .sorted(Comparator.comparingLong(Connection::since))
                    .toList();
            int tooMany = ownAmongTooMany(places, own);
            if (tooMany > 0) {
                limits.refuse(user);
                own.subList(own.size() - tooMany, own.size())
                        .forEach(connection -> connection.close(CloseReason.TOO_MANY_CONNECTIONS));
            }
        }
    }

    private Places places(UserId user) {
        return shared.computeIfAbsent(user, _ -> new Places());
    }

    private int ownAmongTooMany(Places places, List<Connection> own) {
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            seats.add(new Seat(own.get(i).since(), node, i));
        }
        places.known.forEach((other, place) -> {
            for (int i = 0; i < place.since.size(); i++) {
                seats.add(new Seat(place.since.get(i), other, i));
            }
        });
        return Math.toIntExact(seats.stream()
                .sorted(Seat.ORDER)
                .skip(limits.config().connectionsPerUser())
                .filter(seat -> seat.node.equals(node))
                .count());
    }

    /** Nothing is known of others any more; all is told again. */
    void forget() {
        heard.drainTo(new ArrayList<>(), MAX_WAITING);
        shared.clear();
        limits.forgetElsewhere();
    }
}
