package com.cove.db.history;

import org.jdbi.v3.core.Handle;

/**
 * How far a snapshot sees. Every transaction below {@code oldestRunning} had ended when the snapshot was taken, so its
 * rows are among those the snapshot sees; one at or above it may commit later. A reader who has seen this snapshot and
 * then asks for rows with {@code changed >= oldestRunning} therefore misses nothing, in whatever order transactions
 * commit; what ran at the time and was visible already comes twice. Transactions that only read have no id and hold
 * nothing back.
 *
 * @param epoch names the history that the ids belong to
 * @param oldestRunning the lowest transaction id that had not ended
 * @param nextUnassigned no transaction of this history had this id or a higher one
 */
public record Horizon(String epoch, long oldestRunning, long nextUnassigned) {

    /** The horizon of the handle's snapshot; the rows read beside it must come from the same snapshot. */
    public static Horizon of(Handle handle) {
        return handle.attach(HorizonDao.class).current();
    }
}
