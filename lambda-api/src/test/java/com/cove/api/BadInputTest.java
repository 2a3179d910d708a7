package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What nobody should send, to every endpoint and into every field: the contract's error that names the field, and nothing
 * stored, and nobody told. Eve is known, and in no thread of Ann's and Ben's.
 */
@ExtendWith(TestDatabaseExtension.class)
class BadInputTest {
    private static final String UNKNOWN = "01935c2e-5a00-7000-8000-00000000ffff";
    private static final String STORED = """
            SELECT (SELECT count(*) FROM thread) || ' ' || (SELECT count(*) FROM message) || ' '
                || (SELECT count(*) FROM device) || ' ' || (SELECT count(*) FROM message_read) || ' '
                || (SELECT coalesce(sum(last_read_seq), 0) FROM thread_member) || ' '
                || (SELECT count(*) FROM thread_member WHERE muted_until IS NOT NULL) || ' '
                || (SELECT count(*) FROM app_user WHERE presence_changed IS NOT NULL)
            """;

    private TestDatabase database;
    private Api api;
    private String thread;
    private String message;
    private String before;
    private int told;

    @BeforeEach
    void annAndBenTalk(TestDatabase database) {
        this.database = database;
        api = new Api(database);
        api.meet("ann", "ben", "eve");
        thread = api.thread("ann", "ben");
        message = api.message("ann", thread, "Hi");
        before = database.ask(STORED);
        told = api.hook.changes().size();
    }

    @AfterEach
    void nothingWasStoredAndNobodyTold() {
        assertThat(database.ask(STORED)).isEqualTo(before);
        assertThat(api.hook.changes()).hasSize(told);
    }

