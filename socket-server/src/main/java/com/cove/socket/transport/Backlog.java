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

    /** The next ones, until they are this many bytes or more. */
    List<Frame> take(long enough) {
        if (frames.size() < 2) {
            return takeOnly();
        }
        List<Frame> taken = new ArrayList<>(Math.min(frames.size(), 16));
        long size = 0;
        while (size < enough && !frames.isEmpty()) {
            Frame next = frames.remove();
            taken.add(next);
            size += next.size();
        }
        bytes -= size;
        return taken;
    }

    private List<Frame> takeOnly() {
        Frame only = frames.poll();
        if (only == null) {
            return List.of();
        }
        bytes = 0;
        return only.alone();
    }

    List<Frame> takeAll() {
        return take(Long.MAX_VALUE);
    }
}
