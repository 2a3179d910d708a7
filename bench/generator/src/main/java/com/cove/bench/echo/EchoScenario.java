package com.cove.bench.echo;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Tally;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.run.Measurement;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.cove.bench.wire.Received;
import com.cove.bench.wire.Upgrade;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;

/** {@code echo}: frames to a server that sends each back, so many under way. */
public final class EchoScenario implements Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Run run;
    private final Voice voice;
    private final Echoes echoes;
    private final Measurement measurement;

    public EchoScenario(Settings settings, Run run, Voice voice) throws Trouble {
        this.run = run;
        this.voice = voice;
        InetSocketAddress target =
                new InetSocketAddress(settings.text("host", "127.0.0.1"), settings.integer("port", 3001, 1));
        Tally tally = new Tally();
        measurement = new Measurement(
                run,
                tally,
                settings.positive("warmup", 5),
                settings.positive("seconds", 10),
                Duration.ofSeconds(settings.integer("drain", 30, 1)));
        int connections = settings.integer("connections", 400, 1);
        int window = settings.integer("window", 64, 1);
        Upgrade upgrade = new Upgrade(target, settings.text("path", "/"));
        settings.requireNoOthers();
        ThisProcess.requireFilesFor(connections);
        if (window > connections) {
            throw new Trouble("window must be no more than connections: each has one frame under way.");
        }
        echoes = new Echoes(run, tally, window);
        Received received = new Received();
        for (int i = 0; i < connections; i++) {
            echoes.add(new Caller(run, target, upgrade, received, i, echoes));
        }
    }

    @Override
    public ObjectNode run() throws Trouble, InterruptedException {
        run.onLoop(echoes::connect);
        run.await(echoes.connected(), PATIENCE, () -> "Not every websocket opened.");
        voice.at("connected");
        double cpuSeconds = measurement.take(echoes, Measurement.Observer.aloud(voice));
        ObjectNode result = Voice.object().put("scenario", "echo");
        result.setAll(measurement.tally().json());
        return result.put("cpuSeconds", cpuSeconds);
    }
}
