package com.cove.db.history;

import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * What a snapshot sees: everything that was committed when it was taken. Every transaction below {@code oldestRunning} had
 * ended by then, so its rows are among those the snapshot sees; one at or above it may commit later. A reader who has seen
 * this snapshot and then asks for rows with {@code changed >= oldestRunning} therefore misses nothing, in whatever order
 * transactions commit; what ran at the time and was visible already comes twice, unless it is left out by {@link #sees}.
 * Transactions that only read have no id and hold nothing back.
 *
 * @param epoch names the history that the ids belong to
 * @param oldestRunning the lowest transaction id that had not ended
 * @param nextUnassigned no transaction of this history had this id or a higher one
 * @param running the ids between the two that had not ended, ascending
 */
public record Horizon(String epoch, long oldestRunning, long nextUnassigned, List<Long> running) {
    public Horizon {
        running = List.copyOf(running);
    }

    /** The horizon of the handle's snapshot; the rows read beside it must come from the same snapshot. */
    public static Horizon of(Handle handle) {
        return handle.attach(HorizonDao.class).current();
    }

    /** Whether the snapshot sees what a transaction of the same history stored, which is known to have committed. */
    public boolean sees(long transaction) {
        return transaction < oldestRunning || (transaction < nextUnassigned && !running.contains(transaction));
    }

    /** As PostgreSQL writes a {@code pg_snapshot}. */
    public String snapshot() {
        return oldestRunning + ":" + nextUnassigned + ":"
                + running.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Whether the two are of one history, in which this one is not the later. */
    public boolean precedes(Horizon later) {
        return epoch.equals(later.epoch)
                && oldestRunning <= later.oldestRunning
                && nextUnassigned <= later.nextUnassigned;
    }
}
