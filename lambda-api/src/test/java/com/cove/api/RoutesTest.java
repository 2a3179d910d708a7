package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.api.http.ApiHandler;
import com.cove.model.config.ConfigException;
import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every endpoint stands in the table, in template.yaml and among the test events, each time the same. */
class RoutesTest {
    /** The contract's list. */
    private static final List<String> CONTRACT = List.of(
            "POST /create-thread",
            "POST /send-message",
            "GET /threads",
            "GET /thread-messages",
            "POST /mark-message-read",
            "POST /update-fcm-token",
            "POST /mute-thread",
            "POST /update-presence",
            "GET /sync");

    private final Map<String, ApiHandler> handlers = ApiRoutes.handlers(Services.NONE);

    @Test
    void theTableHasEveryCallOfTheContract() {
        assertThat(handlers.keySet()).containsExactlyInAnyOrderElementsOf(CONTRACT);
    }

    @Test
    void everyHandlerHasOneRoute() {
        List<String> written = new ClassFileImporter()
                .importPackages("com.cove.api").stream()
                        .filter(type -> type.isAssignableTo(ApiHandler.class)
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(type -> type.getName())
                        .toList();

        assertThat(handlers.values().stream().map(handler -> handler.getClass().getName()))
                .containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void theTemplateNamesTheSameHandlersForTheSameRoutes() {
        Map<String, String> expected = new TreeMap<>();
        handlers.forEach(
                (route, handler) -> expected.put(route, handler.getClass().getName() + "::handleRequest"));

        assertThat(templateRoutes()).isEqualTo(expected);
    }

    @Test
    void theTemplateSetsEveryVariableThatIsReadAndTheJvmsOptions() {
        JsonNode variables = Project.yaml("template.yaml").at("/Globals/Function/Environment/Variables");
        List<String> names = new ArrayList<>();
        variables.fieldNames().forEachRemaining(names::add);

        assertThat(names)
                .containsExactlyInAnyOrder(
                        "FIREBASE_PROJECT_ID",
                        "firebaseSDK",
                        "RDS_ENDPOINT",
                        "RDS_DATABASE",
                        "RDS_MASTER_SECRET_ARN",
                        "SOCKET_HOOK_URL",
                        "HOOK_SECRET",
                        "USER_IMAGE_BUCKET_NAME",
                        "USER_IMAGE_BUCKET_URL",
                        "JAVA_TOOL_OPTIONS");
    }

    @Test
    void everyRouteHasOneTestEvent() throws IOException {
        try (Stream<Path> files = Files.list(Project.path("test-events"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".json"))
                            .map(name -> Project.yaml("test-events/" + name)
                                    .at("/routeKey")
                                    .asText()))
                    .containsExactlyInAnyOrderElementsOf(CONTRACT);
        }
    }

    /** AWS makes handlers without arguments; where the environment is wrong, that fails at once and says why. */
    @TestFactory
    Stream<DynamicTest> awsCanMakeTheHandler() {
        return handlers.values().stream()
                .map(ApiHandler::getClass)
                .map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> {
                    assertThat(Modifier.isPublic(type.getModifiers()) && Modifier.isFinal(type.getModifiers()))
                            .isTrue();
                    assertThatThrownBy(() -> type.getConstructor().newInstance())
                            .isInstanceOf(InvocationTargetException.class)
                            .cause()
                            .isInstanceOf(ConfigException.class)
                            .hasMessageContaining("DATABASE_URL")
                            .hasMessageContaining("FIREBASE_PROJECT_ID");
                }));
    }

    private static Map<String, String> templateRoutes() {
        return Project.yaml("template.yaml").at("/Resources").properties().stream()
                .map(Map.Entry::getValue)
                .filter(resource ->
                        "AWS::Serverless::Function".equals(resource.at("/Type").asText()))
                .collect(Collectors.toMap(
                        function -> function.at("/Properties/Events/Call/Properties/Method")
                                        .asText() + " "
                                + function.at("/Properties/Events/Call/Properties/Path")
                                        .asText(),
                        function -> function.at("/Properties/Handler").asText()));
    }
}
