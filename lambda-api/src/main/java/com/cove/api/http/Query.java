package com.cove.api.http;

import com.cove.model.error.AppException;
import com.cove.model.text.Texts;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request's query parameters, already decoded by API Gateway, which joins repeated ones with commas: two numbers are
 * no number.
 */
public final class Query {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

    private final Map<String, String> parameters;

    Query(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    public @Nullable String text(String name) {
        return parameters.get(name);
    }

    public String required(String name) {
        return Texts.required(name, parameters.get(name));
    }

    public @Nullable Integer integer(String name) {
        return number(name, Integer::valueOf);
    }

    public @Nullable Long whole(String name) {
        return number(name, Long::valueOf);
    }

    private <N> @Nullable N number(String name, Function<String, N> parser) {
        String value = parameters.get(name);
        if (value == null) {
            return null;
        }
        try {
            if (WHOLE_NUMBER.matcher(value).matches()) {
                return parser.apply(value);
            }
        } catch (NumberFormatException e) {
            // too great for its type: answered like any other text that is no number here
        }
        throw AppException.invalid(name, "must be a whole number");
    }
}
