package com.cove.api.thread;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.db.thread.CreateOutcome;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.ThreadAnswer;

/** {@code POST /create-thread}: 201 with the new thread, which all its members are told of; 200 with the one two people have already. */
public final class CreateThreadHandler extends ApiHandler {
    /** For AWS Lambda. */
    public CreateThreadHandler() {
        this(ApiServices.fromEnvironment());
    }

    public CreateThreadHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        CreateOutcome outcome =
                services().database().threads().create(request.caller(), request.body(CreateThread.class));
        outcome.news().ifPresent(news -> services().hook().tell(news, request.id()));
        return Answer.created(outcome.created(), new ThreadAnswer(outcome.thread()));
    }
}
