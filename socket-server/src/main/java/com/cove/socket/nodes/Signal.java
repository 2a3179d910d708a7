package com.cove.socket.nodes;

import com.cove.model.error.AppException;
import com.cove.model.event.ServerEvent;
import com.cove.model.event.ServerEvent.UserOnline;
import com.cove.model.event.ServerEvent.UserTyping;
import com.cove.model.json.Json;
import com.cove.model.text.Texts;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Something that is true for a moment and stored nowhere: who types, who came or left. What gets lost of it stays lost.
 *
 * @param recipients the users whose connections are told
 * @param event {@link UserTyping} or {@link UserOnline}
 */
public record Signal(List<UserId> recipients, ServerEvent event) {
    public Signal {
        recipients = List.copyOf(recipients);
    }

    /** Signals as they travel together: {@code {signals: [{recipients, event: name, payload}…]}}. */
    static String toJson(List<Signal> signals) {
        return Json.text(new Together(signals.stream()
                .map(signal -> new Body(signal.recipients, signal.event.eventName(), Json.tree((Record) signal.event)))
                .toList()));
    }

    /** Reads such signals; {@code invalid_request} for anything else. */
    static List<Signal> fromJson(String json) {
        return Json.read(json, Together.class).signals.stream()
                .map(Body::signal)
                .toList();
    }

    private record Together(List<Body> signals) {
        Together {
            signals = Texts.elements("signals", signals);
        }
    }

    private record Body(List<UserId> recipients, String event, JsonNode payload) {
        Body {
            recipients = Texts.elements("recipients", recipients);
            Texts.required("event", event);
        }

        Signal signal() {
            return switch (Json.bind(payload, ServerEvent.typeOf(event))) {
                case UserTyping typing -> new Signal(recipients, typing);
                case UserOnline online -> new Signal(recipients, online);
                default -> throw AppException.invalid("event", "is no signal");
            };
        }
    }
}
