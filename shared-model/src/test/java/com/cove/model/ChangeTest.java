package com.cove.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.model.error.AppException;
import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.message.SentMessage;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadKind;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was stored, with its JSON. */
class ChangeTest {
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00Z");
    private static final ThreadId THREAD = new ThreadId("t");
    private static final UserId READER = new UserId("\",\"lastReadSeq\":7}😀<&>\u2028");
    private static final MessageId MESSAGE = new MessageId("m");

    private static final Message SENT =
            new Message(MESSAGE, THREAD, 3, READER, "<b> \" \u2028", null, NOW, new UserProfile(READER, "Ann", null));

    static List<Stored> events() {
        return List.of(
                new NewMessage(SENT),
                reading(7),
                new ThreadCreated(
                        new ChatThread(THREAD, ThreadKind.GROUP, "A & B", List.of(), null, 0, 0, null, NOW, NOW)));
    }

    @ParameterizedTest
    @MethodSource("events")
    void itIsTheEventWithItsNameAndItsJson(Stored event) {
        Change change = Change.of(event, 101);

        assertThat(change.payload()).isEqualTo(Json.text(event));
        assertThat(change.eventName()).isEqualTo(event.eventName());
        assertThat(ServerEvent.typeOf(change.eventName())).isEqualTo(event.getClass());
        assertThat(change.thread()).isEqualTo(THREAD);
        assertThat(change.transaction()).isEqualTo(101);
    }

    /** Over a socket, one text is both. */
    @Test
    void aMessageIsToldAsItsSenderIsAnswered() {
        assertThat(Change.of(new NewMessage(SENT), 101).payload()).isEqualTo(Json.text(new SentMessage(SENT)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 11, 12345678901L, Long.MAX_VALUE})
    void aRaisedReadingIsWhatItWouldBeEncodedAnew(long seq) {
        for (long before : new long[] {0, 7, 10, Long.MAX_VALUE}) {
            assertThat(((Change.Reading) Change.of(reading(before), 101)).withLastReadSeq(seq))
                    .isEqualTo(Change.of(reading(seq), 101));
        }
    }

    @Test
    void aReadingWhosePayloadDoesNotEndWithItsWatermarkIsRefused() {
        String payload = Json.text(reading(17));
        assertThat(new Change.Reading(THREAD, READER, MESSAGE, 17, payload, 1).payload())
                .isEqualTo(payload);
        for (long other : new long[] {7, 117, -17}) {
            assertThatThrownBy(() -> new Change.Reading(THREAD, READER, MESSAGE, other, payload, 1))
                    .isInstanceOf(AppException.class);
        }
        assertThatThrownBy(() -> new Change.Reading(THREAD, READER, MESSAGE, 17, payload.replace("}", ",\"a\":1}"), 1))
                .isInstanceOf(AppException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}]", "\"text\"", "{} "})
    void whatIsNoObjectIsNoPayload(String payload) {
        assertThatThrownBy(() -> new Change.Message(THREAD, READER, 1, payload, 1))
                .isInstanceOf(AppException.class);
        assertThatThrownBy(() -> new Change.Beginning(THREAD, payload, 1)).isInstanceOf(AppException.class);
    }

    @Test
    void noMessageIsBeforeTheFirst() {
        assertThatThrownBy(() -> new Change.Message(THREAD, READER, 0, "{}", 1)).isInstanceOf(AppException.class);
    }

    private static MessageRead reading(long lastReadSeq) {
        return new MessageRead(MESSAGE, THREAD, READER, NOW, lastReadSeq);
    }
}
