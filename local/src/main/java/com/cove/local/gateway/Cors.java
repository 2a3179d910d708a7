package com.cove.local.gateway;

import java.util.List;
import java.util.Map;

/** The answers of an HTTP API whose CORS is configured as in {@code template.yaml}: any origin, no credentials. */
final class Cors {
    private static final String ORIGIN = "access-control-allow-origin";

    private Cors() {}

    /** API Gateway answers these itself, and never asks a handler. */
    static boolean isPreflight(HttpRequest request) {
        return request.method().equals("OPTIONS")
                && request.header("origin").isPresent()
                && request.header("access-control-request-method").isPresent();
    }

    static HttpAnswer preflight() {
        return new HttpAnswer(
                204,
                Map.of(
                        ORIGIN,
                        List.of("*"),
                        "access-control-allow-methods",
                        List.of("GET,POST"),
                        "access-control-allow-headers",
                        List.of("authorization,content-type"),
                        "access-control-max-age",
                        List.of("600")),
                new byte[0]);
    }

    /** What is added to an answer for another origin. */
    static Map<String, String> headers(HttpRequest request) {
        return request.header("origin").isPresent()
                ? Map.of(ORIGIN, "*", "access-control-expose-headers", "retry-after")
                : Map.of();
    }
}
