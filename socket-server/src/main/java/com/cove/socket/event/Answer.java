package com.cove.socket.event;

import com.cove.model.json.Json;

/**
 * What the acknowledgement of an event adds to {@code ok: true}.
 *
 * @param json a record of the contract, written
 */
public record Answer(String json) {
    public static Answer of(Record answer) {
        return new Answer(Json.text(answer));
    }
}
