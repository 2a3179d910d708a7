package com.cove.bench.people;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import java.nio.charset.StandardCharsets;

/**
 * Who talks with whom, as the tables are filled before a run: thread i (from 1) has the members u((i-1)k+1) to u(ik). Counted from
 * 0 here: client c is a member of thread c / k.
 *
 * @param size members of each
 */
public record Groups(int threads, int size) {
    private static final String ID_START = "01935c2e-5a00-7000-8000-";

    /** Reads {@code threads} and {@code size}. */
    public static Groups of(Settings settings) throws Trouble {
        return new Groups(settings.integer("threads", 200, 1), settings.integer("size", 2, 2));
    }

    public int members() {
        return threads * size;
    }

    public int threadOf(int member) {
        return member / size;
    }

    public int firstMemberOf(int thread) {
        return thread * size;
    }

    public static String user(int member) {
        return "u" + (member + 1);
    }

    public static byte[] id(int thread) {
        return (ID_START + "%012x".formatted(thread + 1)).getBytes(StandardCharsets.US_ASCII);
    }
}
