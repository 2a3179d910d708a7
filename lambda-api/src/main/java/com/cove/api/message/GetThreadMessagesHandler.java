package com.cove.api.message;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiRequest;
import com.cove.api.http.Query;
import com.cove.api.http.SafeHandler;
import com.cove.model.message.ListMessages;
import com.cove.model.thread.ThreadId;

/** {@code GET /thread-messages}: a page of a thread, in one direction or the other. */
public final class GetThreadMessagesHandler extends SafeHandler {
    /** For AWS Lambda. */
    public GetThreadMessagesHandler() {
        this(ApiServices.fromEnvironment());
    }

    public GetThreadMessagesHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        Query query = request.query();
        ListMessages page = new ListMessages(
                new ThreadId(query.required("threadId")),
                query.integer("limit"),
                query.whole("before"),
                query.whole("after"));
        return Answer.ok(services().database().messages().page(request.caller(), page));
    }
}
