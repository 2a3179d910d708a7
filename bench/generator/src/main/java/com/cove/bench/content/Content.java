package com.cove.bench.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What people write: 120 characters, the number of the message first, so that any two differ. */
public final class Content {
    public static final int LENGTH = 120;

    private static final byte[] FILLING =
            (" The quick brown fox jumps over the lazy dog, and nobody who reads this is any the wiser for it. "
                            + ".".repeat(LENGTH))
                    .getBytes(StandardCharsets.US_ASCII);

    private Content() {}

    /** Writes it there; answers where it ends. */
    public static int write(long number, byte[] bytes, int at) {
        int end = Digits.write(number, bytes, at);
        System.arraycopy(FILLING, 0, bytes, end, at + LENGTH - end);
        return at + LENGTH;
    }

    /** Whether what stands there behind the number that ends at {@code numberEnd} is the rest, and a quote ends it. */
    public static boolean isWhole(byte[] bytes, int from, int numberEnd, int to) {
        int end = from + LENGTH;
        return end < to && bytes[end] == '"' && Arrays.equals(bytes, numberEnd, end, FILLING, 0, end - numberEnd);
    }
}
