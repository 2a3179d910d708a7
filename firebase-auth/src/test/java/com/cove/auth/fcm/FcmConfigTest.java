package com.cove.auth.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import com.cove.model.thread.ThreadId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FcmConfigTest {
    @Test
    void everyVariableIsRead() {
        FcmConfig config = read(Map.of(
                "PUSH_CONTENT", "hidden",
                "PUSH_ANDROID_CHANNEL", "chat",
                "PUSH_LINK", "myapp://threads/{threadId}",
                "PUSH_TTL_MS", "60000"));

        assertThat(config)
                .isEqualTo(
                        new FcmConfig(true, "chat", Optional.of("myapp://threads/{threadId}"), Duration.ofMinutes(1)));
        assertThat(config.link(new ThreadId("a b"))).contains("myapp://threads/a+b");
    }

    @Test
    void everythingHasADefault() {
        assertThat(read(Map.of())).isEqualTo(new FcmConfig(false, "messages", Optional.empty(), Duration.ofDays(1)));
    }

    @Test
    void aPushMayWaitForTwentyFourDays() {
        assertThat(read(Map.of("PUSH_TTL_MS", "2073600000")).ttl()).isEqualTo(Duration.ofDays(24));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(() -> read(Map.of(
                        "PUSH_CONTENT", "partly",
                        "PUSH_ANDROID_CHANNEL", "two words",
                        "PUSH_LINK", "myapp://threads",
                        "PUSH_TTL_MS", "0")))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .satisfiesExactlyInAnyOrder(
                                        problem -> assertThat(problem).startsWith("PUSH_CONTENT must be"),
                                        problem -> assertThat(problem).startsWith("PUSH_ANDROID_CHANNEL must be"),
                                        problem -> assertThat(problem).startsWith("PUSH_LINK must be"),
                                        problem -> assertThat(problem).startsWith("PUSH_TTL_MS must be")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/threads/{threadId}", "myapp://a b/{threadId}", "my\"app://{threadId}", "://{threadId}"})
    void aLinkIsAnAbsoluteAddress(String link) {
        assertThatThrownBy(() -> read(Map.of("PUSH_LINK", link))).hasMessageContaining("PUSH_LINK");
    }

    @Test
    void aLinkIsShort() {
        assertThatThrownBy(() -> read(Map.of("PUSH_LINK", "https://a.example/{threadId}" + "x".repeat(173))))
                .hasMessageContaining("PUSH_LINK");
    }

    private static FcmConfig read(Map<String, String> variables) {
        Environment env = new Environment(variables);
        FcmConfig config = FcmConfig.from(env);
        env.check();
        return config;
    }
}
