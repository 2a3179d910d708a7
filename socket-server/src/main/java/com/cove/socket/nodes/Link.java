package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One life of this node's connections to Redis. It ends with either of them, and the next one has another address: an address at
 * which nobody listens will never have a listener again, so whoever finds one may take it out of the directory.
 */
final class Link implements AutoCloseable {
    /** Registered again in a third of that, so that what a killed node left behind goes away. */
    static final Duration USER_KEPT = Duration.ofMinutes(15);

    /** The mark of a node that ended in order, until it is gone. */
    static final String ENDED = "";

    private static final long LEAVE_MS = 300;
    private static final Duration STEADY_AFTER = Duration.ofSeconds(5);
    /** Renewed each second; whose mark is gone does not live, or is cut off. */
    static final Duration MARK_KEPT = Duration.ofSeconds(10);

    private static final Duration SWEEPER_KEPT = Duration.ofSeconds(4);
    /** Each has a second to be answered in, those before it included. */
    private static final int QUESTIONS_AT_ONCE = 2_000;

    private final Directory directory;
    private final String address;
    private final RedisClusterAsyncCommands<String, String> commands;
    private final List<StatefulConnection<String, String>> connections;
    private final Runnable onLost;
    private final long openedAt = System.nanoTime();
    private volatile @Nullable String problem;

    Link(
            Directory directory,
            String address,
            RedisClusterAsyncCommands<String, String> commands,
            List<StatefulConnection<String, String>> connections,
            Runnable onLost) {
        this.directory = directory;
        this.address = address;
        this.commands = commands;
        this.connections = List.copyOf(connections);
        this.onLost = onLost;
    }

    String address() {
        return address;
    }

    String history() {
        return directory.history();
    }

    /**
     * It is of no use any more.
     *
     * @param why as it may be logged
     */
    void lost(String why) {
        if (problem == null) {
            problem = why;
            onLost.run();
        }
    }

    boolean isOpen() {
        return problem == null;
    }

    /** Why it is of no use; empty while it is. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Whether it has held for some time. */
    boolean isSteady() {
        return System.nanoTime() - openedAt > STEADY_AFTER.toNanos();
    }

    /** Whether Redis still has what this link wrote; throws where it does not answer. */
    boolean isKnown() throws RedisException {
        return Redis.answer(commands.expire(directory.mark(address), MARK_KEPT));
    }

    /**
     * Enters this node among the others, and notes that what follows is written.
     *
     * @param summary how it is
     */
    void mark(String summary) throws RedisException {
        say(summary, SetArgs.Builder.ex(MARK_KEPT));
    }

    /** Says how this node is now, where its mark is still there. */
    void renew(String summary) throws RedisException {
        say(summary, SetArgs.Builder.ex(MARK_KEPT).xx());
    }

    private void say(String summary, SetArgs how) throws RedisException {
        // Again each time: who found no mark may have taken out this node meanwhile.
        RedisFuture<Long> entered = commands.sadd(directory.nodes(), address);
        Redis.answer(commands.set(directory.mark(address), summary, how));
        Redis.answer(entered);
    }

