package com.cove.model.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Environment variables read as typed settings. Problems are collected, so that somebody who deploys sees all of them at
 * once: read everything, then call {@link #check()}. A blank variable counts as absent. Values never enter a message.
 */
public final class Environment {
    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    /** The value, or an empty text and a problem. */
    public String required(String name, String purpose) {
        return text(name).orElseGet(() -> {
            problem(name + " is missing: " + purpose);
            return "";
        });
    }

    /** A whole number from {@code min} to {@code max}. */
    public int integer(String name, int otherwise, int min, int max) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same problem as a number out of range
        }
        problem(name + " must be a whole number from " + min + " to " + max);
        return otherwise;
    }

    /** A duration given in milliseconds. */
    public Duration millis(String name, Duration otherwise, Duration min, Duration max) {
        return Duration.ofMillis(integer(
                name,
                Math.toIntExact(otherwise.toMillis()),
                Math.toIntExact(min.toMillis()),
                Math.toIntExact(max.toMillis())));
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name, boolean otherwise) {
        String value = text(name, Boolean.toString(otherwise));
        if (!value.equals("true") && !value.equals("false")) {
            problem(name + " must be true or false");
        }
        return value.equals("true");
    }

    /** A comma-separated list; empty where absent. */
    public List<String> list(String name) {
        return text(name).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** Reads a part of the settings that reports its problems by itself; they join the others. */
    public <T> Optional<T> part(Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    /** Notes a problem; the sentence starts with the variable's name and never shows its value. */
    public void problem(String sentence) {
        problems.add(sentence);
    }

    /** Throws a {@link ConfigException} naming every problem noted so far; does nothing where there is none. */
    public void check() {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
