package com.cove.socket.health;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.cove.db.Condition;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What alarms on the log find in it, and for how long. */
class HealthWatchTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(HealthWatch.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final HandTurned timer = new HandTurned();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
    }

    @Test
    void aDatabaseThatIsAwayIsSaidAgainAndAgain() throws Exception {
        try (HealthWatch _ = watch(Condition.READ_ONLY, Optional.empty())) {
            assertThat(lines()).as("the first connection may be on its way").isEmpty();
            for (int interval = 0; interval < 3; interval++) {
                timer.turn();
            }
        }

        assertThat(lines()).hasSize(3).containsOnly("not all is up [database=\"read-only\"]");
    }

    @Test
    void redisIsSaidToBeAway() throws Exception {
        try (HealthWatch _ = watch(Condition.UP, Optional.of(() -> false))) {
            timer.turn();
        }

        assertThat(lines()).containsExactly("not all is up [database=\"up\", redis=\"down\"]");
    }

    @Test
    void nothingIsSaidWhereAllIsUpAndOnceTheServerStops() throws Exception {
        try (HealthWatch _ = watch(Condition.UP, Optional.of(() -> true))) {
            timer.turn();
            timer.turn();
        }
        watch(Condition.DOWN, Optional.empty()).close();
        timer.turn();

        assertThat(lines()).isEmpty();
    }

    private HealthWatch watch(Condition database, Optional<BooleanSupplier> redis) {
        HealthWatch watch =
                new HealthWatch(new Health(() -> database, () -> 0, redis), timer, Runnable::run, HealthWatch.INTERVAL);
        timer.tasks.clear();
        watch.start();
        return watch;
    }

    private List<String> lines() {
        return appender.list.stream()
                .map(line -> line.getFormattedMessage() + " " + line.getKeyValuePairs())
                .toList();
    }

    /** Time passes when told to. */
    private static final class HandTurned implements Timer {
        private final Queue<TimerTask> tasks = new ConcurrentLinkedQueue<>();

        @Override
        public @Nullable Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
            assertThat(Duration.of(delay, unit.toChronoUnit())).isEqualTo(HealthWatch.INTERVAL);
            tasks.add(task);
            return null;
        }

        void turn() throws Exception {
            tasks.remove().run(null);
        }

        @Override
        public Set<Timeout> stop() {
            return Set.of();
        }
    }
}
