package com.cove.bench.talk;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.people.Crowd;
import com.cove.bench.people.Groups;
import com.cove.bench.run.Measurement;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** {@code threads}: people of many direct threads, or of groups, write to each other. */
public final class ThreadsScenario implements Scenario {
    private final Voice voice;
    private final Crowd crowd;
    private final Measurement measurement;
    private final Pace pace;
    private final boolean waits;

    public ThreadsScenario(Settings settings, Run run, Voice voice) throws Trouble {
        this.voice = voice;
        Groups groups = Groups.of(settings);
        Talk talk = new Talk(settings, groups, groups.size(), run);
        measurement = new Measurement(
                run,
                talk.tally(),
                settings.positive("warmup", 5),
                settings.positive("seconds", 10),
                Duration.ofSeconds(settings.integer("drain", 30, 1)));
        pace = settings.text("rate").isPresent()
                ? new OpenLoop(talk, run, settings.positive("rate", 1))
                : new ClosedLoop(talk, settings.integer("window", 64, 1));
        waits = settings.flag("wait", false);
        crowd = new Crowd(settings, run, groups.members(), groups.members(), new Members(run, talk));
        talk.among(crowd.clients());
    }

    @Override
    public ObjectNode run() throws Trouble, InterruptedException {
        crowd.connect();
        voice.at("connected");
        if (waits) {
            voice.awaitGo();
        }
        double cpuSeconds = measurement.take(pace, Measurement.Observer.aloud(voice));
        ObjectNode result = Voice.object().put("scenario", "threads");
        result.setAll(measurement.tally().json());
        return result.put("cpuSeconds", cpuSeconds);
    }
}
