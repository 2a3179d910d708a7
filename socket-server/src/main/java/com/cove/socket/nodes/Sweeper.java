package com.cove.socket.nodes;

import com.cove.model.user.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the people of nodes that were killed. One node at a time does it; if that one is killed, too, another goes on. Nobody is
 * called gone for a mark that was missing once: where Redis stood still, all marks are gone for a moment. For one thread.
 */
final class Sweeper {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration CERTAIN_AFTER = Duration.ofSeconds(2);
    private static final int PEOPLE_AT_ONCE = 250;

    /** When, by {@link System#nanoTime}, each node was first seen to have no mark. */
    private final Map<String, Long> missing = new HashMap<>();

    void sweep(Link link, Consumer<Map<UserId, Instant>> gone) throws RedisException {
        if (!link.isSweeper()) {
            missing.clear();
            return;
        }
        Map<String, Optional<String>> marks = link.marks();
        Set<String> dead =
                marks.keySet().stream().filter(node -> isEmpty(marks, node)).collect(Collectors.toSet());
        missing.keySet().retainAll(dead);
        for (String node : dead) {
            long since = missing.computeIfAbsent(node, _ -> System.nanoTime());
            Duration missed = Duration.ofNanos(System.nanoTime() - since);
            if (missed.compareTo(CERTAIN_AFTER) >= 0) {
                Instant lastSeen = Instant.now().minus(missed).minus(Link.MARK_KEPT);
                release(link, node, lastSeen, gone);
                missing.remove(node);
            }
        }
    }

    private static boolean isEmpty(Map<String, Optional<String>> marks, String node) {
        return marks.getOrDefault(node, Optional.empty()).isEmpty();
    }

    private static void release(Link link, String node, Instant lastSeen, Consumer<Map<UserId, Instant>> gone)
            throws RedisException {
        int released = 0;
        for (List<UserId> some = link.people(node, PEOPLE_AT_ONCE);
                !some.isEmpty();
                some = link.people(node, PEOPLE_AT_ONCE)) {
            Set<UserId> nowhere = link.takeOut(node, some);
            if (!nowhere.isEmpty()) {
                gone.accept(nowhere.stream().collect(Collectors.toMap(Function.identity(), _ -> lastSeen)));
            }
            link.forget(node, some);
            released += nowhere.size();
        }
        link.forget(node);
        log.atInfo().addKeyValue("offline", released).log("a node that ended was taken out of the directory");
    }
}
