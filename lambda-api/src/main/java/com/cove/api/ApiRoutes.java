package com.cove.api;

import com.cove.api.device.UpdateFcmTokenHandler;
import com.cove.api.http.ApiHandler;
import com.cove.api.message.GetThreadMessagesHandler;
import com.cove.api.message.SendMessageHandler;
import com.cove.api.presence.UpdatePresenceHandler;
import com.cove.api.read.MarkMessageReadHandler;
import com.cove.api.sync.GetSyncHandler;
import com.cove.api.thread.CreateThreadHandler;
import com.cove.api.thread.GetThreadsHandler;
import com.cove.api.thread.MuteThreadHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The endpoints, by API Gateway's route key. In AWS {@code template.yaml} says the same, which a test holds together;
 * the local gateway uses this table.
 */
public final class ApiRoutes {
    private static final Map<String, Function<ApiServices, ApiHandler>> HANDLERS = Map.of(
            "POST /create-thread", CreateThreadHandler::new,
            "POST /send-message", SendMessageHandler::new,
            "GET /threads", GetThreadsHandler::new,
            "GET /thread-messages", GetThreadMessagesHandler::new,
            "POST /mark-message-read", MarkMessageReadHandler::new,
            "POST /update-fcm-token", UpdateFcmTokenHandler::new,
            "POST /mute-thread", MuteThreadHandler::new,
            "POST /update-presence", UpdatePresenceHandler::new,
            "GET /sync", GetSyncHandler::new);

    private ApiRoutes() {}

    /** A handler for each route key, such as {@code POST /send-message}. */
    public static Map<String, ApiHandler> handlers(ApiServices services) {
        Map<String, ApiHandler> handlers = new LinkedHashMap<>();
        HANDLERS.forEach((routeKey, handler) -> handlers.put(routeKey, handler.apply(services)));
        return Map.copyOf(handlers);
    }
}
