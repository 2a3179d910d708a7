package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every variable that a program reads stands in docs/configuration.md. */
class ConfigurationDocumentTest {
    private static final Path ROOT = Path.of("..");
    /** A literal that is the name of a variable. */
    private static final Pattern VARIABLE = Pattern.compile("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|firebaseSDK)\"");
    /** The first cell of a row of a table. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z0-9_]+)`");

    @Test
    void everyVariableThatIsReadIsDocumented() {
        Set<String> read = configs().stream()
                .flatMap(file -> matches(VARIABLE, file))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(read).contains("SOCKET_PORT", "DATABASE_URL", "FIREBASE_PROJECT_ID");
        assertThat(documented()).containsAll(read);
    }

    private static Set<String> documented() {
        return matches(ROW, ROOT.resolve("docs/configuration.md")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The records that read the environment, of all modules. */
    private static List<Path> configs() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ConfigurationDocumentTest::configs)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> configs(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith("Config.java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> matches(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file)).results().map((MatchResult found) -> found.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
