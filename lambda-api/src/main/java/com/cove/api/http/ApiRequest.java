package com.cove.api.http;

import com.cove.model.json.Json;
import com.cove.model.user.UserId;

/** A request whose caller is known and provisioned. Body and query are read when asked for. */
public final class ApiRequest {
    private final GatewayEvent event;
    private final RequestId id;
    private final UserId caller;

    ApiRequest(GatewayEvent event, RequestId id, UserId caller) {
        this.event = event;
        this.id = id;
        this.caller = caller;
    }

    public UserId caller() {
        return caller;
    }

    /** Finds this request in all logs: at most 64 ASCII characters without spaces. */
    public String id() {
        return id.value();
    }

    /** The JSON body as a record of the model, whose own constructor checks the fields. */
    public <T extends Record> T body(Class<T> type) {
        return Json.read(Body.text(event), type);
    }

    public Query query() {
        return new Query(event.query());
    }
}
