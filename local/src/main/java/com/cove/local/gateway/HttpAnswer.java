package com.cove.local.gateway;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes back over the network. */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {

    /** One of API Gateway's own errors. */
    static HttpAnswer error(int status, String message) {
        return new HttpAnswer(
                status,
                Map.of("content-type", List.of("application/json")),
                ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** The answer of a handler, read as API Gateway reads it. */
    static HttpAnswer of(APIGatewayV2HTTPResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        orEmpty(response.getHeaders()).forEach((name, value) -> headers.put(name, List.of(value)));
        List<String> cookies = response.getCookies();
        if (cookies != null && !cookies.isEmpty()) {
            headers.put("set-cookie", new ArrayList<>(cookies));
        }
        String body = response.getBody() == null ? "" : response.getBody();
        byte[] bytes = response.getIsBase64Encoded()
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
        return new HttpAnswer(response.getStatusCode(), headers, bytes);
    }

    HttpAnswer with(Map<String, String> more) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        more.forEach((name, value) -> all.put(name, List.of(value)));
        return new HttpAnswer(status, all, body);
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> headers) {
        return headers == null ? Map.of() : headers;
    }
}
