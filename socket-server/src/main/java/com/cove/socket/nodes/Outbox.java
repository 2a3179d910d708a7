package com.cove.socket.nodes;

import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import com.cove.socket.rounds.WaitingLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes are to be told. What comes while Redis is asked about the ones before is asked about together. What finds too many
 * waiting, or no Redis, is dropped, signals first.
 */
final class Outbox implements AutoCloseable {
    private static final int MAX_WAITING = 2_000;
    private static final int MAX_TOGETHER = 100;
    private static final long CLOSE_MS = 300;
    /** A signal may come only while fewer wait. */
    private static final int MAX_WAITING_BEFORE_SIGNALS = MAX_WAITING / 4;

    private static final Optional<Hinted> END = Optional.empty();

    /** What is to be told to whom; as text only where somebody is there. */
    private record Hinted(List<UserId> recipients, Supplier<String> hint) {}

    private final Supplier<@Nullable Link> link;
    private final HintMeters meters;
    private final WaitingLine<Optional<Hinted>> waiting = new WaitingLine<>();
    private final CountDownLatch done = new CountDownLatch(1);

    /** @param link the connection to Redis; null while there is none */
    Outbox(Supplier<@Nullable Link> link, HintMeters meters) {
        this.link = link;
        this.meters = meters;
    }

    /** Never waits. */
    void add(Delivery delivery) {
        add(MAX_WAITING, new Hinted(delivery.recipients(), () -> Hint.write(delivery)));
    }

    /** Never waits. */
    void add(Signal signal) {
        add(
                MAX_WAITING_BEFORE_SIGNALS,
                new Hinted(signal.recipients(), () -> Inbox.SIGNALS + Signal.toJson(List.of(signal))));
    }

    private void add(int max, Hinted hinted) {
        if (!waiting.offer(Optional.of(hinted), max)) {
            meters.dropped(HintMeters.Cause.OUTBOX, 1);
        }
    }

    /** Works until closed. */
    void work() {
        try {
            for (boolean goesOn = true; goesOn; ) {
                List<Optional<Hinted>> together = new ArrayList<>(List.of(waiting.take()));
                waiting.drainTo(together, MAX_TOGETHER - 1);
                goesOn = together.stream().allMatch(Optional::isPresent);
                tell(together.stream().flatMap(Optional::stream).toList());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done.countDown();
        }
    }

    private void tell(List<Hinted> all) {
        Link to = link.get();
        if (to == null || !to.isOpen()) {
            meters.dropped(HintMeters.Cause.REDIS, all.size());
            return;
        }
        long since = System.nanoTime();
        try {
            Map<List<UserId>, Set<String>> others =
                    to.others(all.stream().map(Hinted::recipients).toList());
            meters.answered(since);
            for (Hinted each : all) {
                Set<String> nodes = Objects.requireNonNull(others.get(each.recipients()));
                if (!nodes.isEmpty()) {
                    String hint = each.hint().get();
                    nodes.forEach(node -> to.send(node, hint, each.recipients(), meters));
                }
            }
        } catch (RedisException e) {
            meters.dropped(HintMeters.Cause.REDIS, all.size());
            to.lost(e.problem());
        } catch (RuntimeException e) {
            // Lettuce refuses some commands by throwing.
            meters.dropped(HintMeters.Cause.REDIS, all.size());
            to.lost(e.getClass().getSimpleName());
        }
    }

    /** What waits is told first, if Redis answers at once. */
    @Override
    public void close() {
        try {
            boolean _ = waiting.offer(END, Integer.MAX_VALUE) && done.await(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
