package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both edges rely on; the real verifier and the fake pass the same tests. */
abstract class TokenAuthorityContract {
    final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    static final String PICTURE = "https://pictures.example/ann.png";

    abstract TokenAuthority authority();

    abstract TokenAuthority authorityWithoutKeys();

    abstract TokenAuthority authorityThatCannotAsk();

    /** A token issued ten seconds ago. */
    abstract String token(String uid, @Nullable String name, @Nullable String picture, Instant expiresAt);

    /** Takes back what was issued before {@link #now}. */
    abstract void revoke(String uid);

    abstract void disable(String uid);

    final VerifiedToken issued(String uid, Instant at) {
        return new VerifiedToken(new UserId(uid), null, null, at, now.plusSeconds(3_000));
    }

    @Test
    void aValidTokenTellsUserNamePictureItsBeginningAndItsEnd() {
        VerifiedToken verified = authority().verify(token("ann", "Ann Åkesson", PICTURE, now.plusSeconds(60)));

        assertThat(verified)
                .isEqualTo(new VerifiedToken(
                        new UserId("ann"), "Ann Åkesson", PICTURE, now.minusSeconds(10), now.plusSeconds(60)));
    }

    @Test
    void aTokenWithoutNameAndPictureIsValid() {
        VerifiedToken verified = authority().verify(token("ann", null, null, now.plusSeconds(60)));

        assertThat(verified.name()).isNull();
        assertThat(verified.imageUrl()).isNull();
    }

    @Test
    void aTokenIsRefusedFromTheSecondItExpires() {
        refused(token("ann", "Ann", null, now));
        refused(token("ann", "Ann", null, now.minusSeconds(200)));
        refused(token("ann", "Ann", null, now.minusSeconds(4_000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "a.b.c",
                "..",
                "e30.e30.e30",
                "bnVsbA.bnVsbA.bnVsbA",
                "W10.W10.W10",
                "\0",
                "\ud800"
            })
    void garbageIsRefused(String garbage) {
        refused(garbage);
    }

    @Test
    void anOverlongTokenIsRefused() {
        refused("a".repeat(1_000_000));
        refused(token("ann", "Ann", null, now.plusSeconds(60)) + "a".repeat(8_192));
    }

    @Test
    void withoutKeysATokenIsNeitherValidNorInvalid() {
        String token = token("ann", "Ann", null, now.plusSeconds(60));

        assertFailure(authorityWithoutKeys(), token, ErrorCode.UNAVAILABLE);
    }

    @Test
    void whatWasIssuedBeforeARevocationCountsNoMore() {
        VerifiedToken before = issued("ann", now.minusSeconds(1));
        VerifiedToken after = issued("ann", now);
        VerifiedToken another = issued("bob", now.minusSeconds(1));

        assertThat(authority().revoked(Set.of(before, after, another))).isEmpty();
        revoke("ann");

        assertThat(authority().revoked(Set.of(before, after, another))).containsExactly(before);
    }

    @Test
    void noTokenOfADisabledUserCounts() {
        VerifiedToken old = issued("ann", now.minusSeconds(600));
        VerifiedToken fresh = issued("ann", now);

        disable("ann");

        assertThat(authority().revoked(Set.of(old, fresh, issued("bob", now)))).containsExactlyInAnyOrder(old, fresh);
    }

    @Test
    void ofNobodyNothingIsRevoked() {
        assertThat(authority().revoked(Set.of())).isEmpty();
    }

    @Test
    void aHundredUsersMayBeAskedForAtOnce() {
        Set<VerifiedToken> tokens = IntStream.rangeClosed(0, TokenAuthority.USERS_AT_ONCE)
                .mapToObj(i -> issued("user-" + i, now))
                .collect(Collectors.toSet());
        assertThatThrownBy(() -> authority().revoked(tokens)).isInstanceOf(IllegalArgumentException.class);

        tokens.remove(tokens.iterator().next());
        tokens.add(issued(tokens.iterator().next().userId().value(), now.minusSeconds(1)));

        assertThatCode(() -> authority().revoked(tokens)).doesNotThrowAnyException();
    }

    @Test
    void withoutAnAnswerNothingIsSaidAboutRevocations() {
        assertThatThrownBy(() -> authorityThatCannotAsk().revoked(Set.of(issued("ann", now))))
                .isInstanceOfSatisfying(
                        AppException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    final void refused(String token) {
        assertFailure(authority(), token, ErrorCode.UNAUTHENTICATED);
    }

    static void assertFailure(TokenVerifier verifier, String token, ErrorCode code) {
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOfSatisfying(AppException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            if (token.length() > 4) {
                assertThat(e.safeMessage()).doesNotContain(token);
            }
        });
    }
}
