package com.cove.bench.people;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code storm} and {@code idle}: many connect, each with a token; of {@code idle} they stay, and answer heartbeats. */
public final class StormScenario implements Scenario {
    private static final double NANOS = 1e9;

    private final Voice voice;
    private final Crowd crowd;
    private final boolean stays;
    private final boolean waits;

    private StormScenario(Settings settings, Run run, Voice voice, boolean stays) throws Trouble {
        this.voice = voice;
        this.stays = stays;
        int connections = settings.integer("connections", 1_000, 1);
        int users = settings.integer("users", connections, 1);
        waits = settings.flag("wait", false);
        crowd = new Crowd(settings, run, connections, users, new Staying(run));
    }

    public static StormScenario storm(Settings settings, Run run, Voice voice) throws Trouble {
        return new StormScenario(settings, run, voice, false);
    }

    public static StormScenario idle(Settings settings, Run run, Voice voice) throws Trouble {
        return new StormScenario(settings, run, voice, true);
    }

    @Override
    public ObjectNode run() throws Trouble, InterruptedException {
        voice.at("signed");
        if (waits) {
            voice.awaitGo();
        }
        long cpu = ThisProcess.nanos();
        long began = System.nanoTime();
        crowd.connect();
        double seconds = (System.nanoTime() - began) / NANOS;
        ObjectNode result = Voice.object().put("scenario", stays ? "idle" : "storm");
        result.put("ready", crowd.clients().size());
        result.put("seconds", seconds);
        result.put("rate", crowd.clients().size() / seconds);
        result.set("latency", crowd.latencies().json());
        result.put("cpuSeconds", ThisProcess.secondsSince(cpu));
        return stays ? result.setAll(stay()) : result;
    }

    private ObjectNode stay() throws Trouble {
        voice.at("connected");
        long cpu = ThisProcess.nanos();
        long began = System.nanoTime();
        voice.awaitGo();
        return Voice.object()
                .put("idleSeconds", (System.nanoTime() - began) / NANOS)
                .put("pings", crowd.clients().stream().mapToLong(Client::pings).sum())
                .put("idleCpuSeconds", ThisProcess.secondsSince(cpu));
    }
}
