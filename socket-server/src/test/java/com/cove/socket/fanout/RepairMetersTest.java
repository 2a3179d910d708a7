package com.cove.socket.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RepairMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RepairMeters meters = new RepairMeters(registry);

    @Test
    void whatIsFoundIsAsLateAtMostAsTheLookThatDidNotSeeIt() {
        meters.looked(System.nanoTime() - Duration.ofSeconds(30).toNanos());

        meters.repaired();

        assertThat(registry.get("cove.repaired").counter().count()).isEqualTo(1);
        assertThat(registry.get("cove.repair.lag").timer().max(TimeUnit.SECONDS))
                .isBetween(30.0, 60.0);
        assertThat(registry.get("cove.repair.age").gauge().value()).isBetween(30.0, 60.0);
    }

    @Test
    void afterALookNothingIsOld() {
        meters.looked(System.nanoTime() - Duration.ofSeconds(30).toNanos());
        meters.looked(System.nanoTime());

        assertThat(registry.get("cove.repair.age").gauge().value()).isLessThan(30);
        assertThat(registry.get("cove.repair.lag").timer().count()).isZero();
    }
}
