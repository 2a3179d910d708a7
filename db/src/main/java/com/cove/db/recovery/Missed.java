package com.cove.db.recovery;

import com.cove.db.history.Horizon;
import com.cove.model.event.Change;
import java.util.List;

/**
 * What changed for somebody.
 *
 * @param until what was seen when this was read: everything of theirs that this horizon sees and {@code since} did not is among
 *     the changes
 * @param changes threads that were created, then messages, by time and in a thread by seq, then what was read
 */
public record Missed(Horizon until, List<Change> changes) {
    public Missed {
        changes = List.copyOf(changes);
    }
}
