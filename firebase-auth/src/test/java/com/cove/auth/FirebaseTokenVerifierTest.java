package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.error.ErrorCode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirebaseTokenVerifierTest extends TokenVerifierContract {
    private static final String PROJECT = "cove-test";
    private static final String ISSUER = "https://securetoken.google.com/" + PROJECT;
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static SigningKey google;
    private static SigningKey forger;

    private final List<FirebaseTokenVerifier> opened = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        google = SigningKey.create(folder, "google");
        forger = SigningKey.create(folder, "forger");
    }

    @AfterEach
    void close() {
        opened.forEach(FirebaseTokenVerifier::close);
    }

    @Override
    TokenVerifier verifier() {
        return verifier(KeyServer.serving(google), PATIENT);
    }

    @Override
    TokenVerifier verifierWithoutKeys() {
        return verifier(KeyServer.refusingConnections(), PATIENT);
    }

    @Override
    String token(String uid, @Nullable String name, @Nullable String picture, Instant expiresAt) {
        Map<String, Object> claims = claims(uid, expiresAt);
        if (name != null) {
            claims.put("name", name);
        }
        if (picture != null) {
            claims.put("picture", picture);
        }
        return google.rs256(claims);
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
    void aTokenIssuedInTheFutureIsRefused() {
        refused(google.rs256(with("iat", now.plusSeconds(4_000).getEpochSecond())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "a\nb", "\ud800"})
    void aSubjectThatIsNoUserIdIsRefused(String subject) {
        refused(google.rs256(with("sub", subject)));
    }

    @Test
    void aSubjectHasAtMost128Characters() {
        refused(google.rs256(with("sub", "a".repeat(129))));
        assertThat(verifier()
                        .verify(google.rs256(with("sub", "a".repeat(128))))
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
        VerifiedToken verified = verifier().verify(google.rs256(claims));

        assertThat(verified.name()).isNull();
        assertThat(verified.imageUrl()).isNull();
    }

    @Test
    void aFailingKeyServerDoesNotMakeATokenInvalid() {
        assertFailure(verifier(KeyServer.failing(), PATIENT), google.rs256(claims()), ErrorCode.UNAVAILABLE);
    }

    @Test
    void aSilentKeyServerIsNotWaitedForLong() {
        FirebaseTokenVerifier verifier = verifier(KeyServer.silent(), Duration.ofMillis(100));

        assertFailure(verifier, google.rs256(claims()), ErrorCode.UNAVAILABLE);
    }

    private FirebaseTokenVerifier verifier(KeyServer keys, Duration patience) {
        FirebaseAuthConfig config = FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_PROJECT_ID", PROJECT));
        FirebaseTokenVerifier verifier =
                new FirebaseTokenVerifier(config, Clock.fixed(now, ZoneOffset.UTC), keys, patience);
        opened.add(verifier);
        return verifier;
    }

    private Map<String, Object> with(String name, Object value) {
        Map<String, Object> claims = claims();
        claims.put(name, value);
        return claims;
    }

    private Map<String, Object> claims() {
        return claims("ann", now.plusSeconds(3_600));
    }

    private Map<String, Object> claims(String uid, Instant expiresAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", PROJECT);
        claims.put("sub", uid);
        claims.put("iat", now.minusSeconds(10).getEpochSecond());
        claims.put("auth_time", now.minusSeconds(10).getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        return claims;
    }
}
