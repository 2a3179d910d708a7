package com.cove.api.read;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.db.read.ReadOutcome;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.hook.Delivery;
import com.cove.model.read.MarkRead;
import com.cove.model.read.ReadReceipt;

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
        if (outcome.changed()) {
            services().hook().tell(new Delivery(outcome.memberIds(), event(outcome)));
        }
        return Answer.ok(outcome.receipt());
    }

    private static MessageRead event(ReadOutcome outcome) {
        ReadReceipt receipt = outcome.receipt();
        return new MessageRead(
                receipt.messageId(), receipt.threadId(), receipt.userId(), receipt.readAt(), outcome.lastReadSeq());
    }
}
