package com.cove.socket.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** What waits to be sent to one client, in order. Guarded by the session's lock. */
final class Backlog {
    private final Queue<Frame> frames = new ArrayDeque<>(2);
    private long bytes;

    void add(Frame frame) {
        frames.add(frame);
        bytes += frame.size();
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** Adds the next ones, until they are this many bytes or more. */
    void take(List<Frame> taken, long enough) {
        long size = 0;
        while (size < enough && !frames.isEmpty()) {
            Frame next = frames.remove();
            taken.add(next);
            size += next.size();
        }
        bytes -= size;
    }

    List<Frame> takeAll() {
        List<Frame> all = new ArrayList<>(frames.size());
        take(all, Long.MAX_VALUE);
        return all;
    }
}
