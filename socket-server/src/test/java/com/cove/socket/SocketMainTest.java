package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.DatabaseConfig;
import com.cove.db.Migrations;
import com.cove.db.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The program as it is started in production, in a process of its own. */
class SocketMainTest {
    @Test
    void aWrongEnvironmentIsToldAsAWholeAndEndsTheProgram() throws Exception {
        Process program = start(Map.of("SOCKET_PORT", "x", "FIREBASE_AUTH_EMULATOR_HOST", "localhost:9099"));

        String said = new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(1);
        assertThat(said)
                .contains(
                        "SOCKET_PORT",
                        "HOOK_SECRET",
                        "DATABASE_URL",
                        "FIREBASE_PROJECT_ID",
                        "FIREBASE_AUTH_EMULATOR_HOST")
                .doesNotContain("Exception");
    }

    @Test
    void itBringsAnEmptyDatabaseUpToDate() throws Exception {
        DatabaseConfig empty = TestDatabase.createEmpty();
        String url = "postgresql://postgres:postgres@"
                + empty.url().substring(empty.url().indexOf("//") + 2);

        Process program = start(Map.of("DATABASE_URL", url), "migrate");

        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
        assertThat(Migrations.status(empty).isCurrent()).isTrue();
    }

    /** What is only there for several nodes costs one alone nothing; and where it is wanted and away, the program starts. */
    @Test
    void redisIsTouchedOnlyWhereItIsSet() throws Exception {
        assertThat(loadedUntilStarted(Map.of())).isNotEmpty().noneMatch(SocketMainTest::isOfRedis);
        assertThat(loadedUntilStarted(Map.of("REDIS_URL", "redis://127.0.0.1:1")))
                .anyMatch(SocketMainTest::isOfRedis);
    }

    private static boolean isOfRedis(String loaded) {
        return loaded.contains(" io.lettuce.") || loaded.contains(" reactor.");
    }

    /** The classes that the program loads, as the JVM tells of them. */
    private static List<String> loadedUntilStarted(Map<String, String> settings) throws IOException {
        Map<String, String> variables = new HashMap<>(Map.of(
                "SOCKET_PORT", "0",
                "INTERNAL_PORT", "0",
                "HOOK_SECRET", "sixteen characters",
                "FIREBASE_PROJECT_ID", "test",
                "DATABASE_URL", "postgresql://nobody:none@127.0.0.1:1/none?sslmode=require",
                "JAVA_TOOL_OPTIONS", "-Xlog:class+load:stdout:none"));
        variables.putAll(settings);
        Process program = start(variables, ProcessBuilder.Redirect.PIPE);
        List<String> loaded = new ArrayList<>();
        try (BufferedReader said = program.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine();
                    line != null && !line.contains("\"message\":\"started\"");
                    line = said.readLine()) {
                loaded.add(" " + line);
            }
        } finally {
            program.destroyForcibly();
        }
        return loaded;
    }

    private static Process start(Map<String, String> variables, String... arguments) throws IOException {
        return start(variables, ProcessBuilder.Redirect.DISCARD, arguments);
    }

    private static Process start(Map<String, String> variables, ProcessBuilder.Redirect output, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SocketMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder program = new ProcessBuilder(command);
        program.environment().clear();
        program.environment().putAll(variables);
        return program.redirectOutput(output).start();
    }
}
