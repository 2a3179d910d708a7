package com.cove.bench.content;

/** Decimal numbers in bytes. */
public final class Digits {
    private Digits() {}

    /** Writes it there; answers where it ends. */
    public static int write(long number, byte[] bytes, int at) {
        int end = at + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    /** Where the digits that begin there end. */
    public static int end(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    public static long read(byte[] bytes, int from, int end) {
        long number = 0;
        for (int i = from; i < end; i++) {
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }
}
