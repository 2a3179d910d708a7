package com.cove.local;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that tests stop and start again: below those that systems give to outgoing connections, so that nobody takes one
 * meanwhile, and from another part of them in each process that Surefire runs tests in.
 */
final class TestPorts {
    private static final int FIRST = 20_000;
    private static final int OF_EACH_PROCESS = 3_000;
    private static final int PROCESSES = 4;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private TestPorts() {}

    /** One that was not given before. */
    static int free() {
        return ThreadLocalRandom.current()
                .ints(first(), first() + OF_EACH_PROCESS)
                .filter(port -> Ports.isFree(port) && GIVEN.add(port))
                .findFirst()
                .orElseThrow();
    }

    /** The part of this process, for programs that it starts. */
    static String variable() {
        return first() + "-" + (first() + OF_EACH_PROCESS);
    }

    private static int first() {
        return FIRST + Integer.getInteger("surefire.forkNumber", 1) % PROCESSES * OF_EACH_PROCESS;
    }
}
