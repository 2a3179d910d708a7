package com.cove.api.thread;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiRequest;
import com.cove.api.http.Query;
import com.cove.api.http.SafeHandler;
import com.cove.model.thread.ListThreads;

/** {@code GET /threads}: the caller's threads, newest activity first. */
public final class GetThreadsHandler extends SafeHandler {
    /** For AWS Lambda. */
    public GetThreadsHandler() {
        this(ApiServices.fromEnvironment());
    }

    public GetThreadsHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        Query query = request.query();
        ListThreads page = new ListThreads(query.integer("limit"), query.text("page"));
        return Answer.ok(services().database().threads().list(request.caller(), page));
    }
}
