package com.cove.api.read;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.db.read.ReadOutcome;
import com.cove.model.read.MarkRead;

/** {@code POST /mark-message-read}: this message and all before it are read. All members are told, unless it is no news. */
public final class MarkMessageReadHandler extends ApiHandler {
    /** For AWS Lambda. */
    public MarkMessageReadHandler() {
        this(ApiServices.fromEnvironment());
    }

    public MarkMessageReadHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        ReadOutcome outcome = services().database().reads().mark(request.caller(), request.body(MarkRead.class));
        outcome.news().ifPresent(news -> services().hook().tell(news, request.id()));
        return Answer.ok(outcome.receipt());
    }
}
