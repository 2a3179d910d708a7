package com.cove.db.recovery;

import com.cove.model.event.Change;
import com.cove.model.thread.ThreadId;

/**
 * What tells a change from all others.
 *
 * @param seq of a message, which its thread has once; of other changes nothing
 * @param transaction that stored it; of a thread's readings no two have the same
 */
public record Trace(Kind kind, ThreadId thread, long seq, long transaction) {
    public enum Kind {
        MESSAGE,
        READING,
        BEGINNING
    }

    public static Trace of(Change change) {
        return switch (change) {
            case Change.Message message ->
                new Trace(Kind.MESSAGE, message.thread(), message.seq(), message.transaction());
            case Change.Reading reading -> new Trace(Kind.READING, reading.thread(), 0, reading.transaction());
            case Change.Beginning beginning ->
                new Trace(Kind.BEGINNING, beginning.thread(), 0, beginning.transaction());
        };
    }
}
