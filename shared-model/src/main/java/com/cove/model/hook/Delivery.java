package com.cove.model.hook;

import com.cove.model.event.ServerEvent;
import com.cove.model.json.Json;
import com.cove.model.text.Texts;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * An event that was committed, and whom it concerns. A hint: losing it costs time, not the message.
 *
 * @param recipients the users whose connections get it
 */
public record Delivery(List<UserId> recipients, ServerEvent event) {
    public Delivery {
        recipients = List.copyOf(recipients);
    }

    /** The body of {@code POST /internal/notify}: {@code {recipients: [userId…], event: name, payload: {…}}}. */
    public String toJson() {
        return Json.text(new Body(recipients, event.eventName(), Json.tree((Record) event)));
    }

    /** Reads such a body; {@code invalid_request} for anything else. */
    public static Delivery fromJson(String json) {
        Body body = Json.read(json, Body.class);
        return new Delivery(body.recipients, Json.bind(body.payload, ServerEvent.typeOf(body.event)));
    }

    private record Body(List<UserId> recipients, String event, JsonNode payload) {
        Body {
            recipients = Texts.elements("recipients", recipients);
            Texts.required("event", event);
        }
    }
}
