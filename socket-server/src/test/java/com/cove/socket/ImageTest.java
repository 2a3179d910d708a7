package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Dockerfile.socket needs and promises, where no Docker is at hand. {@code make image-test} builds and runs it. */
class ImageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern HEALTH_CHECK = Pattern.compile("HEALTHCHECK .*CMD \\[(.+)]");
    private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");
    /** Of a template for ECS, which leaves out what the image says. */
    private static final Pattern TEMPLATE_COMMAND = Pattern.compile("HealthCheck:\\s+(?:#.*\\s+)*Command:\\s*\\[(.+)]");

    @Test
    void theBuildGetsThePomOfEveryModule() throws IOException {
        List<String> modules = all(MODULE, "pom.xml");

        assertThat(modules).contains("socket-server");
        assertThat(Files.readAllLines(ROOT.resolve(".dockerignore")))
                .containsAll(modules.stream()
                        .map(module -> "!" + module + "/pom.xml")
                        .toList());
    }

    /** Of a module whose test-jar others name, the tests are compiled in any build. */
    @Test
    void theBuildGetsTheTestsOfModulesThatHaveATestJar() throws IOException {
        List<String> ignored = Files.readAllLines(ROOT.resolve(".dockerignore"));
        for (String module : all(MODULE, "pom.xml")) {
            if (Files.readString(ROOT.resolve(module + "/pom.xml")).contains("<goal>test-jar</goal>")) {
                assertThat(ignored).contains("!" + module + "/src");
            }
        }
    }

    @Test
    void whoeverRepeatsTheHealthCheckRepeatsItAsItIs() throws IOException {
        List<String> command = words(all(HEALTH_CHECK, "Dockerfile.socket").getFirst());

        assertThat(Files.readString(ROOT.resolve("docs/operations.md")))
                .contains("[\"CMD\", \"" + String.join("\", \"", command) + "\"]");
        List<String> repeated = new ArrayList<>();
        for (String template : templates()) {
            repeated.addAll(all(TEMPLATE_COMMAND, template));
        }
        assertThat(repeated)
                .isNotEmpty()
                .allSatisfy(list -> assertThat(words(list))
                        .isEqualTo(Stream.concat(Stream.of("CMD"), command.stream())
                                .toList()));
    }

    private static List<String> templates() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("deploy"))) {
            return files.map(file -> ROOT.relativize(file).toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .toList();
        }
    }

    private static List<String> words(String list) {
        return Pattern.compile(",")
                .splitAsStream(list.replace("\"", ""))
                .map(String::strip)
                .toList();
    }

    private static List<String> all(Pattern pattern, String file) throws IOException {
        return pattern.matcher(Files.readString(ROOT.resolve(file)))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
