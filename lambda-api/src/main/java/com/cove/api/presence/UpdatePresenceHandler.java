package com.cove.api.presence;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.model.presence.UpdatePresence;

/** {@code POST /update-presence}: whether others see that the caller is online. The socket servers find it in the database. */
public final class UpdatePresenceHandler extends ApiHandler {
    /** For AWS Lambda. */
    public UpdatePresenceHandler() {
        this(ApiServices.fromEnvironment());
    }

    public UpdatePresenceHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        return Answer.ok(services().database().presence().update(request.caller(), request.body(UpdatePresence.class)));
    }
}