    @TestFactory
    Stream<DynamicTest> aBadFieldIsNamed() {
        List<DynamicTest> tests = new ArrayList<>();
        bad(tests, "/create-thread", "participantIds", missing(), nothing(), "ben", 7, true, Map.of("a", "b"));
        bad(tests, "/create-thread", "participantIds", List.of(), List.of("ann"), List.of("nobody"), List.of(""));
        bad(
                tests,
                "/create-thread",
                "participantIds",
                List.of("a\0b"),
                List.of("\ud800"),
                List.of(7),
                List.of(List.of()));
        bad(tests, "/create-thread", "participantIds", List.of("a".repeat(129)), Collections.singletonList(null));
        bad(tests, "/create-thread", "participantIds", Collections.nCopies(3, 1), manyUsers());
        bad(
                tests,
                "/create-thread",
                "title",
                "",
                "  ",
                "\0",
                "a\0b",
                "\udc00",
                "a\ud800b",
                "é".repeat(201),
                7,
                List.of());
        bad(tests, "/send-message", "threadId", wrongIds());
        bad(
                tests,
                "/send-message",
                "content",
                missing(),
                nothing(),
                7,
                true,
                List.of("a"),
                Map.of("a", "b"),
                "",
                " \n\t");
        bad(tests, "/send-message", "content", "a\0b", "\ud800", "a\udc00b", "a".repeat(4_001), "😀".repeat(4_001));
        bad(
                tests,
                "/send-message",
                "clientMessageId",
                "",
                " ",
                "a b",
                "ä",
                "a\0",
                "\ud800",
                "a".repeat(65),
                7,
                List.of());
        bad(tests, "/mark-message-read", "messageId", wrongIds());
        bad(
                tests,
                "/update-fcm-token",
                "fcmToken",
                "",
                "a\0b",
                "\ud800",
                "a".repeat(4_097),
                7,
                true,
                List.of(),
                Map.of());
        bad(tests, "/update-fcm-token", "deviceId", "", "a\0b", "\ud800", "a".repeat(129), 7, false, List.of());
        bad(tests, "/mute-thread", "threadId", wrongIds());
        bad(
                tests,
                "/mute-thread",
                "until",
                "",
                "tomorrow",
                "2026-12-24",
                "2026-12-24T18:00:00",
                "\0",
                7,
                true,
                List.of());
        bad(tests, "/mute-thread", "until", "+10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "\ud800");
        bad(tests, "/update-presence", "visible", missing(), nothing(), "", "false", 0, 1, List.of(true), Map.of());
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> aBadParameterIsNamed() {
        List<DynamicTest> tests = new ArrayList<>();
        List<String> noNumbers =
                List.of("", " ", "a", "1.5", "1e3", "0x10", "1,2", "+1", "١", "\0", "99999999999999999999", "--1");
        for (String value : noNumbers) {
            badQuery(tests, "/threads", "limit", value, Map.of());
            badQuery(tests, "/sync", "limit", value, Map.of("cursor", "x"));
            badQuery(tests, "/thread-messages", "limit", value, Map.of("threadId", thread));
            badQuery(tests, "/thread-messages", "before", value, Map.of("threadId", thread));
            badQuery(tests, "/thread-messages", "after", value, Map.of("threadId", thread));
        }
        for (String value : List.of("0", "-1", "101", "2147483648")) {
            badQuery(tests, "/threads", "limit", value, Map.of());
        }
        badQuery(tests, "/thread-messages", "limit", "201", Map.of("threadId", thread));
        badQuery(tests, "/sync", "limit", "501", Map.of("cursor", "x"));
        badQuery(tests, "/thread-messages", "before", "0", Map.of("threadId", thread));
        badQuery(tests, "/thread-messages", "after", "-1", Map.of("threadId", thread));
        badQuery(tests, "/thread-messages", "after", "1", Map.of("threadId", thread, "before", "2"));
        for (String value : List.of("", "\0", "\ud800", "a\nb", "a".repeat(1_000_000))) {
            badQuery(tests, "/thread-messages", "threadId", value, Map.of());
            badQuery(tests, "/sync", "cursor", value, Map.of());
            badQuery(tests, "/threads", "page", value, Map.of());
        }
        badQuery(tests, "/threads", "page", "not a page", Map.of());
        badQuery(tests, "/thread-messages", "threadId", null, Map.of());
        badQuery(tests, "/sync", "cursor", null, Map.of());
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoJsonObjectIsRefused() {
        List<String> bodies = new ArrayList<>(List.of(
                "",
                " ",
                "null",
                "[]",
                "[{}]",
                "7",
                "true",
                "\"text\"",
                "{",
                "{} {}",
                "{\"a\":",
                "\0",
                "{\"content\":\"\0\"}",
                "{'content':'a'}",
                "NaN",
                "<xml/>",
                "[".repeat(10_000),
                "{\"a\":".repeat(10_000),
                "1".repeat(100_000)));
        return posts().flatMap(path -> bodies.stream()
                .map(body -> DynamicTest.dynamicTest(
                        path + " " + shown(body),
                        () -> api.postText("ann", path, body).expectProblem("invalid_request", 400))));
    }

    @TestFactory
    Stream<DynamicTest> noBodyIsRefused() {
        return posts().map(path -> DynamicTest.dynamicTest(
                path, () -> api.postText("ann", path, null).expectProblem("invalid_request", 400)));
    }

    @TestFactory
    Stream<DynamicTest> aMegabyteIsNotRead() {
        return posts().map(path -> DynamicTest.dynamicTest(path, () -> {
            Map<String, Object> body = valid(path);
            body.put("content", "a".repeat(1_000_000));
            api.post("ann", path, body).expectProblem("payload_too_large", 413);
        }));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotTheCallersIsNotFound() {
        return Stream.of("eve", "ann").flatMap(caller -> {
            String wanted = caller.equals("eve") ? thread : UNKNOWN;
            String wantedMessage = caller.equals("eve") ? message : UNKNOWN;
            return Stream.of(
                    notFound(
                            caller,
                            "/send-message",
                            () -> api.post(caller, "/send-message", Map.of("threadId", wanted, "content", "Hi"))),
                    notFound(
                            caller,
                            "/mark-message-read",
                            () -> api.post(caller, "/mark-message-read", Map.of("messageId", wantedMessage))),
                    notFound(
                            caller, "/mute-thread", () -> api.post(caller, "/mute-thread", Map.of("threadId", wanted))),
                    notFound(
                            caller,
                            "/thread-messages",
                            () -> api.get(caller, "/thread-messages", Map.of("threadId", wanted))));
        });
    }

    @Test
    void anIdOfAnotherFormIsTheIdOfNothing() {
        for (String id :
                List.of("x", thread.toUpperCase(Locale.ROOT), thread + " ", "'; DROP TABLE message; --", "a,b")) {
            api.get("ann", "/thread-messages", Map.of("threadId", id)).expectProblem("not_found", 404);
            api.post("ann", "/mark-message-read", Map.of("messageId", id)).expectProblem("not_found", 404);
        }
    }

    @Test
    void whatIsForeignAnswersExactlyAsWhatDoesNotExist() {
        Reply foreign = api.get("eve", "/thread-messages", Map.of("threadId", thread));
        Reply unknown = api.get("eve", "/thread-messages", Map.of("threadId", UNKNOWN));

        assertThat(foreign.at("/detail")).isEqualTo(unknown.at("/detail"));
        assertThat(foreign.body().fieldNames())
                .toIterable()
                .containsExactlyElementsOf(() -> unknown.body().fieldNames());
    }

    @Test
    void strangersSeeNothingOfAThread() {
        assertThat(api.get("eve", "/threads", Map.of()).body().at("/threads")).isEmpty();
        String cursor = api.get("eve", "/threads", Map.of()).at("/cursor");
        assertThat(api.get("eve", "/sync", Map.of("cursor", cursor)).text()).doesNotContain(thread, message);
    }

    @Test
    void unknownParametersAreIgnored() {
        api.get("ann", "/threads", Map.of("limit", "5", "colour", "blue", "page[]", "x"))
                .expect(200);
    }

    private DynamicTest notFound(String caller, String path, Supplier<Reply> call) {
        return DynamicTest.dynamicTest(caller + " " + path, () -> call.get().expectProblem("not_found", 404));
    }

    private void bad(List<DynamicTest> tests, String path, String field, @Nullable Object... values) {
        for (Object value : values) {
            tests.add(DynamicTest.dynamicTest(path + " " + field + " " + shown(value), () -> {
                Map<String, @Nullable Object> body = valid(path);
                if (value == Missing.FIELD) {
                    body.remove(field);
                } else {
                    body.put(field, value);
                }
                names(field, api.postText("ann", path, json(body)));
            }));
        }
    }

    private void badQuery(
            List<DynamicTest> tests, String path, String name, @Nullable String value, Map<String, String> others) {
        tests.add(DynamicTest.dynamicTest(path + " " + name + " " + shown(value), () -> {
            Map<String, String> query = new LinkedHashMap<>(others);
            if (value != null) {
                query.put(name, value);
            }
            names(name, api.get("ann", path, query));
        }));
    }

    /** The error names the field, or an element of it. */
    private static void names(String field, Reply reply) {
        reply.expectProblem("invalid_request", 400);
        assertThat(reply.body().at("/errors")).as(reply.text()).isNotEmpty();
        assertThat(reply.body().at("/errors").findValuesAsText("field"))
                .as(reply.text())
                .allMatch(name -> name.equals(field) || name.startsWith(field + "."));
    }

    private Map<String, @Nullable Object> valid(String path) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        switch (path) {
            case "/create-thread" -> body.put("participantIds", List.of("ben"));
            case "/send-message" -> {
                body.put("threadId", thread);
                body.put("content", "Hi");
            }
            case "/mark-message-read" -> body.put("messageId", message);
            case "/update-fcm-token" -> body.put("fcmToken", "push-here");
            case "/mute-thread" -> body.put("threadId", thread);
            case "/update-presence" -> body.put("visible", false);
            default -> throw new IllegalArgumentException(path);
        }
        return body;
    }

    private static Stream<String> posts() {
        return Stream.of(
                "/create-thread",
                "/send-message",
                "/mark-message-read",
                "/update-fcm-token",
                "/mute-thread",
                "/update-presence");
    }

    private static @Nullable Object[] wrongIds() {
        return new @Nullable Object[] {
            Missing.FIELD,
            null,
            "",
            "a\0b",
            "\ud800",
            "a\nb",
            "a".repeat(129),
            7,
            1.5,
            true,
            List.of("a"),
            Map.of("a", "b")
        };
    }

    private static Object missing() {
        return Missing.FIELD;
    }

    private static @Nullable Object nothing() {
        return null;
    }

    private static List<String> manyUsers() {
        return Stream.iterate(0, i -> i + 1).limit(300).map(i -> "user-" + i).toList();
    }

    /** Surrogates as escapes, which is how a lone one can arrive. */
    private static String json(Map<String, @Nullable Object> body) {
        return Json.text(body)
                .chars()
                .mapToObj(c -> Character.isSurrogate((char) c) ? "\\u%04x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        String start = text.length() > 20 ? text.substring(0, 20) + "… (" + text.length() + ")" : text;
        return start.codePoints()
                .mapToObj(c -> c < 32 || c >= 0xd800 ? "\\u%04x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    private enum Missing {
        FIELD
    }
}
