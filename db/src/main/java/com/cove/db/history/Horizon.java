package com.cove.db.history;

import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * What a snapshot sees of what clients follow: everything that was committed when it was taken. Every transaction below
 * {@code oldestRunning} had ended by then, so its rows are among those the snapshot sees; one at or above it may commit later. A
 * reader who has seen this snapshot and then asks for rows with {@code changed >= oldestRunning} therefore misses nothing, in
 * whatever order transactions commit; what ran at the time and was visible already comes twice, unless it is left out by
 * {@link #sees}. Transactions that only read have no id and hold nothing back.
 *
 * <p>It ends behind the newest change that was committed, not behind the newest id that was given out: that of a transaction that
 * was rolled back may not be in the write-ahead log, and after a crash PostgreSQL gives it out again. An id that a commit is
 * older than, or is, is never given out again.
 *
 * @param epoch names the history that the ids belong to
 * @param oldestRunning the lowest transaction id that had not ended
 * @param nextUnseen nothing of a transaction with this id or a higher one is seen
 * @param running the ids between the two that had not ended, ascending
 * @param nextUnassigned no transaction of this history had this id or a higher one
 */
public record Horizon(String epoch, long oldestRunning, long nextUnseen, List<Long> running, long nextUnassigned) {
    public Horizon {
        running = List.copyOf(running);
    }

    /** One of which nothing more is known. */
    public Horizon(String epoch, long oldestRunning, long nextUnseen, List<Long> running) {
        this(epoch, oldestRunning, nextUnseen, running, nextUnseen);
    }

    /** The horizon of the handle's snapshot; the rows read beside it must come from the same one, or from a later one and may come again. */
    public static Horizon of(Handle handle) {
        return new HorizonDao(handle).current();
    }

    /** This one, ending behind the newest change. */
    Horizon endingBehind(long newestChange) {
        long end = newestChange + 1;
        return new Horizon(
                epoch,
                Math.min(oldestRunning, end),
                Math.min(nextUnseen, end),
                running.stream().filter(id -> id < end).toList(),
                nextUnassigned);
    }

    /** Whether the snapshot sees what a transaction of the same history stored, which is known to have committed. */
    public boolean sees(long transaction) {
        return transaction < oldestRunning || (transaction < nextUnseen && !running.contains(transaction));
    }

    /** Whether both see the same: of what clients follow nothing was committed between them. */
    public boolean seesTheSameAs(Horizon other) {
        return epoch.equals(other.epoch)
                && oldestRunning == other.oldestRunning
                && nextUnseen == other.nextUnseen
                && running.equals(other.running);
    }

    /** As PostgreSQL writes a {@code pg_snapshot}. */
    public String snapshot() {
        return oldestRunning + ":" + nextUnseen + ":"
                + running.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Whether the two are of one history, in which this one is not the later; false after a restore of the database. */
    public boolean precedes(Horizon later) {
        return epoch.equals(later.epoch) && nextUnseen <= later.nextUnassigned;
    }
}
