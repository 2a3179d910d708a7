package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.user.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifiedTokenTest {
    @Test
    void aNameLosesWhatNoDatabaseStoresAndNoScreenShows() {
        assertThat(token(" A\0n\ud800n\r\n ", null).name()).isEqualTo("Ann");
        assertThat(token("\0 \n", null).name()).isNull();
    }

    @Test
    void aNameIsCutAtACodePoint() {
        assertThat(token("😀".repeat(300), null).name()).isEqualTo("😀".repeat(200));
    }

    @Test
    void aWebAddressIsAPicture() {
        String address = "https://lh3.example.com/a/b%20c=s96-c?x=1&y=2";

        assertThat(token(null, address).imageUrl()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "javascript:alert(1)",
                "data:image/png;base64,AAAA",
                "https://a.example/\"onload=",
                "https://a.example/\0",
                "ann.png"
            })
    void anythingElseIsNoPicture(String text) {
        assertThat(token(null, text).imageUrl()).isNull();
    }

    @Test
    void anOverlongAddressIsNoPicture() {
        assertThat(token(null, "https://" + "a".repeat(3_000)).imageUrl()).isNull();
    }

    private static VerifiedToken token(@Nullable String name, @Nullable String imageUrl) {
        return new VerifiedToken(new UserId("ann"), name, imageUrl, Instant.EPOCH, Instant.EPOCH);
    }
}
