package com.cove.local.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The event that an API Gateway HTTP API makes of a request, payload format 2.0, as the JSON that Lambda is sent. */
final class GatewayEvent {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    /** What API Gateway passes as text; every other body goes in Base64. */
    private static final List<String> TEXT_TYPES =
            List.of("application/json", "application/javascript", "application/xml", "application/vnd.api+json");

    private GatewayEvent() {}

    /** @param routeKey the route that matched, such as {@code GET /threads} */
    static ObjectNode of(HttpRequest request, String routeKey) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("version", "2.0");
        event.put("routeKey", routeKey);
        event.put("rawPath", request.rawPath());
        event.put("rawQueryString", request.rawQuery());
        cookies(event, request);
        ObjectNode headers = event.putObject("headers");
        joined(request).forEach(headers::put);
        if (!request.rawQuery().isEmpty()) {
            ObjectNode parameters = event.putObject("queryStringParameters");
            query(request.rawQuery()).forEach(parameters::put);
        }
        event.set("requestContext", context(request, routeKey));
        body(event, request);
        return event;
    }

    /** Cookies have a field of their own and are not among the headers. */
    private static void cookies(ObjectNode event, HttpRequest request) {
        List<String> cookies = request.headers().getOrDefault("cookie", List.of()).stream()
                .flatMap(header -> Arrays.stream(header.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty())
                .toList();
        if (!cookies.isEmpty()) {
            ArrayNode field = event.putArray("cookies");
            cookies.forEach(field::add);
        }
    }

    /** Several values of one header become one, with commas between. */
    private static Map<String, String> joined(HttpRequest request) {
        Map<String, String> headers = request.headers().entrySet().stream()
                .filter(header -> !header.getKey().equals("cookie"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> String.join(",", header.getValue()), (a, _) -> a, TreeMap::new));
        headers.put("x-forwarded-for", request.sourceIp());
        headers.put("x-forwarded-port", Integer.toString(request.port()));
        headers.put("x-forwarded-proto", "http");
        return headers;
    }

    /** The parameters by name; several values of one become one, with commas between. */
    static Map<String, String> query(String rawQuery) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (!name.isEmpty()) {
                parameters.merge(name, value, (first, next) -> first + "," + next);
            }
        }
        return parameters;
    }

    /** A stray percent sign is passed on as it is. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static ObjectNode context(HttpRequest request, String routeKey) {
        String domain = request.header("host")
                .map(host -> host.replaceFirst(":\\d+$", ""))
                .orElse("localhost");
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        context.put("accountId", "123456789012");
        context.put("apiId", "local");
        context.put("domainName", domain);
        context.put("domainPrefix", domain.replaceFirst("\\..*", ""));
        context.putObject("http")
                .put("method", request.method())
                .put("path", request.rawPath())
                .put("protocol", request.protocol())
                .put("sourceIp", request.sourceIp())
                .put("userAgent", request.header("user-agent").orElse(""));
        context.put("requestId", request.requestId());
        context.put("routeKey", routeKey);
        context.put("stage", "$default");
        context.put("time", TIME.format(request.time()));
        context.put("timeEpoch", request.time().toEpochMilli());
        return context;
    }

    private static void body(ObjectNode event, HttpRequest request) {
        boolean base64 = request.body().length > 0 && !isText(request);
        if (request.body().length > 0) {
            event.put(
                    "body",
                    base64
                            ? Base64.getEncoder().encodeToString(request.body())
                            : new String(request.body(), StandardCharsets.UTF_8));
        }
        event.put("isBase64Encoded", base64);
    }

    private static boolean isText(HttpRequest request) {
        Optional<String> type = request.header("content-type")
                .map(value -> value.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT));
        return request.header("content-encoding").isEmpty()
                && type.filter(name -> name.startsWith("text/") || TEXT_TYPES.contains(name))
                        .isPresent();
    }
}
