package com.cove.auth;

import com.cove.model.key.SharedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the check of a token costs, signature included; Google's keys are there already. */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {
    private final Clock clock = Clock.systemUTC();
    private FirebaseTokenVerifier verifier;
    private String token;

    @Setup
    public void sign() throws Exception {
        Path folder = Files.createTempDirectory("cove-jmh");
        SigningKey key = SigningKey.create(folder, "key");
        Files.delete(key.file());
        Files.delete(folder);
        Instant now = clock.instant();
        Map<String, Object> claims = IdTokens.claims("u1", now, now.plusSeconds(3_600));
        claims.put("name", "u1");
        token = key.rs256(claims);
        try (KeyServer server = KeyServer.of(key)) {
            GoogleKeys keys = new GoogleKeys(server.address(), SharedKeys.none(), Duration.ofSeconds(10), clock);
            verifier = new FirebaseTokenVerifier(IdTokens.PROJECT, keys, clock);
            verifier.verify(token);
        }
    }

    @Benchmark
    public Object verify() {
        return verifier.verify(token);
    }
}
