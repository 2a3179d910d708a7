package com.cove.bench.reads;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Tally;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.run.Measurement;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

/** {@code reads}: requests of one kind to the REST side, so many under way, each on a connection of its own. */
public final class ReadsScenario implements Scenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Run run;
    private final Voice voice;
    private final InetSocketAddress target;
    private final String kind;
    private final int window;
    private final Tally tally = new Tally();
    private final Measurement measurement;
    private final Source source;

    /** Where the questions come from; to make them may take calls of its own. */
    private interface Source {
        Supplier<Question> questions() throws Trouble, InterruptedException;
    }

    public ReadsScenario(Settings settings, Run run, Voice voice) throws Trouble {
        this.run = run;
        this.voice = voice;
        String base = settings.text("http", "http://127.0.0.1:3000");
        target = address(base);
        kind = settings.text("kind", "history");
        window = settings.integer("window", 16, 1);
        measurement = new Measurement(
                run,
                tally,
                settings.positive("warmup", 5),
                settings.positive("seconds", 10),
                Duration.ofSeconds(settings.integer("drain", 30, 1)));
        Readers readers = new Readers(settings);
        if (kind.equals("sync")) {
            source = new Syncs(settings, base, readers)::prepare;
        } else {
            Supplier<Question> questions = Questions.of(kind, settings, readers);
            source = () -> questions;
        }
        settings.requireNoOthers();
        ThisProcess.requireFilesFor(window);
    }

    private static InetSocketAddress address(String base) throws Trouble {
        try {
            URI uri = URI.create(base);
            return new InetSocketAddress(uri.getHost(), uri.getPort());
        } catch (IllegalArgumentException e) {
            throw new Trouble("http must be an address such as http://127.0.0.1:3000.");
        }
    }

    @Override
    public ObjectNode run() throws Trouble, InterruptedException {
        Asking asking = new Asking(source.questions(), tally, window);
        run.onLoop(() -> asking.connect((index, owner) -> new Lane(run, target, index, owner)));
        run.await(asking.complete(), PATIENCE, () -> "Not every connection opened.");
        voice.at("connected");
        double cpuSeconds = measurement.take(asking, Measurement.Observer.aloud(voice));
        ObjectNode result = Voice.object().put("scenario", "reads").put("kind", kind);
        result.setAll(tally.requestsJson());
        return result.put("bytesEach", asking.bytesEach()).put("cpuSeconds", cpuSeconds);
    }
}
