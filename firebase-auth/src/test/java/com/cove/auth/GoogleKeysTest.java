package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.key.SharedKeys;
import com.cove.model.key.SigningKeys;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleKeysTest {
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static SigningKey first;
    private static SigningKey second;

    private final KeyServer server = new KeyServer();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final Left left = new Left();
    private final GoogleKeys keys = new GoogleKeys(server.address(), left, PATIENT, clock);

    @BeforeAll
    static void makeKeys() throws Exception {
        first = SigningKey.create(folder, "first");
        second = SigningKey.create(folder, "second");
    }

    @BeforeEach
    void publish() {
        server.publish(Map.of("key-1", first.pem()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void keysAreKeptForAsLongAsGoogleAllows() throws Exception {
        server.headers(Map.of("cache-control", "public, max-age=19000, must-revalidate", "age", "1000"));

        assertThat(found("key-1")).isTrue();
        server.publish(Map.of("key-2", second.pem()));
        now = now.plusSeconds(17_999);
        assertThat(found("key-1")).isTrue();
        assertThat(found("key-2")).isFalse();
        assertThat(server.fetches()).isEqualTo(1);

        now = now.plusSeconds(1);
        assertThat(found("key-2")).isTrue();
        assertThat(found("key-1")).as("withdrawn").isFalse();
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void keysAreKeptForADayAtMost() throws Exception {
        server.headers(Map.of("cache-control", "max-age=999999999"));

        assertThat(found("key-1")).isTrue();
        now = now.plusSeconds(86_399);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(1);
        now = now.plusSeconds(1);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "max-age=0", "max-age=x", "s-max-age=99999999999999"})
    void anAnswerThatMayNotBeKeptCountsForAMinute(String cacheControl) throws Exception {
        server.headers(Map.of("Cache-Control", cacheControl, "Age", "-1"));

        assertThat(found("key-1")).isTrue();
        now = now.plusSeconds(59);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(1);
        now = now.plusSeconds(1);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void whereGoogleFailsTheOldKeysCountForAnotherHour() throws Exception {
        assertThat(found("key-1")).isTrue();
        server.answer(503, "");

        now = now.plusSeconds(3_600);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(2);
        now = now.plusSeconds(9);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).as("asked again after ten seconds only").isEqualTo(2);
        now = now.plusSeconds(1);
        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(3);

        now = now.plusSeconds(3_600);
        assertThatThrownBy(() -> found("key-1")).isInstanceOf(KeySourceException.class);
        server.publish(Map.of("key-1", first.pem()));
        assertThat(found("key-1")).isTrue();
    }

    @Test
    void whoComesWhileTheyAreFetchedWaitsForThem() throws Exception {
        List<Future<Boolean>> found = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                found.add(callers.submit(() -> found("key-1")));
            }
        }

        for (Future<Boolean> caller : found) {
            assertThat(caller.get()).isTrue();
        }
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void whileNewOnesAreFetchedTheOldKeysCount() throws Exception {
        assertThat(found("key-1")).isTrue();
        server.beSilent();
        now = now.plusSeconds(3_600);

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> fetching = callers.submit(() -> found("key-1"));
            await().until(() -> server.fetches() == 2);

            assertThat(found("key-1")).isTrue();

            assertThat(fetching.isDone()).isFalse();
            server.close();
            assertThat(fetching.get()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "null",
                "<html>",
                "{\"key-1\": 7}",
                "{\"key-1\": \"no certificate\"}",
                "{\"key-1\": \"\""
            })
    void anAnswerWithoutKeysIsNoAnswer(String body) {
        server.answer(200, body);

        assertThatThrownBy(() -> found("key-1")).isInstanceOf(KeySourceException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304, 400, 404, 429, 500, 503})
    void aRefusalIsNoAnswer(int status) {
        server.answer(status, "");

        assertThatThrownBy(() -> found("key-1")).isInstanceOf(KeySourceException.class);
    }

    @Test
    void aSilentGoogleIsNotWaitedForLong() throws Exception {
        GoogleKeys impatient = new GoogleKeys(server.address(), SharedKeys.none(), Duration.ofMillis(500), clock);
        server.beSilent();

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<?>>> asked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                asked.add(callers.submit(() -> impatient.selectJWSKeys(header("key-1"), null)));
            }
            for (Future<List<?>> caller : asked) {
                assertThatThrownBy(caller::get).hasCauseInstanceOf(KeySourceException.class);
            }
            assertThat(server.fetches()).as("most waited for the first only").isLessThan(10);
        }
    }

    @Test
    void aGoogleOutOfReachIsNoAnswer() {
        server.close();

        assertThatThrownBy(() -> found("key-1")).isInstanceOf(KeySourceException.class);
    }

    @Test
    void whatOneFetchedOthersFind() throws Exception {
        assertThat(found("key-1")).isTrue();

        GoogleKeys another = new GoogleKeys(server.address(), left, PATIENT, clock);
        assertThat(found(another, "key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(1);

        server.publish(Map.of("key-2", second.pem()));
        now = now.plusSeconds(3_600);
        assertThat(found(another, "key-2")).as("as old for who found them").isTrue();
        assertThat(server.fetches()).isEqualTo(2);
        assertThat(found("key-2")).as("and new for all").isTrue();
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void whereGoogleFailsWhatOthersLeftCountsForAnotherHour() throws Exception {
        assertThat(found("key-1")).isTrue();
        server.answer(503, "");
        now = now.plusSeconds(7_199);

        assertThat(found(new GoogleKeys(server.address(), left, PATIENT, clock), "key-1"))
                .isTrue();
        now = now.plusSeconds(1);
        GoogleKeys late = new GoogleKeys(server.address(), left, PATIENT, clock);
        assertThatThrownBy(() -> found(late, "key-1")).isInstanceOf(KeySourceException.class);
    }

    @Test
    void whatOthersLeftBeforeOursIsNotTaken() throws Exception {
        assertThat(found("key-1")).isTrue();
        server.answer(503, "");
        left.put(new SigningKeys(Map.of(), Duration.ofSeconds(3_599)));
        now = now.plusSeconds(3_600);

        assertThat(found("key-1")).isTrue();
    }

    @Test
    void whereOthersCannotBeAskedGoogleIs() throws Exception {
        left.away = true;

        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no base64!", "AAAA"})
    void whatIsNoKeyIsNotTaken(String key) throws Exception {
        left.put(new SigningKeys(Map.of("key-1", key), Duration.ofHours(1)));

        assertThat(found("key-1")).isTrue();
        assertThat(server.fetches()).isEqualTo(1);
    }

    private boolean found(String id) throws KeySourceException {
        return found(keys, id);
    }

    private static boolean found(GoogleKeys keys, String id) throws KeySourceException {
        return !keys.selectJWSKeys(header(id), null).isEmpty();
    }

    private static JWSHeader header(String id) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build();
    }

    /** What others left. */
    private final class Left implements SharedKeys {
        private Map<String, String> kept = Map.of();
        private Instant freshUntil = Instant.MIN;
        private boolean away;

        @Override
        public Optional<SigningKeys> find() {
            requireThere();
            return kept.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SigningKeys(kept, Duration.between(now, freshUntil)));
        }

        @Override
        public void put(SigningKeys keys) {
            requireThere();
            kept = keys.keys();
            freshUntil = now.plus(keys.freshFor());
        }

        private void requireThere() {
            if (away) {
                throw new AppException(ErrorCode.UNAVAILABLE, "The database cannot be reached");
            }
        }
    }
}
