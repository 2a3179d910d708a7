package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both edges rely on; the real verifier and the fake pass the same tests. */
abstract class TokenVerifierContract {
    final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    static final String PICTURE = "https://pictures.example/ann.png";

    abstract TokenVerifier verifier();

    abstract TokenVerifier verifierWithoutKeys();

    abstract String token(String uid, @Nullable String name, @Nullable String picture, Instant expiresAt);

    @Test
    void aValidTokenTellsUserNamePictureAndItsEnd() {
        VerifiedToken verified = verifier().verify(token("ann", "Ann Åkesson", PICTURE, now.plusSeconds(60)));

        assertThat(verified)
                .isEqualTo(new VerifiedToken(new UserId("ann"), "Ann Åkesson", PICTURE, now.plusSeconds(60)));
    }

    @Test
    void aTokenWithoutNameAndPictureIsValid() {
        VerifiedToken verified = verifier().verify(token("ann", null, null, now.plusSeconds(60)));

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

        assertFailure(verifierWithoutKeys(), token, ErrorCode.UNAVAILABLE);
    }

    final void refused(String token) {
        assertFailure(verifier(), token, ErrorCode.UNAUTHENTICATED);
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
