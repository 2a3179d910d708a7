package com.cove.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files that stand beside the modules. */
final class Project {
    private Project() {}

    static JsonNode yaml(String file) {
        try {
            return new YAMLMapper().readTree(text(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String file) {
        try {
            return Files.readString(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The programs' own Java sources of some modules, in one text. */
    static String sources(String... modules) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String module : modules) {
            try (Stream<Path> files = Files.walk(path(module).resolve("src/main/java"))) {
                for (Path file :
                        (Iterable<Path>) files.filter(file -> file.toString().endsWith(".java"))::iterator) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString();
    }

    /** Tests run in the module's folder. */
    static Path path(String file) {
        return Path.of("..").resolve(file);
    }
}
