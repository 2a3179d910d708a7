package com.cove.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every handler from the jar that AWS runs, under its runtime: starts, warm calls, errors and timeouts. */
@ExtendWith(TestDatabaseExtension.class)
class LambdaRuntimeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final String THREADS = "com.cove.api.thread.GetThreadsHandler::handleRequest";

    private World world;

    @BeforeEach
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        world = new World(database, new GoogleKeys(folder));
    }

    @AfterEach
    void stop() throws Exception {
        world.google().close();
    }

    /** In AWS's emulator: the first call starts the JVM, the second finds it warm. */
    @ParameterizedTest
    @CsvSource({
        "create-thread, com.cove.api.thread.CreateThreadHandler, 200",
        "send-message, com.cove.api.message.SendMessageHandler, 201",
        "get-threads, com.cove.api.thread.GetThreadsHandler, 200",
        "get-thread-messages, com.cove.api.message.GetThreadMessagesHandler, 200",
        "mark-message-read, com.cove.api.read.MarkMessageReadHandler, 200",
        "update-fcm-token, com.cove.api.device.UpdateFcmTokenHandler, 200",
        "mute-thread, com.cove.api.thread.MuteThreadHandler, 200",
        "update-presence, com.cove.api.presence.UpdatePresenceHandler, 200",
        "get-sync, com.cove.api.sync.GetSyncHandler, 200"
    })
    void aFunctionAnswersItsTestEvent(String file, String handler, int status) throws Exception {
        assertThat(World.events())
                .as("files of test-events, each in this table")
                .hasSize(9);
        try (Emulator emulator = Emulator.start(Function.of(handler + "::handleRequest", world), TIMEOUT)) {
            String event = world.event(file);

            JsonNode cold = Json.parse(emulator.invoke(event));
            JsonNode warm = Json.parse(emulator.invoke(event));

            assertThat(cold.at("/statusCode").asInt())
                    .as("%s\n%s", cold, emulator.process().output())
                    .isEqualTo(status);
            assertThat(cold.at("/headers/content-type").asText()).isEqualTo("application/json");
            // The test event of a send has a clientMessageId: its repetition finds the message stored.
            assertThat(warm.at("/statusCode").asInt()).as("%s", warm).isEqualTo(200);
            assertThat(world.google().fetches()).as("the keys are kept").isEqualTo(1);
        }
    }

    @Test
    void whatKeysTheFirstFunctionFetchedServeTheNextWhileGoogleIsAway() throws Exception {
        String event = world.event("get-threads");
        assertThat(statusOfFirst(event)).isEqualTo(200);

        world.google().close();

        assertThat(statusOfFirst(event)).isEqualTo(200);
    }

    private int statusOfFirst(String event) throws Exception {
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess _ = api.start(Function.of(THREADS, world))) {
            return Json.parse(api.invoke(event).json()).at("/statusCode").asInt();
        }
    }

    @Test
    void aFaultOfOursIsTheContractsErrorAndALineInTheLog() throws Exception {
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess function = api.start(Function.of(THREADS, world))) {
            world.database().execute("ALTER TABLE app_user RENAME TO app_user_gone");

            RuntimeApi.Report report = api.invoke(world.get(Map.of()));

            assertThat(report.error()).isFalse();
            JsonNode answer = Json.parse(report.json());
            assertThat(answer.at("/statusCode").asInt()).isEqualTo(500);
            assertThat(answer.at("/headers/content-type").asText()).isEqualTo("application/problem+json");
            JsonNode problem = Json.parse(answer.at("/body").asText());
            assertThat(problem.at("/code").asText()).isEqualTo("internal");
            assertThat(problem.at("/requestId").asText()).isEqualTo("VKbzVgr1DoEEMgw=");
            JsonNode line = function.logged("request failed");
            assertThat(line.at("/level").asText()).isEqualTo("ERROR");
            assertThat(line.at("/timestamp").asText()).isNotBlank();
            assertThat(line.at("/requestId").asText()).isEqualTo("VKbzVgr1DoEEMgw=");
            assertThat(line.at("/code").asText()).isEqualTo("internal");
            assertThat(line.at("/invocation").asText()).isNotBlank();
            assertThat(line.at("/trace").asText()).startsWith("Root=1-6922d5a2-");
            assertThat(line.at("/exception").asText()).contains("Caused by: ", "\tat com.cove.");
            assertThat(function.output())
                    .doesNotContain("app_user", world.token().substring(0, 40));
        }
    }

    @Test
    void aPictureThatIsStoredAsAKeyIsAnAddress() throws Exception {
        String event = world.event("get-threads");
        world.database().execute("UPDATE app_user SET image_url = 'ben/a picture.png' WHERE id = 'ben'");
        Function pictured =
                Function.of(THREADS, world).with("USER_IMAGE_BUCKET_URL", "https://pictures.example.com/users");
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess _ = api.start(pictured)) {
            assertThat(Json.parse(api.invoke(event).json()).at("/body").asText())
                    .contains("\"https://pictures.example.com/users/ben/a%20picture.png\"");
        }
    }

    /** All in one message, with which Lambda ends the start. */
    @Test
    void aWrongEnvironmentEndsTheStartAndSaysAllThatIsWrong() throws Exception {
        Function wrong = Function.of(THREADS, world)
                .without("DATABASE_URL")
                .without("FIREBASE_PROJECT_ID")
                .with("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
                .with("SOCKET_HOOK_URL", "http://socket.internal:3002/internal/notify")
                .with("HOOK_SECRET", "hunter2");
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess function = api.start(wrong)) {
            JsonNode error = Json.parse(api.initError());

            assertThat(error.at("/errorMessage").asText() + error)
                    .contains("DATABASE_URL", "FIREBASE_PROJECT_ID", "FIREBASE_AUTH_EMULATOR_HOST", "HOOK_SECRET")
                    .doesNotContain("hunter2");
            assertThat(function.exitCode()).isNotZero();
            assertThat(function.output()).doesNotContain("hunter2");
        }
    }

    /** As when all of it hangs; nothing that it waits for takes as long. */
    @Test
    void aCallThatTakesTooLongIsEndedAndTheNextSucceeds() throws Exception {
        try (Emulator emulator = Emulator.start(Function.of(THREADS, world), TIMEOUT)) {
            assertThat(emulator.invoke(world.get(Map.of()))).contains("\"statusCode\":200");
            emulator.process().freeze();

            assertThat(emulator.invoke(world.get(Map.of()))).contains("timed out after 15");

            assertThat(emulator.invoke(world.get(Map.of()))).contains("\"statusCode\":200");
        }
    }

    /** Neither is there a way to make the deployed jar believe unsigned tokens. */
    @Test
    void aTokenThatNobodySignedIsRefused() throws Exception {
        try (RuntimeApi api = new RuntimeApi();
                FunctionProcess _ = api.start(Function.of(THREADS, world))) {
            String forged = world.token().replaceFirst("\\.[^.]*$", ".AAAA");
            String event = world.get(Map.of()).replace(world.token(), forged);

            assertThat(Json.parse(api.invoke(event.replaceFirst("Bearer [^\"]*", "Bearer " + forged))
                                    .json())
                            .at("/statusCode")
                            .asInt())
                    .isEqualTo(401);
        }
    }
}
