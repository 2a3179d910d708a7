package com.cove.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A tool of {@code deploy/requirements.txt}, run as an engineer runs it, in the project's folder. */
final class AwsTool {
    private AwsTool() {}

    /** What it said, both streams together. */
    record Run(int exitCode, String output) {}

    static Run run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("aws-tool", ".txt");
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of("bin/aws-tool"), Stream.of(command))
                            .toList())
                    .directory(Project.path("").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int exitCode = process.waitFor();
            return new Run(exitCode, Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    static Run run(List<String> command) throws IOException, InterruptedException {
        return run(command.toArray(String[]::new));
    }
}
