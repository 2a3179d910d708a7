package com.cove.socket.nodes;

import com.cove.model.hook.Delivery;
import com.cove.model.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes are to be told. What comes while Redis is asked about the ones before is asked about together. What finds too many
 * waiting, or no Redis, is dropped.
 */
final class Outbox implements AutoCloseable {
    private static final int MAX_WAITING = 2_000;
    private static final int MAX_TOGETHER = 100;
    private static final long CLOSE_MS = 300;
    private static final Optional<Delivery> END = Optional.empty();

    private final Supplier<@Nullable Link> link;
    private final HintMeters meters;
    private final BlockingQueue<Optional<Delivery>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final CountDownLatch done = new CountDownLatch(1);

    /** @param link the connection to Redis; null while there is none */
    Outbox(Supplier<@Nullable Link> link, HintMeters meters) {
        this.link = link;
        this.meters = meters;
    }

    /** Never waits. */
    void add(Delivery delivery) {
        if (!waiting.offer(Optional.of(delivery))) {
            meters.dropped(HintMeters.Cause.OUTBOX, 1);
        }
    }

    /** Works until closed. */
    void work() {
        try {
            for (boolean goesOn = true; goesOn; ) {
                List<Optional<Delivery>> together = new ArrayList<>(List.of(waiting.take()));
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

    private void tell(List<Delivery> deliveries) {
        Link to = link.get();
        if (to == null || !to.isOpen()) {
            meters.dropped(HintMeters.Cause.REDIS, deliveries.size());
            return;
        }
        try {
            Map<List<UserId>, Set<String>> others =
                    to.others(deliveries.stream().map(Delivery::recipients).toList());
            for (Delivery delivery : deliveries) {
                Set<String> nodes = Objects.requireNonNull(others.get(delivery.recipients()));
                if (!nodes.isEmpty()) {
                    String hint = Hint.write(delivery);
                    nodes.forEach(node -> to.send(node, hint, delivery, meters));
                }
            }
        } catch (RedisException e) {
            meters.dropped(HintMeters.Cause.REDIS, deliveries.size());
            to.lost(e.problem());
        } catch (RuntimeException e) {
            // Lettuce refuses some commands by throwing.
            meters.dropped(HintMeters.Cause.REDIS, deliveries.size());
            to.lost(e.getClass().getSimpleName());
        }
    }

    /** What waits is told first, if Redis answers at once. */
    @Override
    public void close() {
        try {
            boolean _ =
                    waiting.offer(END, CLOSE_MS, TimeUnit.MILLISECONDS) && done.await(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
