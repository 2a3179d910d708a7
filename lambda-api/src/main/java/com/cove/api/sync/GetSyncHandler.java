package com.cove.api.sync;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiRequest;
import com.cove.api.http.Query;
import com.cove.api.http.SafeHandler;
import com.cove.model.sync.Cursor;
import com.cove.model.sync.Sync;

/** {@code GET /sync}: every thread and message of the caller's that changed since the cursor was given. */
public final class GetSyncHandler extends SafeHandler {
    /** For AWS Lambda. */
    public GetSyncHandler() {
        this(ApiServices.fromEnvironment());
    }

    public GetSyncHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        Query query = request.query();
        Sync sync = new Sync(new Cursor(query.required("cursor")), query.integer("limit"));
        return Answer.ok(services().database().sync().changes(request.caller(), sync));
    }
}
