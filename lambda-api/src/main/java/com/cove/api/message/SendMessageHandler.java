package com.cove.api.message;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.db.message.SendOutcome;
import com.cove.model.message.SendMessage;
import com.cove.model.message.SentMessage;

/** {@code POST /send-message}: 201 with the stored message, which all members are told of; 200 with the one stored earlier under the same {@code clientMessageId}, which they were told of then. */
public final class SendMessageHandler extends ApiHandler {
    /** For AWS Lambda. */
    public SendMessageHandler() {
        this(ApiServices.fromEnvironment());
    }

    public SendMessageHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        SendOutcome outcome = services().database().messages().send(request.caller(), request.body(SendMessage.class));
        outcome.news().ifPresent(news -> services().hook().tell(news, request.id()));
        return Answer.created(outcome.stored(), new SentMessage(outcome.message()));
    }
}
