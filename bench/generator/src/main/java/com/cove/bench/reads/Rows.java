package com.cove.bench.reads;

import java.util.Arrays;

/** Counts rows of JSON without reading it. */
final class Rows {
    private Rows() {}

    static int count(byte[] bytes, int length, byte[] name) {
        int rows = 0;
        for (int at = 0; at + name.length <= length; at++) {
            if (bytes[at] == name[0]
                    && bytes[at + 1] == name[1]
                    && Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
                rows++;
                at += name.length - 1;
            }
        }
        return rows;
    }
}
