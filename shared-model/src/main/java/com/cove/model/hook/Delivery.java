package com.cove.model.hook;

import com.cove.model.error.AppException;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.json.Json;
import com.cove.model.text.Texts;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Something that was committed, and whom it concerns. A hint: losing it costs time, not the message.
 *
 * @param recipients the users whose connections get it
 */
public record Delivery(List<UserId> recipients, Change change) {
    public Delivery {
        recipients = List.copyOf(recipients);
    }

    /**
     * The body of {@code POST /internal/notify}: {@code {recipients: [userId…], event: name, payload: {…}, transaction}}, the
     * last a number.
     */
    public String toJson() {
        return Json.text(new Written(recipients, change.eventName(), change.payload(), change.transaction()));
    }

    /** Reads such a body, payload and all, and makes the payload anew; {@code invalid_request} for anything else. */
    public static Delivery fromJson(String json) {
        Body body = Json.read(json, Body.class);
        if (Json.bind(body.payload, ServerEvent.typeOf(body.event)) instanceof Stored event) {
            return new Delivery(body.recipients, Change.of(event, body.transaction));
        }
        throw AppException.invalid("event", "tells of nothing stored");
    }

    /** As it is written: the payload is JSON already. */
    private record Written(
            List<UserId> recipients,
            String event,
            @JsonRawValue String payload,
            long transaction) {}

    /** As it is read. */
    record Body(List<UserId> recipients, String event, JsonNode payload, Long transaction) {
        Body {
            recipients = Texts.elements("recipients", recipients);
            Texts.required("event", event);
            Texts.required("transaction", transaction);
        }
    }
}
