package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.auth.AuthErrorCode;
import com.google.firebase.auth.FirebaseAuth;
import com.google.firebase.auth.FirebaseAuthException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirebaseTokenVerifierTest extends TokenVerifierContract {
    private static final String PROJECT = FakeGoogle.PROJECT;
    private static final String ISSUER = "https://securetoken.google.com/" + PROJECT;
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static SigningKey google;
    private static SigningKey forger;

    private final Accounts accounts = new Accounts();
    private final List<FirebaseApp> apps = new ArrayList<>();
    private final List<FirebaseTokenVerifier> opened = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        google = SigningKey.create(folder, "google");
        forger = SigningKey.create(folder, "forger");
    }

    @BeforeEach
    void register() {
        accounts.add("ann", now.minusSeconds(86_400));
        accounts.add("bob", now.minusSeconds(86_400));
    }

    @AfterEach
    void close() {
        opened.forEach(FirebaseTokenVerifier::close);
    }

    @Override
    TokenVerifier verifier() {
        return verifier(FakeGoogle.serving(google, accounts), PATIENT);
    }

    @Override
    TokenVerifier verifierWithoutKeys() {
        return verifier(FakeGoogle.refusingConnections(), PATIENT);
    }

    @Override
    TokenVerifier verifierThatCannotAskForRevocations() {
        return verifier(FakeGoogle.failing(500), PATIENT);
    }

    @Override
    void revoke(String uid) {
        accounts.revoke(uid, now);
    }

    @Override
    void disable(String uid) {
        accounts.disable(uid);
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
    void aFailingFakeGoogleDoesNotMakeATokenInvalid() {
        assertFailure(verifier(FakeGoogle.failing(500), PATIENT), google.rs256(claims()), ErrorCode.UNAVAILABLE);
    }

    @Test
    void aSilentFakeGoogleIsNotWaitedForLong() {
        FirebaseTokenVerifier verifier = verifier(FakeGoogle.silent(), Duration.ofMillis(100));

        assertFailure(verifier, google.rs256(claims()), ErrorCode.UNAVAILABLE);
    }

    @Test
    void noTokenOfADeletedUserCounts() {
        VerifiedToken ann = issued("ann", now);
        VerifiedToken bob = issued("bob", now);

        accounts.delete("ann");
        assertThat(verifier().revoked(Set.of(ann, bob))).containsExactly(ann);
        accounts.delete("bob");
        assertThat(verifier().revoked(Set.of(ann, bob))).containsExactlyInAnyOrder(ann, bob);
    }

    @Test
    void aUserOfManyTokensIsAskedForOnce() {
        Set<VerifiedToken> tokens = Set.of(issued("ann", now), issued("ann", now.minusSeconds(1)), issued("bob", now));

        verifier().revoked(tokens);

        assertThat(accounts.asked).hasSize(1);
        assertThat(accounts.asked.getFirst()).containsExactlyInAnyOrder("ann", "bob");
    }

    /** The SDK's own check must agree. */
    @Test
    void whatWeCallRevokedFirebaseRefuses() throws Exception {
        String token = google.rs256(claims());
        FirebaseTokenVerifier verifier = verifier(FakeGoogle.serving(google, accounts), PATIENT);
        FirebaseAuth sdk = FirebaseAuth.getInstance(apps.getLast());
        for (long secondsAfterIssue : new long[] {-1, 0, 1}) {
            accounts.revoke("ann", now.minusSeconds(10).plusSeconds(secondsAfterIssue));
            boolean refused = false;
            try {
                sdk.verifyIdToken(token, true);
            } catch (FirebaseAuthException e) {
                assertThat(e.getAuthErrorCode()).isEqualTo(AuthErrorCode.REVOKED_ID_TOKEN);
                refused = true;
            }
            assertThat(verifier.revoked(Set.of(verifier.verify(token))).isEmpty())
                    .as("revoked %s s after the issue", secondsAfterIssue)
                    .isEqualTo(!refused);
        }
    }

    @Test
    void verifyingAsksNobodyAboutTheUser() {
        verifier().verify(google.rs256(claims()));

        assertThat(accounts.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"401, UNAUTHENTICATED", "403, PERMISSION_DENIED", "429, RESOURCE_EXHAUSTED", "400, INVALID_ARGUMENT"})
    void whyGoogleDoesNotSayWhoIsRevokedIsForTheLogAndQuotesNothing(int status, String code) {
        unanswered(FakeGoogle.refusing(status, code), PATIENT, "Google's answer is " + code);
    }

    @Test
    void aGoogleOutOfReachOrSilentIsNotWaitedForLong() {
        unanswered(FakeGoogle.refusingConnections(), PATIENT, "Google cannot be reached");
        // The SDK tries again after 503, for seven seconds.
        unanswered(FakeGoogle.failing(503), Duration.ofMillis(300), "Google does not answer");
        unanswered(FakeGoogle.silent(), Duration.ofMillis(300), "Google does not answer");
    }

    @Test
    void whoeverHasNoServiceAccountReadsWhatIsMissing() {
        GoogleCredentials none = new GoogleCredentials() {
            @Override
            public AccessToken refreshAccessToken() throws IOException {
                throw new NoServiceAccountException("There is no service account");
            }
        };
        FirebaseApp app = FirebaseApps.open(config(), none, FakeGoogle.serving(google, accounts));

        assertThatThrownBy(() -> verifier(app, PATIENT).revoked(Set.of(issued("ann", now))))
                .hasMessage("There is no service account");
    }

    private void unanswered(FakeGoogle google, Duration patience, String message) {
        assertThatThrownBy(() -> verifier(google, patience).revoked(Set.of(issued("ann", now))))
                .isInstanceOfSatisfying(AppException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(e.safeMessage()).isEqualTo(message);
                });
    }

    private FirebaseTokenVerifier verifier(FakeGoogle google, Duration patience) {
        GoogleCredentials account = new GoogleCredentials() {
            @Override
            public AccessToken refreshAccessToken() {
                return new AccessToken(Accounts.ACCESS_TOKEN, Date.from(now.plusSeconds(86_400)));
            }
        };
        return verifier(FirebaseApps.open(config(), account, google), patience);
    }

    private FirebaseTokenVerifier verifier(FirebaseApp app, Duration patience) {
        FirebaseTokenVerifier verifier =
                new FirebaseTokenVerifier(() -> app, Clock.fixed(now, ZoneOffset.UTC), patience);
        apps.add(app);
        opened.add(verifier);
        return verifier;
    }

    private static FirebaseAuthConfig config() {
        return FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_PROJECT_ID", PROJECT));
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
