package com.cove.socket.nodes;

import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One life of this node's connections to Redis. It ends with either of them, and the next one has another address: an address at
 * which nobody listens will never have a listener again, so whoever finds one may take it out of the directory.
 */
final class Link implements AutoCloseable {
    /** Registered again in a third of that, so that what a killed node left behind goes away. */
    static final Duration USER_KEPT = Duration.ofMinutes(15);

    private static final Duration STEADY_AFTER = Duration.ofSeconds(5);
    /** Renewed each second; whose mark is gone does not live, or is cut off. */
    private static final Duration MARK_KEPT = Duration.ofSeconds(10);

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

    /** What each node says of itself, by address, this one included; empty for those that do not live any more. */
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

    /** Writes who is here and who is not any more. All or, where this throws, perhaps a part. */
    void register(Collection<UserId> here, Collection<UserId> gone) throws RedisException {
        List<RedisFuture<?>> answers = new ArrayList<>();
        for (UserId user : here) {
            String key = directory.user(user);
            answers.add(commands.sadd(key, address));
            answers.add(commands.expire(key, USER_KEPT));
        }
        for (UserId user : gone) {
            answers.add(commands.srem(directory.user(user), address));
        }
        for (RedisFuture<?> each : answers) {
            Redis.answer(each);
        }
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

    /** Sends to the node at this address, without waiting. */
    void send(String to, String hint, Delivery delivery, HintMeters meters) {
        commands.spublish(directory.channel(to), hint).whenComplete((listeners, failure) -> {
            if (failure != null) {
                meters.dropped(HintMeters.Cause.REDIS, 1);
            } else if (listeners > 0) {
                meters.sent();
            } else {
                meters.dropped(HintMeters.Cause.NOBODY, 1);
                delivery.recipients().forEach(user -> commands.srem(directory.user(user), to));
            }
        });
    }

    @Override
    public void close() {
        problem = "closed";
        connections.stream().filter(StatefulConnection::isOpen).forEach(StatefulConnection::closeAsync);
    }
}
