package com.cove.model.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageWriterTest {
    /** All there is, and as little as there may be. */
    @Test
    void aMessageIsWrittenAsItsAnnotationsSay() throws Exception {
        JsonMapper byReflection =
                JsonMapper.builder().addModule(new InstantModule()).build();
        Message whole = message("1 \" 2", new ClientMessageId("c-1"), "Ann", "https://example.com/a.png");
        Message bare = message("hi", null, null, null);

        for (Message message : List.of(whole, bare)) {
            // Without the escapes that are for HTML.
            assertThat(Json.parse(Json.text(message))).hasToString(byReflection.writeValueAsString(message));
        }
    }

    @Test
    void aMessageIsReadBackAsItWas() {
        Message message = message("1 < 2", new ClientMessageId("c-1"), "Ann", null);

        assertThat(Json.read(Json.text(message), Message.class)).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "1970-01-01T00:00:00Z",
                "2024-02-29T12:34:56.789654321Z",
                "2026-10-09T08:07:06.050Z",
                "9999-12-31T23:59:59.999Z",
                // Of nobody who may be asked: a token's expiry, or what an operator wrote.
                "+10000-01-01T00:00:00Z",
                "-0001-06-01T00:00:00Z"
            })
    void timesAreWrittenWithMilliseconds(Instant time) {
        String expected = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
                .withZone(ZoneOffset.UTC)
                .format(time);

        assertThat(Json.text(time)).isEqualTo("\"" + expected + "\"");
    }

    private static Message message(
            String content, @Nullable ClientMessageId attempt, @Nullable String name, @Nullable String imageUrl) {
        UserId ann = new UserId("ann");
        return new Message(
                new MessageId("m-1"),
                new ThreadId("t-1"),
                7,
                ann,
                content,
                attempt,
                Instant.parse("2026-01-02T03:04:05.006Z"),
                new UserProfile(ann, name, imageUrl));
    }
}
