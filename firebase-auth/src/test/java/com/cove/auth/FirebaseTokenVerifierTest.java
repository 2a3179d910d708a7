package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.ErrorCode;
import com.cove.model.key.SharedKeys;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.auth.FirebaseAuth;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no token of ours, as Firebase's own SDK says, too. What is one: {@link TokenAuthorityContract}. */
class FirebaseTokenVerifierTest {
    @TempDir
    static Path folder;

    private static SigningKey google;
    private static SigningKey forger;
    private static KeyServer keys;
    private static FirebaseApp app;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    private FirebaseTokenVerifier verifier;

    @BeforeAll
    static void makeKeys() throws Exception {
        google = SigningKey.create(folder, "google");
        forger = SigningKey.create(folder, "forger");
        keys = KeyServer.of(google);
        app = FirebaseApps.open(
                FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_PROJECT_ID", IdTokens.PROJECT)),
                GoogleCredentials.create(
                        new AccessToken("none", Date.from(Instant.now().plusSeconds(3_600)))),
                FakeGoogle.serving(google, new Accounts()));
    }

    @BeforeEach
    void verifier() {
        GoogleKeys published = new GoogleKeys(keys.address(), SharedKeys.none(), Duration.ofSeconds(30), clock);
        verifier = new FirebaseTokenVerifier(IdTokens.PROJECT, published, clock);
    }

    @AfterAll
    static void close() {
        keys.close();
        app.delete();
    }

    /** All who come after a restart must not be in front of those who are in. */
    @Test
    void soManyAreVerifiedAtATimeAndAllInTheEnd() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        InstantSource standing = () -> {
            begun.incrementAndGet();
            await(goOn);
            return now;
        };
        GoogleKeys published = new GoogleKeys(keys.address(), SharedKeys.none(), Duration.ofSeconds(30), clock);
        FirebaseTokenVerifier slow =
                new FirebaseTokenVerifier(IdTokens.PROJECT, published, standing.withZone(ZoneOffset.UTC));
        String token = google.rs256(claims());
        List<FutureTask<VerifiedToken>> checks = Stream.generate(() -> new FutureTask<>(() -> slow.verify(token)))
                .limit(FirebaseTokenVerifier.AT_A_TIME + 8)
                .toList();
        List<Thread> threads = checks.stream().map(Thread.ofPlatform()::start).toList();
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }

        assertThat(begun).hasValue(FirebaseTokenVerifier.AT_A_TIME);
        goOn.countDown();
        for (FutureTask<VerifiedToken> check : checks) {
            assertThat(check.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aForgedSignatureIsRefused() {
        refused(forger.rs256(claims()));
    }

    @Test
    void aChangedPayloadIsRefused() {
        String[] ann = google.rs256(claims()).split("\\.", -1);
        String[] eve = google.rs256(with("sub", "eve")).split("\\.", -1);

        refused(ann[0] + "." + eve[1] + "." + ann[2]);
        refused(ann[0] + "." + ann[1] + ".");
    }

    @Test
    void anotherProjectsTokenIsRefused() {
        refused(google.rs256(with("aud", "another-project")));
    }

    @Test
    void forAnotherProjectsTokenNobodyNeedsGooglesKeys() {
        int before = keys.fetches();

        refused(google.rs256(with("aud", "another-project")));

        assertThat(keys.fetches()).isEqualTo(before);
    }

    @Test
    void anotherIssuersTokenIsRefused() {
        refused(google.rs256(with("iss", "https://securetoken.google.com/another-project")));
        refused(google.rs256(with("iss", "https://accounts.google.com")));
    }

    @Test
    void anUnsignedTokenIsRefused() {
        refused(SigningKey.unsigned(claims()));
    }

    @Test
    void theEmulatorsTokenIsRefused() {
        Map<String, Object> claims = claims();
        claims.put("firebase", Map.of("sign_in_provider", "password", "identities", Map.of()));
        refused(SigningKey.unsigned(claims));
    }

    @Test
    void aTokenSignedWithThePublicKeyAsSecretIsRefused() {
        refused(google.hs256WithTheCertificate(claims()));
    }

    @Test
    void aTokenThatGoogleSignedInAnotherWayIsRefused() {
        refused(google.rs512(claims()));
    }

    @Test
    void aTokenIssuedInTheFutureIsRefused() {
        refused(google.rs256(with("iat", now.plusSeconds(4_000).getEpochSecond())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "a\nb", "\ud800"})
    void aSubjectThatIsNoUserIdIsRefused(String subject) {
        refusedHere(google.rs256(with("sub", subject)));
    }

    @Test
    void aSubjectHasAtMost128Characters() {
        refused(google.rs256(with("sub", "a".repeat(129))));
        assertThat(verifier.verify(google.rs256(with("sub", "a".repeat(128))))
                        .userId()
                        .value())
                .hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "aud", "iss", "exp", "iat"})
    void aClaimThatIsMissingOrOfTheWrongTypeIsRefused(String name) {
        Map<String, Object> without = claims();
        without.remove(name);
        refused(google.rs256(without));
        refused(google.rs256(with(name, Map.of("a", 1))));
        refused(google.rs256(with(name, true)));
    }

    @Test
    void claimsOfTheWrongTypeThatNobodyNeedsAreLeftOut() {
        Map<String, Object> claims = with("name", 7);
        claims.put("picture", List.of());
        VerifiedToken verified = verifier.verify(google.rs256(claims));

        assertThat(verified.name()).isNull();
        assertThat(verified.imageUrl()).isNull();
    }

    @Test
    void aTokenThatNamesNoKeyOrAnotherIsRefused() {
        assertThat(verifier.verify(google.rs256("key-1", claims())).userId().value())
                .isEqualTo("ann");

        refusedHere(google.rs256("key-2", claims()));
        refusedHere(google.rs256("", claims()));
        refused(google.rs256(null, claims()));
    }

    @Test
    void aTokenIssuedWithinTheNextMinutesIsValid() {
        assertThat(verifier.verify(google.rs256(with("iat", now.plusSeconds(290).getEpochSecond())))
                        .issuedAt())
                .isEqualTo(now.plusSeconds(290));
    }

    @Test
    void anEndBeyondAllCalendarsIsRefused() {
        refusedHere(google.rs256(with("exp", Long.MAX_VALUE)));
    }

    private void refused(String token) {
        refusedHere(token);
        assertThatThrownBy(() -> FirebaseAuth.getInstance(app).verifyIdToken(token))
                .isNotNull();
    }

    /** Where the SDK is less strict. */
    private void refusedHere(String token) {
        TokenAuthorityContract.assertFailure(verifier, token, ErrorCode.UNAUTHENTICATED);
    }

    private Map<String, Object> with(String name, Object value) {
        Map<String, Object> claims = claims();
        claims.put(name, value);
        return claims;
    }

    private Map<String, Object> claims() {
        return IdTokens.claims("ann", now.minusSeconds(10), now.plusSeconds(3_600));
    }
}
