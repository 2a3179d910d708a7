package com.cove.api.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/** The loggers by name, made when first asked for. */
final class Loggers implements ILoggerFactory {
    private final Map<String, Logger> made = new ConcurrentHashMap<>();
    private final Levels levels;

    Loggers(Levels levels) {
        this.levels = levels;
    }

    @Override
    public Logger getLogger(String name) {
        return made.computeIfAbsent(name, _ -> new LineLogger(name, levels.forName(name)));
    }
}
