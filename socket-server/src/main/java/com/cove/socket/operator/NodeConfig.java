package com.cove.socket.operator;

import com.cove.model.config.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this node is called, where operators see it.
 *
 * @param name the host's
 * @param task the id of the ECS task; empty elsewhere
 * @param version of the program
 */
public record NodeConfig(String name, String task, String version) {
    /** {@code http://169.254.170.2/v4/<task>-<container>}. On EC2 hosts, where the path names a container only, there is none. */
    private static final Pattern TASK = Pattern.compile(".*/([0-9a-f]{32})-[0-9]+");

    /** Reads the settings; whatever is not there is left out. */
    public static NodeConfig from(Environment env) {
        return new NodeConfig(
                env.text("HOSTNAME").orElseGet(NodeConfig::host),
                env.text("ECS_CONTAINER_METADATA_URI_V4")
                        .flatMap(NodeConfig::task)
                        .orElse(""),
                env.text("SOCKET_VERSION").or(NodeConfig::jarVersion).orElse("development"));
    }

    /** Shells keep {@code HOSTNAME} to themselves. No look at a name server, as Java's own way would take. */
    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    private static Optional<String> task(String metadata) {
        Matcher task = TASK.matcher(metadata);
        return task.matches() ? Optional.of(task.group(1)) : Optional.empty();
    }

    private static Optional<String> jarVersion() {
        return Optional.ofNullable(NodeConfig.class.getPackage().getImplementationVersion());
    }
}
