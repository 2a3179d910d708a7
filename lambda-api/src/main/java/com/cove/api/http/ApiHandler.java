package com.cove.api.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.cove.api.ApiServices;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.json.Json;
import com.cove.model.user.UserProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of the REST API, called by API Gateway. Here is done once, in this order, what all of them need: read the event,
 * verify the token, provision its user, let the endpoint read its request and handle it, encode the answer or the error.
 * Nothing of a request is looked at before its token was verified. Events are read here, not by the Lambda runtime, which
 * would answer a strange one with an error that is not the contract's, and load a second JSON library for it.
 */
public abstract class ApiHandler implements RequestStreamHandler {
    private final ApiServices services;

    protected ApiHandler(ApiServices services) {
        this.services = services;
    }

    /** The endpoint itself; it throws {@link AppException} for what the contract calls an error. */
    protected abstract Answer handle(ApiRequest request);

    protected final ApiServices services() {
        return services;
    }

    /** Answers every request, whatever is in it. The context is not needed and may be null. */
    @Override
    public final void handleRequest(InputStream event, OutputStream answer, @Nullable Context context)
            throws IOException {
        answer.write(Json.bytes(answer(event.readAllBytes(), context)));
    }

    private GatewayAnswer answer(byte[] json, @Nullable Context context) {
        try (RequestLog log = new RequestLog(context)) {
            return log.answered(answer(json, log));
        }
    }

    private GatewayAnswer answer(byte[] json, RequestLog log) {
        RequestId id = log.identified(RequestId.made());
        try {
            GatewayEvent event = GatewayEvent.read(json);
            id = log.identified(RequestId.of(event));
            UserProfile caller = services.tokens().verify(BearerToken.of(event)).profile();
            return Responses.success(answer(new ApiRequest(event, id, caller.id()), caller));
        } catch (AppException e) {
            return Responses.failure(e, id);
        } catch (RuntimeException e) {
            return Responses.failure(fault(e), id);
        }
    }

    /** For a caller whose token was verified. */
    Answer answer(ApiRequest request, UserProfile caller) {
        provision(caller);
        return handle(request);
    }

    /**
     * The first question of a request, and one that may be asked twice: where it fails, the connection may have died while this
     * process was frozen, and a new one shows whether it is that. What follows is on connections that live.
     */
    final void provision(UserProfile caller) {
        try {
            services.database().users().provision(caller);
        } catch (AppException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
            services.database().renew();
            services.database().users().provision(caller);
        }
    }

    /** Whatever went wrong, the client learns that it did, and under which id the log tells more. */
    private static AppException fault(RuntimeException cause) {
        return new AppException(ErrorCode.INTERNAL, "Something went wrong on our side", cause);
    }
}