    /**
     * Says that this node ended, if Redis answers at once. Its people stay until the mark is gone: meanwhile most of them are on another
     * node, and were never away.
     */
    void leave() {
        try {
            String _ = commands.set(
                            directory.mark(address),
                            ENDED,
                            SetArgs.Builder.ex(MARK_KEPT).xx())
                    .toCompletableFuture()
                    .get(LEAVE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // It ends all the same; the others notice a little later.
        }
    }

    /**
     * What each node says of itself, by address, this one included: {@link #ENDED} of one that ended a moment ago, and empty for those
     * that do not live any more.
     */
    Map<String, Optional<String>> marks() throws RedisException {
        Map<String, RedisFuture<String>> questions = new LinkedHashMap<>();
        for (String each : Redis.answer(commands.smembers(directory.nodes()))) {
            questions.put(each, commands.get(directory.mark(each)));
        }
        Map<String, Optional<String>> marks = new LinkedHashMap<>();
        for (Map.Entry<String, RedisFuture<String>> question : questions.entrySet()) {
            marks.put(question.getKey(), Optional.ofNullable(Redis.answer(question.getValue())));
        }
        return marks;
    }

    /**
     * What it means that somebody was written down, or not any more.
     *
     * @param isHere which of the two
     * @param before the other nodes that had them before they were written down; of those who are not here any more, that have them now
     * @param now the other nodes that have them now
     * @param forgotten whether Redis did not know that they were here; for those who are not any more
     */
    record Standing(boolean isHere, Set<String> before, Set<String> now, boolean forgotten) {
        boolean wasElsewhere() {
            return !before.isEmpty();
        }
    }

    /** Writes who is here and who is not any more. All or, where this throws, perhaps a part. */
    Map<UserId, Standing> register(Collection<UserId> here, Collection<UserId> gone) throws RedisException {
        String people = directory.people(address);
        Map<UserId, RedisFuture<Set<String>>> before = new LinkedHashMap<>();
        Map<UserId, RedisFuture<Set<String>>> now = new LinkedHashMap<>();
        Map<UserId, RedisFuture<Long>> removed = new LinkedHashMap<>();
        List<RedisFuture<?>> answers = new ArrayList<>();
        for (UserId user : here) {
            String key = directory.user(user);
            // Of two nodes that write at once, at least one finds nobody before, and at least one finds the other now.
            before.put(user, commands.smembers(key));
            answers.add(commands.sadd(people, user.value()));
            answers.add(commands.sadd(key, address));
            answers.add(commands.expire(key, USER_KEPT));
            now.put(user, commands.smembers(key));
        }
        for (UserId user : gone) {
            String key = directory.user(user);
            removed.put(user, commands.srem(key, address));
            now.put(user, commands.smembers(key));
            answers.add(commands.srem(people, user.value()));
        }
        answers.add(commands.expire(people, USER_KEPT));
        for (RedisFuture<?> each : answers) {
            Redis.answer(each);
        }
        // Where the mark is gone by now, all else may have been gone before.
        boolean flushed = !removed.isEmpty() && !isKnown();
        Map<UserId, Standing> standings = new LinkedHashMap<>();
        for (Map.Entry<UserId, RedisFuture<Set<String>>> each : now.entrySet()) {
            UserId user = each.getKey();
            RedisFuture<Set<String>> asked = before.get(user);
            RedisFuture<Long> known = removed.get(user);
            Set<String> others = others(each.getValue());
            standings.put(
                    user,
                    new Standing(
                            asked != null,
                            asked == null ? others : others(asked),
                            others,
                            known != null && (flushed || Redis.answer(known) == 0)));
        }
        return standings;
    }

    /** All addresses of an answer but this one. */
    private Set<String> others(RedisFuture<Set<String>> places) throws RedisException {
        Set<String> others = new HashSet<>(Redis.answer(places));
        others.remove(address);
        return others;
    }

    /** On which other nodes each of these people is; without those who are on none. */
    Map<UserId, Set<String>> places(Collection<UserId> users) throws RedisException {
        Map<UserId, Set<String>> places = new HashMap<>();
        List<UserId> all = List.copyOf(users);
        for (int from = 0; from < all.size(); from += QUESTIONS_AT_ONCE) {
            places.putAll(placesOf(all.subList(from, Math.min(all.size(), from + QUESTIONS_AT_ONCE))));
        }
        return places;
    }

    private Map<UserId, Set<String>> placesOf(List<UserId> users) throws RedisException {
        Map<UserId, RedisFuture<Set<String>>> questions = new LinkedHashMap<>();
        for (UserId user : users) {
            questions.put(user, commands.smembers(directory.user(user)));
        }
        Map<UserId, Set<String>> places = new HashMap<>();
        for (Map.Entry<UserId, RedisFuture<Set<String>>> question : questions.entrySet()) {
            Set<String> others = others(question.getValue());
            if (!others.isEmpty()) {
                places.put(question.getKey(), others);
            }
        }
        return places;
    }

    /** Whether looking for killed nodes is this node's turn; then it is for some more seconds. */
    boolean isSweeper() throws RedisException {
        String key = directory.sweeper();
        Redis.answer(commands.set(key, address, SetArgs.Builder.nx().ex(SWEEPER_KEPT)));
        boolean mine = address.equals(Redis.answer(commands.get(key)));
        if (mine) {
            Redis.answer(commands.expire(key, SWEEPER_KEPT));
        }
        return mine;
    }

    /** Some who are written down at an address; none where all were {@linkplain #forget forgotten}. */
    List<UserId> people(String at, int max) throws RedisException {
        return Redis.answer(commands.srandmember(directory.people(at), max)).stream()
                .map(UserId::new)
                .toList();
    }

    /** Takes these out at an address; those who are at no other one now. */
    Set<UserId> takeOut(String at, Collection<UserId> users) throws RedisException {
        List<RedisFuture<?>> answers = new ArrayList<>();
        Map<UserId, RedisFuture<Set<String>>> places = new LinkedHashMap<>();
        for (UserId user : users) {
            answers.add(commands.srem(directory.user(user), at));
            places.put(user, commands.smembers(directory.user(user)));
        }
        for (RedisFuture<?> each : answers) {
            Redis.answer(each);
        }
        Set<UserId> nowhere = new HashSet<>();
        for (Map.Entry<UserId, RedisFuture<Set<String>>> place : places.entrySet()) {
            if (Redis.answer(place.getValue()).isEmpty()) {
                nowhere.add(place.getKey());
            }
        }
        return nowhere;
    }

    /** These were seen to: they are not {@link #people} of the address any more. */
    void forget(String at, Collection<UserId> users) throws RedisException {
        Redis.answer(commands.srem(
                directory.people(at), users.stream().map(UserId::value).toArray(String[]::new)));
    }

    /** Takes a node that was killed out of the list of nodes. */
    void forget(String node) throws RedisException {
        Redis.answer(commands.srem(directory.nodes(), node));
    }

    /** Of these addresses those whose nodes live. */
    Set<String> living(Collection<String> addresses) throws RedisException {
        Map<String, RedisFuture<String>> questions = new LinkedHashMap<>();
        addresses.forEach(each -> questions.put(each, commands.get(directory.mark(each))));
        Set<String> living = new HashSet<>();
        for (Map.Entry<String, RedisFuture<String>> question : questions.entrySet()) {
            String mark = Redis.answer(question.getValue());
            if (mark != null && !mark.equals(ENDED)) {
                living.add(question.getKey());
            }
        }
        return living;
    }

    /**
     * The addresses of other nodes that have somebody of these, for each list in turn; asked together. A list that comes more
     * than once is asked about once.
     */
    Map<List<UserId>, Set<String>> others(Collection<List<UserId>> users) throws RedisException {
        Map<List<UserId>, List<RedisFuture<Set<String>>>> questions = new LinkedHashMap<>();
        for (List<UserId> some : users) {
            questions.computeIfAbsent(some, this::ask);
        }
        Map<List<UserId>, Set<String>> others = new LinkedHashMap<>();
        for (Map.Entry<List<UserId>, List<RedisFuture<Set<String>>>> question : questions.entrySet()) {
            Set<String> addresses = new HashSet<>();
            for (RedisFuture<Set<String>> each : question.getValue()) {
                addresses.addAll(Redis.answer(each));
            }
            addresses.remove(address);
            others.put(question.getKey(), addresses);
        }
        return others;
    }

    private List<RedisFuture<Set<String>>> ask(List<UserId> users) {
        return users.isEmpty()
                ? List.of()
                : directory.questions(users).stream()
                        .map(keys -> commands.sunion(keys.toArray(String[]::new)))
                        .toList();
    }

    /** Tells the node at this address of users, without waiting. */
    void share(String to, String share, HintMeters meters) {
        commands.spublish(directory.channel(to), share).whenComplete((listeners, failure) -> {
            if (failure != null) {
                meters.dropped(HintMeters.Cause.REDIS, 1);
            } else if (listeners > 0) {
                meters.shared();
            }
        });
    }

    /** Sends to the node at this address, without waiting. */
    void send(String to, String hint, List<UserId> recipients, HintMeters meters) {
        publish(to, hint, meters).thenAccept(listeners -> {
            if (listeners == 0) {
                recipients.forEach(user -> commands.srem(directory.user(user), to));
            }
        });
    }

    /** Sends signals to the nodes at these addresses; throws where Redis does not say that it did. */
    void signal(Map<String, List<Signal>> byNode, HintMeters meters) throws RedisException {
        List<CompletionStage<Long>> answers = new ArrayList<>();
        byNode.forEach((node, signals) -> answers.add(publish(node, Inbox.SIGNALS + Signal.toJson(signals), meters)));
        for (CompletionStage<Long> answer : answers) {
            Redis.answer(answer);
        }
    }

    private CompletionStage<Long> publish(String to, String hint, HintMeters meters) {
        return commands.spublish(directory.channel(to), hint).whenComplete((listeners, failure) -> {
            if (failure != null) {
                meters.dropped(HintMeters.Cause.REDIS, 1);
            } else if (listeners > 0 && hint.startsWith(Inbox.SIGNALS)) {
                meters.signalled();
            } else if (listeners > 0) {
                meters.sent();
            } else {
                meters.dropped(HintMeters.Cause.NOBODY, 1);
            }
        });
    }

    @Override
    public void close() {
        problem = "closed";
        connections.stream().filter(StatefulConnection::isOpen).forEach(StatefulConnection::closeAsync);
    }
}
