package com.cove.db.history;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.Stored;

/**
 * An event as it was read from the database, whose JSON is not made yet: most of what is read goes to nobody here.
 *
 * @param transaction the id of the transaction that stored it
 */
public record StoredEvent<E extends Stored>(E event, long transaction) {
    public Change change() {
        return Change.of(event, transaction);
    }
}
