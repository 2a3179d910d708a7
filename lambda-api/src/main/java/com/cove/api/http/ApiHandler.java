package com.cove.api.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.cove.api.ApiServices;
import com.cove.auth.VerifiedToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of the REST API, called by API Gateway with payload format 2.0. Here is done once, in this order, what all
 * of them need: verify the token, provision its user, let the endpoint read its request and handle it, encode the answer
 * or the error. Nothing of a request is looked at before its token was verified.
 */
public abstract class ApiHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
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
    public final APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, @Nullable Context context) {
        RequestId requestId = RequestId.of(event);
        try {
            return Responses.success(handle(new ApiRequest(event, authenticate(event))));
        } catch (AppException e) {
            return Responses.failure(e, requestId);
        } catch (RuntimeException e) {
            return Responses.failure(fault(e), requestId);
        }
    }

    private UserId authenticate(APIGatewayV2HTTPEvent event) {
        VerifiedToken token = services.tokens().verify(BearerToken.of(event));
        services.database().users().provision(token.profile());
        return token.userId();
    }

    /** Whatever went wrong, the client learns that it did, and under which id the log tells more. */
    private static AppException fault(RuntimeException cause) {
        return new AppException(ErrorCode.INTERNAL, "Something went wrong on our side", cause);
    }
}
