package com.cove.auth;

import com.cove.model.json.Json;
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
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
import org.openjdk.jmh.annotations.TearDown;
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
    private static final String PROJECT = "cove-bench";

    private FirebaseTokenVerifier verifier;
    private String token;

    @Setup
    public void sign() throws Exception {
        Path folder = Files.createTempDirectory("cove-jmh");
        SigningKey key = SigningKey.create(folder, "key");
        byte[] keys = Json.bytes(Map.of("key-1", key.pem()));
        Files.delete(key.file());
        Files.delete(folder);
        FirebaseApp app = FirebaseApp.initializeApp(
                FirebaseOptions.builder()
                        .setProjectId(PROJECT)
                        .setCredentials(GoogleCredentials.create(
                                new AccessToken("none", Date.from(Instant.now().plusSeconds(86_400)))))
                        .setHttpTransport(serving(keys))
                        .build(),
                "jmh");
        verifier = new FirebaseTokenVerifier(() -> app, Clock.systemUTC(), Duration.ofSeconds(10));
        token = key.rs256(claims());
        verifier.verify(token);
    }

    private static Map<String, Object> claims() {
        long now = Instant.now().getEpochSecond() - 5;
        return Map.of(
                "aud",
                PROJECT,
                "iss",
                "https://securetoken.google.com/" + PROJECT,
                "sub",
                "u1",
                "name",
                "u1",
                "iat",
                now,
                "auth_time",
                now,
                "exp",
                now + 3_600);
    }

    private static MockHttpTransport serving(byte[] keys) {
        return new MockHttpTransport.Builder()
                .setLowLevelHttpRequest(new MockLowLevelHttpRequest()
                        .setResponse(new MockLowLevelHttpResponse()
                                .setContentType("application/json")
                                .addHeader("Cache-Control", "public, max-age=36000")
                                .setContent(keys)))
                .build();
    }

    @TearDown
    public void close() {
        verifier.close();
    }

    @Benchmark
    public Object verify() {
        return verifier.verify(token);
    }
}
