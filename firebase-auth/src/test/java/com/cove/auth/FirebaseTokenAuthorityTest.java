package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.key.SharedKeys;
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

class FirebaseTokenAuthorityTest extends TokenAuthorityContract {
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static SigningKey google;

    private KeyServer keys;
    private final Accounts accounts = new Accounts();
    private final List<FirebaseApp> apps = new ArrayList<>();
    private final List<FirebaseTokenAuthority> opened = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        google = SigningKey.create(folder, "google");
    }

    @BeforeEach
    void register() {
        keys = KeyServer.of(google);
        accounts.add("ann", now.minusSeconds(86_400));
        accounts.add("bob", now.minusSeconds(86_400));
    }

    @AfterEach
    void close() {
        opened.forEach(FirebaseTokenAuthority::close);
        keys.close();
    }

    @Override
    TokenAuthority authority() {
        return authority(FakeGoogle.serving(google, accounts), PATIENT);
    }

    @Override
    TokenAuthority authorityWithoutKeys() {
        keys.answer(503, "");
        return authority();
    }

    @Override
    TokenAuthority authorityThatCannotAsk() {
        return authority(FakeGoogle.failing(500), PATIENT);
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
    void noTokenOfADeletedUserCounts() {
        VerifiedToken ann = issued("ann", now);
        VerifiedToken bob = issued("bob", now);

        accounts.delete("ann");
        assertThat(authority().revoked(Set.of(ann, bob))).containsExactly(ann);
        accounts.delete("bob");
        assertThat(authority().revoked(Set.of(ann, bob))).containsExactlyInAnyOrder(ann, bob);
    }

    @Test
    void aUserOfManyTokensIsAskedForOnce() {
        Set<VerifiedToken> tokens = Set.of(issued("ann", now), issued("ann", now.minusSeconds(1)), issued("bob", now));

        authority().revoked(tokens);

        assertThat(accounts.asked).hasSize(1);
        assertThat(accounts.asked.getFirst()).containsExactlyInAnyOrder("ann", "bob");
    }

    /** The SDK's own check must agree. */
    @Test
    void whatWeCallRevokedFirebaseRefuses() throws Exception {
        String token = google.rs256(claims("ann", now.plusSeconds(3_600)));
        FirebaseTokenAuthority authority = authority(FakeGoogle.serving(google, accounts), PATIENT);
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
            assertThat(authority.revoked(Set.of(authority.verify(token))).isEmpty())
                    .as("revoked %s s after the issue", secondsAfterIssue)
                    .isEqualTo(!refused);
        }
    }

    @Test
    void verifyingAsksNobodyAboutTheUser() {
        authority().verify(google.rs256(claims("ann", now.plusSeconds(3_600))));

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

        assertThatThrownBy(() -> authority(app, PATIENT).revoked(Set.of(issued("ann", now))))
                .hasMessage("There is no service account");
    }

    private void unanswered(FakeGoogle google, Duration patience, String message) {
        assertThatThrownBy(() -> authority(google, patience).revoked(Set.of(issued("ann", now))))
                .isInstanceOfSatisfying(AppException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(e.safeMessage()).isEqualTo(message);
                });
    }

    private FirebaseTokenAuthority authority(FakeGoogle google, Duration patience) {
        GoogleCredentials account = new GoogleCredentials() {
            @Override
            public AccessToken refreshAccessToken() {
                return new AccessToken(Accounts.ACCESS_TOKEN, Date.from(now.plusSeconds(86_400)));
            }
        };
        return authority(FirebaseApps.open(config(), account, google), patience);
    }

    private FirebaseTokenAuthority authority(FirebaseApp app, Duration patience) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        TokenVerifier verifier = new FirebaseTokenVerifier(
                IdTokens.PROJECT, new GoogleKeys(keys.address(), SharedKeys.none(), PATIENT, clock), clock);
        FirebaseTokenAuthority authority = new FirebaseTokenAuthority(verifier, () -> app, patience);
        apps.add(app);
        opened.add(authority);
        return authority;
    }

    private static FirebaseAuthConfig config() {
        return FirebaseAuthConfig.fromEnvironment(Map.of("FIREBASE_PROJECT_ID", IdTokens.PROJECT));
    }

    private Map<String, Object> claims(String uid, Instant expiresAt) {
        return IdTokens.claims(uid, now.minusSeconds(10), expiresAt);
    }
}
