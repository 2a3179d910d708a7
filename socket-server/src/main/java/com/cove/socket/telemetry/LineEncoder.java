package com.cove.socket.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.cove.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One line: {@code {@timestamp, message, logger_name, thread_name, level, stack_trace?, …}}, and then what the thread's MDC and the caller
 * add. The names are logstash's, whose own encoder brings another version of Jackson, a tenth of a start.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("@timestamp", event.getInstant().toString());
        fields.put("message", event.getFormattedMessage());
        fields.put("logger_name", event.getLoggerName());
        fields.put("thread_name", event.getThreadName());
        fields.put("level", event.getLevel().toString());
        if (event.getThrowableProxy() != null) {
            fields.put("stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        fields.putAll(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair field : event.getKeyValuePairs()) {
                fields.put(field.key, plain(field.value));
            }
        }
        return (Json.text(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Numbers and truth values as such, so that filters can compare them; anything else as text. */
    private static Object plain(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
