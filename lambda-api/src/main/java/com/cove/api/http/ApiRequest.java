package com.cove.api.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.cove.model.json.Json;
import com.cove.model.user.UserId;
import java.util.Map;

/** A request whose caller is known and provisioned. Body and query are read when asked for. */
public final class ApiRequest {
    private final APIGatewayV2HTTPEvent event;
    private final UserId caller;

    ApiRequest(APIGatewayV2HTTPEvent event, UserId caller) {
        this.event = event;
        this.caller = caller;
    }

    public UserId caller() {
        return caller;
    }

    /** The JSON body as a record of the model, whose own constructor checks the fields. */
    public <T extends Record> T body(Class<T> type) {
        return Json.read(Body.text(event), type);
    }

    public Query query() {
        Map<String, String> parameters = event.getQueryStringParameters();
        return new Query(parameters == null ? Map.of() : parameters);
    }
}
