package com.cove.model.event;

import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.text.Texts;

/**
 * Something that was stored, and the event that tells of it.
 *
 * @param transaction the id of the transaction that stored it: a snapshot of the database says whether it was there
 */
public record Change(Stored event, long transaction) {
    public Change {
        Texts.required("event", event);
    }
}
