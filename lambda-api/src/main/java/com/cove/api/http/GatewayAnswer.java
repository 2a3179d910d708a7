package com.cove.api.http;

import com.cove.model.json.JsonText;
import java.util.Map;

/** An answer as API Gateway takes it, in both payload formats: of another field, a REST API would make a 502. */
record GatewayAnswer(int statusCode, Map<String, String> headers, JsonText body, boolean isBase64Encoded) {}
