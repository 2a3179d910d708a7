package com.cove.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * A function as it is deployed: what runs, with which options of its JVM and which variables.
 *
 * @param handler as {@code template.yaml} names it
 */
record Function(String handler, List<String> options, Map<String, String> variables) {
    private static final Path TASK = unpacked();
    /** As Lambda's Java runtime sets them. */
    private static final List<String> JVM =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx512m");

    static Function of(String handler, World world) {
        return new Function(handler, world.options(), world.variables());
    }

    Function with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Function(handler, options, more);
    }

    Function without(String variable) {
        Map<String, String> fewer = new HashMap<>(variables);
        fewer.remove(variable);
        return new Function(handler, options, fewer);
    }

    Function with(String option) {
        return new Function(
                handler, Stream.concat(options.stream(), Stream.of(option)).toList(), variables);
    }

    /**
     * Starts it.
     *
     * @param wrapper a program that starts it, with its arguments; or none
     */
    FunctionProcess start(List<String> wrapper, Map<String, String> more) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(options);
        command.addAll(List.of("-cp", runtime(), AWSLambda.class.getName(), handler));
        ProcessBuilder process = new ProcessBuilder(command);
        process.directory(TASK.toFile());
        process.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.equals("JAVA_TOOL_OPTIONS"));
        process.environment()
                .putAll(Map.of(
                        "LAMBDA_TASK_ROOT", TASK.toString(),
                        "_HANDLER", handler,
                        "AWS_LAMBDA_FUNCTION_NAME", "function",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_FORMAT", "JSON",
                        "AWS_REGION", "eu-central-1"));
        process.environment().putAll(variables);
        process.environment().putAll(more);
        return new FunctionProcess(process.redirectErrorStream(true).start());
    }

    /** The runtime's own jars, without anything of ours. */
    private static String runtime() {
        return Stream.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(Function::jar)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@code sam build} packs it (lambda-api/Makefile) and Lambda unpacks it: the jar in {@code lib}. */
    private static Path unpacked() {
        Path jar = Path.of("..", "lambda-api", "target", "lambda-api.jar").toAbsolutePath();
        Path task = Path.of("target", "lambda-task").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "lambda-api/target/lambda-api.jar is missing: bin/mvn25 -pl lambda-api -am -DskipTests package");
        }
        try {
            Files.createDirectories(task.resolve("lib"));
            Files.copy(jar, task.resolve("lib/lambda-api.jar"), StandardCopyOption.REPLACE_EXISTING);
            return task;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
