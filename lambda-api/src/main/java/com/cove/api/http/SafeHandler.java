package com.cove.api.http;

import com.cove.api.ApiServices;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorCode;
import com.cove.model.user.UserProfile;
import java.time.InstantSource;

/** An endpoint that only reads (safe, RFC 9110) and may be asked twice: whoever called a moment ago is not looked for again. */
public abstract class SafeHandler extends ApiHandler {
    private final RecentCallers recent = new RecentCallers(InstantSource.system());

    protected SafeHandler(ApiServices services) {
        super(services);
    }

    @Override
    final Answer answer(ApiRequest request, UserProfile caller) {
        if (recent.contains(caller)) {
            try {
                return handle(request);
            } catch (AppException e) {
                if (e.code() != ErrorCode.UNAVAILABLE) {
                    throw e;
                }
                // Asked again below, on a connection that lives.
            }
        }
        provision(caller);
        recent.add(caller);
        return handle(request);
    }
}
