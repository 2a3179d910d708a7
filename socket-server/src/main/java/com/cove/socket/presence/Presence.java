package com.cove.socket.presence;

import com.cove.db.history.Horizon;
import com.cove.db.presence.Circle;
import com.cove.db.presence.PresenceStore;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.UserOnline;
import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import com.cove.socket.event.ConnectionObserver;
import com.cove.socket.fanout.DeliveryObserver;
import com.cove.socket.fanout.Fanout;
import com.cove.socket.nodes.Neighbours;
import com.cove.socket.nodes.Residents;
import com.cove.socket.rounds.Rhythm;
import com.cove.socket.rounds.Steps;
import com.cove.socket.rounds.WaitingLine;
import com.cove.socket.transport.Connection;
import com.cove.socket.transport.OutboundEvent;
import io.netty.util.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is online, on any node: told to people who share a thread. One thread does it, for many at once, a few times a second: however
 * many come together, the database and Redis are asked a few times, and each other node is told once. What cannot be asked or told
 * now is tried again; while nobody can know whether somebody is on another node, nobody is told that they are gone.
 */
public final class Presence implements ConnectionObserver, DeliveryObserver, Residents, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);
    private static final Duration PACE = Duration.ofMillis(50);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int AT_ONCE = 250;
    private static final int MAX_WAITING = 10_000;

    private final PresenceStore store;
    private final Fanout fanout;
    private final Neighbours neighbours;
    private final Executor executor;
    private final Visits visits;
    private final Announcements announcements;
    private final Rhythm rhythm = new Rhythm(PACE);

    /** Connections that are to learn who is online; and those that could be told of this node only. */
    private final Set<Connection> newcomers = ConcurrentHashMap.newKeySet();

    private final Set<Connection> halfTold = ConcurrentHashMap.newKeySet();
    /** Users of whom not everybody may know that they are online. */
    private final Set<UserId> arrivals = ConcurrentHashMap.newKeySet();

    private final Map<UserId, Instant> departures = new ConcurrentHashMap<>();
    private final WaitingLine<News> heard = new WaitingLine<>();
    private final WaitingLine<List<UserId>> meetings = new WaitingLine<>();
    /** The rest is of the thread that works. Departures that were heard of, and are to be looked at again. */
    private final Queue<News> unverified = new ArrayDeque<>();
    /** Who hid or showed themselves, and whether those here were told. */
    private final Map<UserId, Boolean> toggled = new HashMap<>();

    private final Steps steps =
            new Steps(log, "presence cannot be told, and is tried again", "presence is told again", rhythm::isClosed);

    private @Nullable Horizon looked;
    private long lookedAt = System.nanoTime() - LOOK.toNanos();

    /** @param grace how long somebody without a connection is still online */
    public Presence(
            PresenceStore store,
            Fanout fanout,
            Neighbours neighbours,
            Timer timer,
            Executor executor,
            Clock clock,
            Duration grace) {
        this.store = store;
        this.fanout = fanout;
        this.neighbours = neighbours;
        this.executor = executor;
        this.visits = new Visits(timer, clock, grace, neighbours::changed);
        this.announcements = new Announcements(fanout, neighbours);
    }

    /** Begins to tell. */
    public void start() {
        executor.execute(this::work);
    }

    private record News(List<UserId> recipients, UserOnline event) {
        /** Whether somebody is gone, and does not just hide. */
        boolean isDeparture() {
            return !event.online() && event.lastSeenAt() != null;
        }
    }

    @Override
    public void connected(Connection connection) {
        visits.add(connection);
        // Not before: of those who are not here no arrival is told.
        arrivals.add(connection.user());
        newcomers.add(connection);
        rhythm.wake();
    }

    @Override
    public void disconnected(Connection connection) {
        newcomers.remove(connection);
        halfTold.remove(connection);
        visits.remove(connection);
    }

    @Override
    public boolean isHere(UserId user) {
        return visits.isHere(user);
    }

    @Override
    public Set<UserId> everybody() {
        return visits.everybody();
    }

    @Override
    public void registered(UserId user, boolean elsewhere) {
        visits.registered(user, elsewhere);
        rhythm.wake();
    }

    @Override
    public void unregistered(UserId user, boolean elsewhere) {
        Visits.Over over = visits.unregistered(user);
        if (over != null && over.told() && !elsewhere) {
            departures.put(user, over.lastSeenAt());
            rhythm.wake();
        }
    }

    /** Another node told of somebody. */
    public void heard(UserOnline event, List<UserId> recipients) {
        if (heard.offer(new News(recipients, event), MAX_WAITING)) {
            rhythm.wake();
        }
    }

    /** People who meet in a new thread learn at once who of them is online. */
    @Override
    public void delivering(Delivery delivery) {
        if (delivery.change() instanceof Change.Beginning && meetings.offer(delivery.recipients(), MAX_WAITING)) {
            rhythm.wake();
        }
    }

    private void work() {
        try {
            while (rhythm.next(LOOK)) {
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        List<Runnable> round = new ArrayList<>(
                List.of(this::listen, this::depart, this::welcome, this::arrive, this::toggle, this::introduce));
        if (System.nanoTime() - lookedAt >= LOOK.toNanos()) {
            lookedAt = System.nanoTime();
            round.add(this::look);
            round.add(() -> neighbours.sweep(this::gone));
        }
        boolean _ = steps.take(round);
    }

    /** Some of many, and another round soon if there are more. */
    private <T> List<T> some(Collection<T> all, Predicate<T> which) {
        List<T> some = all.stream().filter(which).limit(AT_ONCE).toList();
        if (some.size() == AT_ONCE) {
            rhythm.wake();
        }
        return some;
    }

    /** A departure may have been overtaken by an arrival on a third node: it is told if it is still true. */
    private void listen() {
        List<News> news = new ArrayList<>();
        heard.drainTo(news, MAX_WAITING);
        for (News each : news) {
            if (each.isDeparture()) {
                unverified.add(each);
            } else {
                fanout.send(each.recipients, each.event);
            }
        }
        if (unverified.isEmpty()) {
            return;
        }
        Set<UserId> users = unverified.stream().map(each -> each.event.userId()).collect(Collectors.toSet());
        Optional<Map<UserId, Set<String>>> places = neighbours.places(users);
        if (places.isEmpty()) {
            while (unverified.size() > MAX_WAITING) {
                unverified.remove();
            }
            return;
        }
        for (News each = unverified.poll(); each != null; each = unverified.poll()) {
            UserId user = each.event.userId();
            if (!places.get().containsKey(user) && !visits.isHere(user)) {
                fanout.send(each.recipients, each.event);
            }
        }
    }

    private void depart() {
        boolean known = neighbours.isKnown();
        List<Map.Entry<UserId, Instant>> some = some(departures.entrySet(), _ -> known);
        if (!some.isEmpty()) {
            gone(some.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
            some.forEach(each -> departures.remove(each.getKey(), each.getValue()));
        }
    }

    /** Tells of those who did not come back meanwhile. Throws where not everybody may have been told. */
    private void gone(Map<UserId, Instant> lastSeenAt) {
        store.seen(lastSeenAt);
        Map<UserId, Circle> circles = store.circles(lastSeenAt.keySet());
        Map<UserId, Set<String>> places =
                neighbours.places(lastSeenAt.keySet()).orElseThrow(() -> new IllegalStateException("nobody can know"));
        Map<UserId, UserOnline> news = new HashMap<>();
        circles.forEach((user, circle) -> {
            if (!circle.hidden() && !visits.isTold(user) && !places.containsKey(user)) {
                news.put(user, new UserOnline(user, false, lastSeenAt.get(user)));
            }
        });
        announcements.here(news, circles);
        if (!announcements.elsewhere(news, circles)) {
            throw new IllegalStateException("other nodes were not told");
        }
    }

    /** Connections that begin learn who is online: once it can be known on which nodes, or else of this one first. */
    private void welcome() {
        boolean known = neighbours.isKnown();
        List<Connection> begun = some(newcomers, connection -> !known || visits.isRegistered(connection.user()));
        if (!welcome(begun, visits::isTold)) {
            begun.stream()
                    .filter(connection -> visits.isHere(connection.user()))
                    .forEach(halfTold::add);
        }
        begun.forEach(newcomers::remove);
        List<Connection> rest = some(halfTold, connection -> known && visits.isRegistered(connection.user()));
        if (welcome(rest, _ -> false)) {
            rest.forEach(halfTold::remove);
        }
    }

    /** False where it could not be known who is on other nodes. */
    private boolean welcome(List<Connection> connections, Predicate<UserId> isOnlineHere) {
        if (connections.isEmpty()) {
            return true;
        }
        Map<UserId, Circle> circles =
                store.circles(connections.stream().map(Connection::user).collect(Collectors.toSet()));
        circles.forEach((user, circle) -> visits.begin(user, circle.hidden()));
        Set<UserId> contacts = circles.values().stream()
                .flatMap(circle -> circle.visibleContacts().stream())
                .collect(Collectors.toSet());
        Optional<Map<UserId, Set<String>>> places = neighbours.places(contacts);
        Set<UserId> online = contacts.stream()
                .filter(contact ->
                        isOnlineHere.test(contact) || places.orElse(Map.of()).containsKey(contact))
                .collect(Collectors.toSet());
        for (Connection connection : connections) {
            Circle circle = circles.get(connection.user());
            if (circle != null) {
                circle.visibleContacts().stream()
                        .filter(online::contains)
                        .forEach(contact -> connection.send(OutboundEvent.of(new UserOnline(contact, true, null))));
            }
        }
        return places.isPresent();
    }

    private void arrive() {
        arrivals.removeIf(user -> !visits.isHere(user) || visits.isToldEverywhere(user));
        boolean known = neighbours.isKnown();
        List<UserId> some = some(arrivals, user -> known ? visits.isRegistered(user) : !visits.isTold(user));
        if (some.isEmpty()) {
            return;
        }
        Map<UserId, Circle> circles = store.circles(some);
        Map<UserId, UserOnline> everywhere = new HashMap<>();
        Map<UserId, UserOnline> here = new HashMap<>();
        circles.forEach((user, circle) -> {
            visits.begin(user, circle.hidden());
            UserOnline news = new UserOnline(user, true, null);
            boolean first = visits.tell(user, false);
            if (!circle.hidden()) {
                everywhere.put(user, news);
                if (first) {
                    here.put(user, news);
                }
            }
        });
        announcements.here(here, circles);
        if (known && announcements.elsewhere(everywhere, circles)) {
            some.forEach(user -> visits.tell(user, true));
            some.forEach(arrivals::remove);
        }
    }

    private void introduce() {
        List<List<UserId>> met = new ArrayList<>();
        meetings.drainTo(met, AT_ONCE);
        for (List<UserId> members : met) {
            Set<UserId> hidden = store.hidden(members);
            Map<UserId, Set<String>> places = neighbours.places(members).orElse(Map.of());
            for (UserId member : members) {
                if (!hidden.contains(member) && (visits.isTold(member) || places.containsKey(member))) {
                    Set<UserId> others = new HashSet<>(members);
                    others.remove(member);
                    fanout.send(others, new UserOnline(member, true, null));
                }
            }
        }
    }

    /** Who hid or showed themselves, through whichever door. */
    private void look() {
        PresenceStore.Changes changes = store.since(Optional.ofNullable(looked));
        changes.hidden().forEach((user, hidden) -> {
            if (visits.hide(user, hidden)) {
                toggled.put(user, false);
                rhythm.wake();
            }
        });
        looked = changes.until();
    }

    private void toggle() {
        boolean known = neighbours.isKnown();
        List<Map.Entry<UserId, Boolean>> some = some(toggled.entrySet(), each -> known || !each.getValue());
        if (some.isEmpty()) {
            return;
        }
        Map<UserId, Boolean> toldHere = some.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<UserId, Circle> circles = store.circles(toldHere.keySet());
        Map<UserId, UserOnline> everywhere = new HashMap<>();
        Map<UserId, UserOnline> here = new HashMap<>();
        circles.forEach((user, circle) -> {
            // Who shows themselves and is not here any more, is told of as somebody who left.
            if (circle.hidden() || visits.isHere(user)) {
                UserOnline news = new UserOnline(user, !circle.hidden(), null);
                everywhere.put(user, news);
                if (Boolean.FALSE.equals(toldHere.get(user))) {
                    here.put(user, news);
                }
            }
        });
        announcements.here(here, circles);
        toldHere.keySet().forEach(user -> toggled.put(user, true));
        if (known && announcements.elsewhere(everywhere, circles)) {
            toggled.keySet().removeAll(toldHere.keySet());
        }
    }

    /**
     * Has it remembered when people were last here, without waiting for it. Whoever is on no other node soon is found by those that are
     * left.
     */
    @Override
    public void close() {
        rhythm.close();
        Map<UserId, Instant> lastSeen = visits.lastSeen();
        executor.execute(() -> {
            boolean _ = steps.take(() -> store.seen(lastSeen));
        });
    }
}
