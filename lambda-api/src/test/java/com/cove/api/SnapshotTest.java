package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.api.hook.Hook;
import com.cove.db.Database;
import com.cove.db.DatabaseConfig;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.model.user.PictureConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of connections: {@code SnapStartTest} of the module local, with the runtime's own hooks. */
@ExtendWith(TestDatabaseExtension.class)
class SnapshotTest {
    private static final Instant TAKEN = Instant.parse("2026-03-01T12:00:00Z");

    private final BlockingQueue<String> verified = new LinkedBlockingQueue<>();
    private volatile Instant now = TAKEN;

    /** Days later those of the snapshot have ended. The token is one that is looked at with them. */
    @Test
    void aCopyAsksForGooglesKeysBesideItsFirstRequest(TestDatabase test) throws Exception {
        Snapshot snapshot = snapshot(test.database());
        now = TAKEN.plus(Duration.ofDays(9));

        snapshot.afterRestore(Core.getGlobalContext());

        String token = verified.poll(10, TimeUnit.SECONDS);
        assertThat(token).isNotNull();
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
        assertThat(Json.parse(new String(claims, StandardCharsets.UTF_8))
                        .get("exp")
                        .longValue())
                .isGreaterThan(now.getEpochSecond());
    }

    /** Compiled code is part of a snapshot: what was run once is still interpreted in every copy. */
    @Test
    void whatRequestsDoIsRehearsedUntilItIsCompiled(TestDatabase test) {
        snapshot(test.database()).beforeCheckpoint(Core.getGlobalContext());

        assertThat(verified).hasSizeGreaterThan(100);
    }

    @Test
    void whatIsOutOfReachIsTriedOnce() {
        try (Database away = Database.open(
                DatabaseConfig.of("postgresql://nobody@127.0.0.1:1/none?sslmode=disable"), PictureConfig.none())) {
            snapshot(away).beforeCheckpoint(Core.getGlobalContext());
        }

        assertThat(verified).hasSize(1);
    }

    private Snapshot snapshot(Database database) {
        ApiServices services = new ApiServices(
                database,
                token -> {
                    verified.add(token);
                    throw new AppException(ErrorCode.UNAUTHENTICATED, "The token is not valid");
                },
                Hook.none());
        return Snapshot.prepare(services, "cove-test", ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
    }
}
