package com.cove.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sam build} makes what {@code sam deploy} uploads. It stands here because the functions' jar is made before this module. */
class SamBuildTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FUNCTION = Pattern.compile(
            "(?m)^  (\\w+):\\n    Type: AWS::Serverless::Function\\n(?:    .*\\n)*?      Handler: ([\\w.]+)::handleRequest$");
    /** What Lambda unpacks at most, all files together. */
    private static final long LIMIT = 250L * 1024 * 1024;

    @TempDir
    private Path folder;

    @Test
    void everyFunctionGetsTheJarThatHasItsHandler() throws Exception {
        Path output = folder.resolve("output.txt");
        int exitCode = new ProcessBuilder("bin/aws-tool", "sam", "build", "--build-dir", folder.toString())
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertThat(exitCode).as(() -> text(output)).isZero();

        List<MatchResult> functions =
                FUNCTION.matcher(text(ROOT.resolve("template.yaml"))).results().toList();
        assertThat(functions).hasSize(9);
        for (MatchResult function : functions) {
            Path built = folder.resolve(function.group(1));
            Path jar = built.resolve("lib/lambda-api.jar");
            assertThat(jar).hasSameBinaryContentAs(ROOT.resolve("lambda-api/target/lambda-api.jar"));
            try (JarFile contents = new JarFile(jar.toFile())) {
                assertThat(contents.getEntry(function.group(2).replace('.', '/') + ".class"))
                        .isNotNull();
                assertThat(contents.stream().mapToLong(entry -> entry.getSize()).sum())
                        .isLessThan(LIMIT);
            }
            // Without it a parameter's new value would make no new version: see lambda-api/Makefile.
            assertThat(built.resolve("deployed-with.toml")).content().startsWith(text(ROOT.resolve("samconfig.toml")));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
