package com.cove.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cove.model.device.UpdateFcmToken;
import com.cove.model.error.AppException;
import com.cove.model.error.ErrorBody;
import com.cove.model.error.ErrorCode;
import com.cove.model.error.FieldError;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.session.TokenRefreshed;
import com.cove.model.sync.Sync;
import com.cove.model.thread.CreateThread;
import com.cove.model.thread.MuteThread;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading strictly, writing safely. */
class JsonTest {
    private static final ThreadId THREAD = new ThreadId("01939d10-0000-7000-8000-000000000001");

    @Test
    void aPayloadIsBoundAndUnknownFieldsAreIgnored() {
        SendMessage send = Json.read(
                "{\"threadId\":\"" + THREAD + "\",\"content\":\"hi\",\"extra\":{\"a\":1}}", SendMessage.class);

        assertThat(send).isEqualTo(new SendMessage(THREAD, "hi", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"content\":\"hi\"}|threadId",
                "{\"threadId\":null,\"content\":\"hi\"}|threadId",
                "{\"threadId\":7,\"content\":\"hi\"}|threadId",
                "{\"threadId\":true,\"content\":\"hi\"}|threadId",
                "{\"threadId\":{},\"content\":\"hi\"}|threadId",
                "{\"threadId\":\"t\"}|content",
                "{\"threadId\":\"t\",\"content\":1}|content",
                "{\"threadId\":\"t\",\"content\":1.5}|content",
                "{\"threadId\":\"t\",\"content\":false}|content",
                "{\"threadId\":\"t\",\"content\":\"  \"}|content",
                "{\"threadId\":\"t\",\"content\":\"a\\u0000\"}|content",
                "{\"threadId\":\"t\",\"content\":\"a\\ud83d\"}|content",
                "{\"threadId\":\"t\",\"content\":\"\\ude00a\"}|content",
                "{\"threadId\":\"t\",\"content\":\"a\",\"clientMessageId\":\"a b\"}|clientMessageId"
            })
    void everyFaultNamesItsField(String json, String field) {
        assertThat(faultOf(json, SendMessage.class)).containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "1", "\"text\"", "{", "{}x", "{\"a\":}"})
    void whatIsNoObjectIsRefused(String json) {
        assertThat(catchThrowableOfType(AppException.class, () -> Json.read(json, SendMessage.class))
                        .code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"10\"", "1.5", "true", "99999999999", "[1]"})
    void numbersAreNotBent(String limit) {
        assertThat(faultOf("{\"cursor\":\"c\",\"limit\":" + limit + "}", Sync.class))
                .containsExactly("limit");
    }

    @Test
    void depthIsBounded() {
        String deep = "{\"a\":".repeat(40) + "1" + "}".repeat(40);

        assertThat(catchThrowableOfType(AppException.class, () -> Json.parse(deep))
                        .code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void contentIsCountedInCodePoints() {
        String longest = "😀".repeat(SendMessage.MAX_CODE_POINTS);

        assertThat(new SendMessage(THREAD, longest, null).content()).isEqualTo(longest);
        assertThat(catchThrowableOfType(AppException.class, () -> new SendMessage(THREAD, longest + "x", null)))
                .isNotNull();
    }

    @Test
    void listsHoldNoNullAndNoRepeats() {
        assertThat(Json.read("{\"participantIds\":[\"a\",\"b\",\"a\"]}", CreateThread.class)
                        .participantIds())
                .containsExactly(new UserId("a"), new UserId("b"));
        assertThat(faultOf("{\"participantIds\":[\"a\",null]}", CreateThread.class))
                .containsExactly("participantIds");
    }

    @Test
    void timesAreWrittenInUtcWithMillisecondsAndReadWithAnyOffset() {
        assertThat(Json.text(new TokenRefreshed(Instant.parse("2026-11-22T09:30:00Z"))))
                .isEqualTo("{\"expiresAt\":\"2026-11-22T09:30:00.000Z\"}");
        assertThat(Json.read("{\"threadId\":\"t\",\"until\":\"2026-11-22T15:00:00.5+05:30\"}", MuteThread.class)
                        .until())
                .isEqualTo(Instant.parse("2026-11-22T09:30:00.500Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1763803800", "\"tomorrow\"", "\"2026-11-22\"", "\"+12345-01-01T00:00:00Z\""})
    void whatIsNoTimeIsRefused(String time) {
        assertThat(faultOf("{\"threadId\":\"t\",\"until\":" + time + "}", MuteThread.class))
                .containsExactly("until");
    }

    @Test
    void markupLeavesAsEscapesAndAsASafeForm() {
        String json = Json.text(message("<b> & 'co'"));

        assertThat(json).doesNotContain("<", ">", "&amp;", " & ");
        assertThat(Json.parse(json).path("content").asText()).isEqualTo("<b> & 'co'");
        assertThat(Json.parse(json).path("contentHtml").asText()).isEqualTo("&lt;b&gt; &amp; &#39;co&#39;");
    }

    @Test
    void aMessageHasTheContractsFieldsInTheirOrder() {
        assertThat(Json.text(message("plain")))
                .isEqualTo("{\"id\":\"01939d10-0000-7000-8000-000000000002\",\"threadId\":\"" + THREAD
                        + "\",\"seq\":1,\"senderId\":\"ada\",\"content\":\"plain\","
                        + "\"createdAt\":\"2026-11-22T09:30:00.123Z\","
                        + "\"sender\":{\"id\":\"ada\",\"name\":\"Ada\",\"imageUrl\":null}}");
    }

    @Test
    void anErrorTellsHowLongToWaitOnlyWhereItKnows() {
        assertThat(Json.text(ErrorBody.of(AppException.rateLimited("Slower", Duration.ofMillis(1500)))))
                .isEqualTo("{\"code\":\"rate_limited\",\"message\":\"Slower\",\"retryAfterMs\":1500}");
        assertThat(Json.text(ErrorBody.of(AppException.notFound("Thread"))))
                .isEqualTo("{\"code\":\"not_found\",\"message\":\"Thread was not found\"}");
    }

    @Test
    void aTokenIsNeverPartOfATextForm() {
        assertThat(new UpdateFcmToken("secret", null).toString()).doesNotContain("secret");
    }

    private static List<String> faultOf(String json, Class<?> type) {
        AppException fault = catchThrowableOfType(AppException.class, () -> Json.read(json, type));
        assertThat(fault.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        return fault.errors().stream().map(FieldError::field).toList();
    }

    private static Message message(String content) {
        return new Message(
                new MessageId("01939d10-0000-7000-8000-000000000002"),
                THREAD,
                1,
                new UserId("ada"),
                content,
                null,
                Instant.parse("2026-11-22T09:30:00.123Z"),
                new UserProfile(new UserId("ada"), "Ada", null));
    }
}
