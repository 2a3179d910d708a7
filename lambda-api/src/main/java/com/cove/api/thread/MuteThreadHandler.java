package com.cove.api.thread;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadAnswer;

/** {@code POST /mute-thread}: no pushes of this thread to the caller until then. Nobody else is told. */
public final class MuteThreadHandler extends ApiHandler {
    /** For AWS Lambda. */
    public MuteThreadHandler() {
        this(ApiServices.fromEnvironment());
    }

    public MuteThreadHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        MuteThread mute = request.body(MuteThread.class);
        return Answer.ok(new ThreadAnswer(services().database().threads().mute(request.caller(), mute)));
    }
}
