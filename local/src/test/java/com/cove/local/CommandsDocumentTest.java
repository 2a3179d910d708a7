package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a document tells people to make, {@code make} knows how. */
class CommandsDocumentTest {
    private static final Path PROJECT = Path.of("..");
    /** In a line of its own or between backticks, behind variables. */
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^|`)(?:\\w+=\\S+ )*make ([a-z-]+)");

    private static final Pattern RULE = Pattern.compile("(?m)^([a-z-]+):.*(?:\\R\\t.+)+");

    @Test
    void everyCommandThatIsNamedHasARule() throws IOException {
        Set<String> rules = found(RULE, List.of(PROJECT.resolve("Makefile")));
        try (Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
            List<Path> documents = Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "bench/README.md")
                                    .map(PROJECT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();

            assertThat(found(COMMAND, documents))
                    .contains("run", "test", "bench-jmh")
                    .isSubsetOf(rules);
        }
    }

    private static Set<String> found(Pattern pattern, List<Path> files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            text.append(Files.readString(file)).append('\n');
        }
        return pattern.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }
}
