package com.cove.bench.talk;

import java.util.Arrays;

/**
 * The messages that are sent and not yet acknowledged and with everybody, by their number: in arrays, so that none costs an object.
 */
final class Flights {
    /** More under way than this, and nobody waits for the first any more. */
    static final int MAX = 1 << 20;

    private static final int NOBODY = -1;

    private final long[] number = new long[MAX];
    private final long[] due = new long[MAX];
    private final long[] seq = new long[MAX];
    private final int[] sender = new int[MAX];
    private final int[] missing = new int[MAX];
    private final boolean[] acknowledged = new boolean[MAX];
    private int open;

    Flights() {
        Arrays.fill(sender, NOBODY);
    }

    private static int slot(long ofNumber) {
        return (int) (ofNumber & MAX - 1);
    }

    /** False where there is no room: the message that has this place is on its way still. */
    boolean begin(long ofNumber, long dueNanos, int from, int members) {
        int slot = slot(ofNumber);
        if (sender[slot] != NOBODY) {
            return false;
        }
        number[slot] = ofNumber;
        due[slot] = dueNanos;
        seq[slot] = 0;
        sender[slot] = from;
        missing[slot] = members;
        acknowledged[slot] = false;
        open++;
        return true;
    }

    boolean isOpen(long ofNumber) {
        int slot = slot(ofNumber);
        return sender[slot] != NOBODY && number[slot] == ofNumber;
    }

    int open() {
        return open;
    }

    long due(long ofNumber) {
        return due[slot(ofNumber)];
    }

    int sender(long ofNumber) {
        return sender[slot(ofNumber)];
    }

    int missing(long ofNumber) {
        return missing[slot(ofNumber)];
    }

    /** The seq that its first delivery or its acknowledgement told; all others must tell the same. */
    boolean agrees(long ofNumber, long told) {
        int slot = slot(ofNumber);
        if (seq[slot] == 0) {
            seq[slot] = told;
        }
        return seq[slot] == told;
    }

    /** False if somebody more than there are has got it. */
    boolean delivered(long ofNumber) {
        return --missing[slot(ofNumber)] >= 0;
    }

    void acknowledge(long ofNumber) {
        acknowledged[slot(ofNumber)] = true;
    }

    boolean isAcknowledged(long ofNumber) {
        return acknowledged[slot(ofNumber)];
    }

    /** Forgets it if it is done: true then. */
    boolean endIfDone(long ofNumber) {
        int slot = slot(ofNumber);
        if (!acknowledged[slot] || missing[slot] > 0) {
            return false;
        }
        sender[slot] = NOBODY;
        open--;
        return true;
    }

    /** The lowest number that is under way; -1 where none is. */
    long first() {
        long first = Long.MAX_VALUE;
        for (int slot = 0; slot < MAX; slot++) {
            if (sender[slot] != NOBODY) {
                first = Math.min(first, number[slot]);
            }
        }
        return open == 0 ? -1 : first;
    }
}
