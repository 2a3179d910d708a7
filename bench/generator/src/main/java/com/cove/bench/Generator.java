package com.cove.bench;

import com.cove.bench.echo.EchoScenario;
import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.people.StormScenario;
import com.cove.bench.reads.ReadsScenario;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.cove.bench.talk.ReconnectScenario;
import com.cove.bench.talk.SaturateScenario;
import com.cove.bench.talk.ThreadsScenario;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code Generator <scenario> key=value …}; the scenarios and their settings are in bench/generator/README.md. */
public final class Generator {
    private static final Map<String, Kind> SCENARIOS = new TreeMap<>(Map.of(
            "echo", EchoScenario::new,
            "reads", ReadsScenario::new,
            "threads", ThreadsScenario::new,
            "saturate", SaturateScenario::new,
            "reconnect", ReconnectScenario::new,
            "storm", StormScenario::storm,
            "idle", StormScenario::idle));

    private interface Kind {
        Scenario of(Settings settings, Run run, Voice voice) throws Trouble;
    }

    private Generator() {}

    /** Exit code 1, and a sentence, where anything was wrong. */
    public static void main(String[] arguments) throws InterruptedException {
        quickenNetty();
        System.exit(run(List.of(arguments), System.in, System.out, System.err));
    }

    /** Netty's checks of its own users cost as much as our work. */
    static void quickenNetty() {
        System.setProperty("io.netty.leakDetection.level", "disabled");
        System.setProperty("io.netty.buffer.checkBounds", "false");
        System.setProperty("io.netty.buffer.checkAccessible", "false");
    }

    /** Runs it; returns the exit code. */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err)
            throws InterruptedException {
        Voice voice = new Voice(in, out);
        try (Run run = new Run()) {
            voice.result(result(arguments, run, voice));
            return 0;
        } catch (Trouble trouble) {
            err.println(trouble.getMessage());
            return 1;
        }
    }

    private static ObjectNode result(List<String> arguments, Run run, Voice voice)
            throws Trouble, InterruptedException {
        Kind kind = SCENARIOS.get(arguments.isEmpty() ? "" : arguments.getFirst());
        if (kind == null) {
            throw new Trouble("The first argument is one of " + String.join(", ", SCENARIOS.keySet()) + ".");
        }
        ObjectNode result = kind.of(new Settings(arguments.subList(1, arguments.size())), run, voice)
                .run();
        run.check();
        return result;
    }
}
