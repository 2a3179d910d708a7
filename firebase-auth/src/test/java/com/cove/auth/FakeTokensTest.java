package com.cove.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FakeTokensTest {
    @Test
    void anIssuedTokenSpeaksForItsUser() {
        FakeTokens tokens = new FakeTokens();
        assertThat(tokens.verify(tokens.issue("ann")).userId().value()).isEqualTo("ann");
    }
}
