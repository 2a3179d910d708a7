package com.cove.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The templates are what CloudFormation takes, and say nothing of the programs that is not so. */
class TemplatesTest {
    private static final List<String> TEMPLATES =
            List.of("template.yaml", "deploy/fargate.yaml", "deploy/network.yaml");
    /** A text in a filter pattern of CloudWatch Logs, and of which field. */
    private static final Pattern COMPARED = Pattern.compile("\\$\\.(\\w+(?:\\.\\w+)*) !?= \"([^\"]+)\"");

    @TempDir
    private Path folder;

    @Test
    void samFindsNothingInItsTemplateAndSomethingInABrokenOne() throws Exception {
        assertThat(AwsTool.run("sam", "validate", "--lint").output()).contains("is a valid SAM Template");

        Path broken = broken("template.yaml", "Handler: com.cove.api.sync", "Handlr: com.cove.api.sync");
        assertThat(AwsTool.run("sam", "validate", "--lint", "--template", broken.toString())
                        .exitCode())
                .isNotZero();
    }

    @Test
    void anImageHasTheFunctionsOfTheTemplate() throws Exception {
        String image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cove-lambda-api:1.0.0";
        Path written = folder.resolve("image.yaml");
        Process script = new ProcessBuilder("deploy/image-template", image)
                .directory(Project.path("").toFile())
                .redirectOutput(written.toFile())
                .start();
        assertThat(script.waitFor()).isZero();

        assertThat(AwsTool.run("sam", "validate", "--lint", "--template", written.toString())
                        .output())
                .contains("is a valid SAM Template");
        Map<String, JsonNode> functions = functions(new YAMLMapper().readTree(written.toFile()));
        assertThat(functions.values())
                .allSatisfy(properties ->
                        assertThat(properties.at("/ImageUri").asText()).isEqualTo(image));
        assertThat(commands(functions, "/ImageConfig/Command/0"))
                .isNotEmpty()
                .isEqualTo(commands(functions(Project.yaml("template.yaml")), "/Handler"));
    }

    private static Map<String, JsonNode> functions(JsonNode template) {
        return template.at("/Resources").properties().stream()
                .filter(resource -> resource.getValue().at("/Type").asText().equals("AWS::Serverless::Function"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, resource -> resource.getValue().at("/Properties")));
    }

