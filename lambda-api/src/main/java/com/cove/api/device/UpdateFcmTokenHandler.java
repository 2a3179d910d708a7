package com.cove.api.device;

import com.cove.api.ApiServices;
import com.cove.api.http.Answer;
import com.cove.api.http.ApiHandler;
import com.cove.api.http.ApiRequest;
import com.cove.model.device.UpdateFcmToken;
import com.cove.model.device.Updated;

/** {@code POST /update-fcm-token}: where pushes for this device of the caller go; a null token forgets the device. */
public final class UpdateFcmTokenHandler extends ApiHandler {
    /** For AWS Lambda. */
    public UpdateFcmTokenHandler() {
        this(ApiServices.fromEnvironment());
    }

    public UpdateFcmTokenHandler(ApiServices services) {
        super(services);
    }

    @Override
    protected Answer handle(ApiRequest request) {
        services().database().devices().update(request.caller(), request.body(UpdateFcmToken.class));
        return Answer.ok(new Updated(true));
    }
}
