package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/deploying.md names parameters, outputs and alarms that the templates have, and every parameter that they ask for. */
class DeployingDocumentTest {
    private static final Map<String, String> STACKS = Map.of(
            "cove-base", "deploy/network.yaml", "cove-socket", "deploy/fargate.yaml", "cove-rest", "template.yaml");
    private static final Pattern COMMANDS = Pattern.compile("(?s)```sh\\n(.*?)```");
    private static final Pattern PARAMETER = Pattern.compile("(?<![\\w$])([A-Z][a-z]\\w+)=(?!=)");
    private static final Pattern OUTPUT = Pattern.compile("output (cove-\\w+) (\\w+)");
    private static final Pattern ALARM = Pattern.compile("`(\\w+Alarm)`");

    private final String document = Project.text("docs/deploying.md");
    private final String commands = found(COMMANDS, document).collect(Collectors.joining());

    @Test
    void everyParameterThatIsGivenIsOneOfATemplate() {
        assertThat(found(PARAMETER, commands))
                .contains("WithService", "SocketHookUrl")
                .isSubsetOf(all("Parameters"));
    }

    @Test
    void everyParameterWithoutADefaultIsGiven() {
        Set<String> required = STACKS.values().stream()
                .flatMap(template -> Project.yaml(template).at("/Parameters").properties().stream())
                .filter(parameter -> parameter.getValue().at("/Default").isMissingNode())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found(PARAMETER, commands)).containsAll(required);
    }

    @Test
    void everyOutputThatIsAskedForIsOneOfItsStack() {
        List<MatchResult> asked = OUTPUT.matcher(commands).results().toList();

        assertThat(asked)
                .hasSizeGreaterThan(10)
                .allSatisfy(output -> assertThat(Project.yaml(Objects.requireNonNull(STACKS.get(output.group(1))))
                                .at("/Outputs")
                                .has(output.group(2)))
                        .as(output.group())
                        .isTrue());
    }

    @Test
    void everyAlarmStandsThere() {
        Set<String> alarms = STACKS.values().stream()
                .flatMap(template -> Project.yaml(template).at("/Resources").properties().stream())
                .filter(resource -> resource.getValue().at("/Type").asText().equals("AWS::CloudWatch::Alarm"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> named = found(ALARM, document).collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(alarms);
    }

    private static Set<String> all(String section) {
        return STACKS.values().stream()
                .flatMap(template -> names(Project.yaml(template).at("/" + section)))
                .collect(Collectors.toSet());
    }

    private static Stream<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1));
    }
}
