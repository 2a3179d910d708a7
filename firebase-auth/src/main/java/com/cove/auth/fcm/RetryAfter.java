package com.cove.auth.fcm;

import com.google.firebase.IncomingHttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code Retry-After}, as seconds or as a date. What is no time in the future asks for nothing. */
final class RetryAfter {
    /** One odd answer must not silence pushes for longer. */
    private static final Duration MAX = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private RetryAfter() {}

    static Optional<Duration> of(IncomingHttpResponse answer, Instant now) {
        String name = answer.getStatusCode() == 503 ? FcmTransport.RETRY_AFTER : "Retry-After";
        return answer.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .flatMap(value -> value instanceof List<?> values ? values.stream() : Optional.of(value).stream())
                .findFirst()
                .flatMap(value -> parse(value.toString().strip(), now));
    }

    static Optional<Duration> parse(String value, Instant now) {
        return (SECONDS.matcher(value).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                        : date(value, now))
                .filter(Duration::isPositive)
                .map(after -> after.compareTo(MAX) > 0 ? MAX : after);
    }

    private static Optional<Duration> date(String value, Instant now) {
        try {
            Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(now, then));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
