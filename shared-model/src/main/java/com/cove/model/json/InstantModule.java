package com.cove.model.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times on the wire: written as ISO-8601 UTC with milliseconds, read in any ISO-8601 form that names its offset. */
final class InstantModule extends SimpleModule {
    private static final DateTimeFormatter ANY_YEAR =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    /** What a client may name: four-digit years, which every client and PostgreSQL can read back. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    InstantModule() {
        addSerializer(new Writer());
        addDeserializer(Instant.class, new Reader());
    }

    private static final class Writer extends StdScalarSerializer<Instant> {
        Writer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            InstantModule.write(value, out);
        }
    }

    /** As a text. Digit by digit: the formatter of the JDK takes as long as all else of a message. */
    static void write(Instant value, JsonGenerator out) throws IOException {
        if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
            out.writeString(ANY_YEAR.format(value));
            return;
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(value.getEpochSecond(), value.getNano(), ZoneOffset.UTC);
        char[] text = "0000-00-00T00:00:00.000Z".toCharArray();
        digits(text, 4, time.getYear());
        digits(text, 7, time.getMonthValue());
        digits(text, 10, time.getDayOfMonth());
        digits(text, 13, time.getHour());
        digits(text, 16, time.getMinute());
        digits(text, 19, time.getSecond());
        digits(text, 23, time.getNano() / 1_000_000);
        out.writeString(text, 0, text.length);
    }

    /** Of a number before a place, as many as it has. */
    private static void digits(char[] text, int end, int number) {
        int left = number;
        for (int i = end - 1; left > 0; i--) {
            text[i] = (char) ('0' + left % 10);
            left /= 10;
        }
    }

    private static final class Reader extends StdScalarDeserializer<Instant> {
        Reader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_STRING) {
                try {
                    Instant instant = OffsetDateTime.parse(in.getText()).toInstant();
                    if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
                        return instant;
                    }
                } catch (DateTimeException e) {
                    // answered below, as every other value that is no time
                }
            }
            return (Instant) context.handleUnexpectedToken(Instant.class, in);
        }
    }
}
