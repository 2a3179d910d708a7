package com.cove.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.model.config.ConfigException;
import com.cove.model.config.Environment;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void valuesAreReadAsTheirTypes() {
        Environment env = new Environment(Map.of("TEXT", " a ", "NUMBER", "7", "TIME", "1500", "LIST", "a, b,,c"));

        assertThat(env.text("TEXT", "-")).isEqualTo("a");
        assertThat(env.integer("NUMBER", 1, 0, 9)).isEqualTo(7);
        assertThat(env.millis("TIME", Duration.ZERO, Duration.ZERO, Duration.ofHours(1)))
                .isEqualTo(Duration.ofMillis(1500));
        assertThat(env.list("LIST")).containsExactly("a", "b", "c");
        env.check();
    }

    @Test
    void whatIsBlankIsAbsent() {
        Environment env = new Environment(Map.of("BLANK", "  "));

        assertThat(env.text("BLANK")).isEmpty();
        assertThat(env.integer("BLANK", 5, 0, 9)).isEqualTo(5);
        assertThat(env.list("ABSENT")).isEmpty();
    }

    @Test
    void allProblemsComeTogetherAndShowNoValue() {
        Environment env = new Environment(Map.of("PORT", "99", "WORD", "nine", "SECRET", "hidden"));
        env.integer("PORT", 1, 0, 9);
        env.integer("WORD", 1, 0, 9);
        env.required("MISSING", "it is needed");
        env.problem("SECRET is wrong");
        env.part(() -> {
            throw new IllegalArgumentException("PART is wrong too");
        });

        ConfigException problems = catchThrowableOfType(ConfigException.class, env::check);

        assertThat(problems.problems())
                .containsExactly(
                        "PORT must be a whole number from 0 to 9",
                        "WORD must be a whole number from 0 to 9",
                        "MISSING is missing: it is needed",
                        "SECRET is wrong",
                        "PART is wrong too");
    }
}