    private static Map<String, String> commands(Map<String, JsonNode> functions, String where) {
        return functions.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        function -> function.getValue().at(where).asText()));
    }

    @Test
    void theLinterFindsNothingInTheTemplatesAndSomethingInEachBrokenOne() throws Exception {
        Set<Path> broken = Set.of(
                broken("template.yaml", "LogGroupName: !Ref FunctionLogs", "LogGroupName: !Ref FunctionLog"),
                broken("deploy/fargate.yaml", "TargetGroupArn: !Ref Hooks", "TargetGroupArn: !Ref Hook"),
                broken("deploy/network.yaml", "DBSubnetGroupName: !Ref", "DBSubnetGroup: !Ref"));
        // One process: most of its time goes into reading what CloudFormation knows.
        List<String> command = new ArrayList<>(List.of("cfn-lint", "--format", "json"));
        command.addAll(TEMPLATES);
        broken.forEach(file -> command.add(file.toString()));

        JsonNode findings = new JsonMapper().readTree(AwsTool.run(command).output());

        Set<String> files = new HashSet<>();
        findings.forEach(finding -> files.add(finding.at("/Filename").asText()));
        assertThat(files).isEqualTo(broken.stream().map(Path::toString).collect(Collectors.toSet()));
    }

    @Test
    void theFunctionsAreGivenVariablesThatTheyRead() throws IOException {
        JsonNode variables = Project.yaml("template.yaml").at("/Globals/Function/Environment/Variables");

        assertThat(names(variables)).isNotEmpty();
        assertThat(notIn(Project.sources("shared-model", "db", "firebase-auth", "lambda-api"), names(variables)))
                .as("the JVM's own alone is read by nothing of ours")
                .containsExactly("JAVA_TOOL_OPTIONS");
    }

    @Test
    void theServersAreGivenVariablesThatTheyRead() throws IOException {
        JsonNode resources = Project.yaml("deploy/fargate.yaml").at("/Resources");
        List<String> given = new ArrayList<>();
        for (String task : List.of("Task", "Migration")) {
            JsonNode container = resources.at("/" + task + "/Properties/ContainerDefinitions/0");
            container.at("/Environment").forEach(variable -> given.add(name(variable)));
            container.at("/Secrets").forEach(variable -> given.add(name(variable)));
        }

        assertThat(given).contains("RDS_MASTER_SECRET_ARN", "HOOK_SECRET", "REDIS_URL", "SOCKET_DRAIN_MS");
        assertThat(notIn(Project.sources("shared-model", "db", "firebase-auth", "socket-server"), given))
                .isEmpty();
    }

    /** A message that was worded anew would never be counted again, and its alarm never go off. */
    @Test
    void whatLogLinesAreCountedByIsWhatIsLogged() throws IOException {
        assertLogged("template.yaml", Project.sources("lambda-api"));
        assertLogged("deploy/fargate.yaml", Project.sources("socket-server", "db"));
    }

    @Test
    void theServersHealthIsAskedForAsTheImageDoes() {
        String dockerfile = Project.text("Dockerfile.socket");
        JsonNode command = Project.yaml("deploy/fargate.yaml")
                .at("/Resources/Task/Properties/ContainerDefinitions/0/HealthCheck/Command");
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(word.asText()));

        assertThat(words.removeFirst()).isEqualTo("CMD");
        assertThat(dockerfile)
                .contains(words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ", "CMD [", "]")));
    }

    @Test
    void fargateWaitsForLongerThanAServerTakesToStop() {
        JsonNode template = Project.yaml("deploy/fargate.yaml");

        int stop = template.at("/Resources/Task/Properties/ContainerDefinitions/0/StopTimeout")
                .asInt();
        assertThat(stop * 1_000)
                .isGreaterThan(template.at("/Parameters/DrainMs/MaxValue").asInt() + 5_000);
    }

    @Test
    void theLoadBalancerIsIdleForLongerThanAHeartbeatAndShorterThanTheServer() {
        JsonNode template = Project.yaml("deploy/fargate.yaml");

        int idle = Integer.parseInt(template.at("/Resources/LoadBalancer/Properties/LoadBalancerAttributes")
                        .valueStream()
                        .filter(attribute -> attribute.at("/Key").asText().equals("idle_timeout.timeout_seconds"))
                        .map(attribute -> attribute.at("/Value").asText())
                        .findFirst()
                        .orElseThrow())
                * 1_000;
        assertThat(idle)
                .isGreaterThan(
                        template.at("/Parameters/PingIntervalMs/MaxValue").asInt());
        assertThat(Project.text("docs/configuration.md")).containsPattern("`SOCKET_HTTP_IDLE_MS` \\|.*\\| 75,000 \\|");
        assertThat(idle).isLessThan(75_000);
    }

    private static void assertLogged(String template, String sources) {
        List<String> compared = Project.yaml(template)
                .at("/Resources")
                .valueStream()
                .filter(resource ->
                        "AWS::Logs::MetricFilter".equals(resource.at("/Type").asText()))
                .map(resource -> resource.at("/Properties/FilterPattern").asText())
                .toList();
        List<String> texts = compared.stream()
                .flatMap(pattern -> COMPARED.matcher(pattern).results())
                // What Lambda itself logs, and levels, stand nowhere in our code.
                .filter(text -> text.group(1).equals("message") || text.group(1).equals("logger"))
                .map(text -> text.group(2))
                .toList();

        assertThat(texts).isNotEmpty();
        assertThat(texts.stream().filter(text -> !text.startsWith("com.cove.")))
                .allSatisfy(text -> assertThat(sources).contains('"' + text + '"'));
        assertThat(texts.stream().filter(text -> text.startsWith("com.cove.")))
                .allSatisfy(name -> assertThat(Class.forName(name).getName()).isEqualTo(name));
    }

    private Path broken(String template, String from, String to) throws IOException {
        String text = Project.text(template);
        assertThat(text).contains(from);
        Path file = folder.resolve(Path.of(template).getFileName().toString());
        return Files.writeString(file, text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** In a condition (Fn::If) a variable is its second part; the reader of YAML leaves out what the tag said. */
    private static String name(JsonNode variable) {
        return (variable.isArray() ? variable.get(1) : variable).at("/Name").asText();
    }

    private static List<String> notIn(String sources, List<String> names) {
        return names.stream()
                .filter(name -> !sources.contains('"' + name + '"'))
                .toList();
    }
}
