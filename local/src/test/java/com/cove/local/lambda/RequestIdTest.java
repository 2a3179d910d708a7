package com.cove.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.cove.auth.FakeTokens;
import com.cove.db.TestDatabase;
import com.cove.db.TestDatabaseExtension;
import com.cove.model.json.Json;
import com.cove.socket.SocketApp;
import com.cove.socket.SocketConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** One id, from API Gateway's event through the Lambda and the hook to the socket server's log. */
@ExtendWith(TestDatabaseExtension.class)
class RequestIdTest {
    private static final String SECRET = "a secret of this test";
    private static final String HOOK = "com.cove.socket.hook.HookEndpoint";

    private final BlockingQueue<ILoggingEvent> lines = new LinkedBlockingQueue<>();

    @Test
    void theIdOfAnEventIsInTheLinesOfBothSides(TestDatabase database, @TempDir Path folder) throws Exception {
        SocketConfig config = SocketConfig.fromEnvironment(Map.of(
                "SOCKET_PORT",
                "0",
                "INTERNAL_PORT",
                "0",
                "INTERNAL_HOST",
                "127.0.0.1",
                "HOOK_SECRET",
                SECRET,
                "PUSH",
                "false"));
        try (Listener _ = new Listener();
                GoogleKeys google = new GoogleKeys(folder);
                SocketApp socket = SocketApp.start(config, database.database(), new FakeTokens())) {
            World world = new World(database, google);
            String url = "http://127.0.0.1:" + socket.internalPort() + "/internal/notify";
            Function function = Function.of("com.cove.api.message.SendMessageHandler::handleRequest", world)
                    .with("SOCKET_HOOK_URL", url)
                    .with("HOOK_SECRET", SECRET);
            try (RuntimeApi api = new RuntimeApi();
                    FunctionProcess process = api.start(function)) {
                // Where both sides are new, the function may give up what it tells.
                assertThat(status(api, event(world, "FirstRequest0000", "m-0"))).isEqualTo(201);
                assertThat(status(api, world.event("send-message"))).isEqualTo(201);

                awaitHeard("told by hook", "VKbzVgr1DoEEMgw=");
                JsonNode answered =
                        process.logged(logged -> logged.at("/message").asText().equals("answered")
                                && logged.at("/requestId").asText().equals("VKbzVgr1DoEEMgw="));
                assertThat(answered.at("/status").asInt()).isEqualTo(201);
            }
            Function stranger = function.with("HOOK_SECRET", "not the secret of the test");
            try (RuntimeApi api = new RuntimeApi();
                    FunctionProcess process = api.start(stranger)) {
                assertThat(status(api, event(world, "AnotherRequest00", "m-2"))).isEqualTo(201);

                awaitHeard("hook call with a missing or wrong signature", "AnotherRequest00");
                JsonNode line =
                        process.logged(logged -> logged.path("message").asText().contains("HOOK_SECRET"));
                assertThat(line.at("/level").asText()).isEqualTo("ERROR");
                assertThat(line.at("/requestId").asText()).isEqualTo("AnotherRequest00");
            }
        }
    }

    private static int status(RuntimeApi api, String event) throws Exception {
        return Json.parse(api.invoke(event).json()).at("/statusCode").asInt();
    }

    private static String event(World world, String requestId, String clientMessageId) throws IOException {
        return world.event("send-message")
                .replace("VKbzVgr1DoEEMgw=", requestId)
                .replace("m-1", clientMessageId);
    }

    /** Until the socket server has written this message of that request. */
    private void awaitHeard(String message, String requestId) throws InterruptedException {
        ILoggingEvent line;
        do {
            line = lines.poll(10, TimeUnit.SECONDS);
            assertThat(line).as(message).isNotNull();
        } while (!line.getFormattedMessage().equals(message)
                || !requestId.equals(line.getMDCPropertyMap().get("requestId")));
    }

    private final class Listener extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(HOOK);

        Listener() {
            logger.setLevel(Level.INFO);
            logger.addAppender(this);
            start();
        }

        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing();
            lines.add(line);
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setLevel(null);
        }
    }
}
