package com.cove.auth;

import com.cove.bench.Microbenchmark;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the check of a token costs, signature included; Google's keys are there already. */
@NullUnmarked
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenBenchmark extends Microbenchmark {
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
