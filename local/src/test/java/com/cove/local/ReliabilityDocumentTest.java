package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A promise whose test is gone is none. */
class ReliabilityDocumentTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)\\.(\\w+)`");

    @Test
    void everyTestItNamesExists() throws IOException {
        List<MatchResult> named = TEST.matcher(Files.readString(PROJECT.resolve("docs/reliability.md")))
                .results()
                .toList();

        assertThat(named).hasSizeGreaterThan(30);
        for (MatchResult test : named) {
            assertThat(source(test.group(1))).contains(" " + test.group(2) + "(");
        }
    }

    /** Of all test classes of this name. */
    private static String source(String test) throws IOException {
        try (Stream<Path> modules = Files.list(PROJECT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ReliabilityDocumentTest::files)
                    .filter(file -> file.getFileName().toString().equals(test + ".java"))
                    .map(ReliabilityDocumentTest::read)
                    .collect(Collectors.joining());
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
