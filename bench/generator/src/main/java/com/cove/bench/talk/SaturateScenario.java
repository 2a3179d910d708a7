package com.cove.bench.talk;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Tally;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.people.Crowd;
import com.cove.bench.people.Groups;
import com.cove.bench.run.Measurement;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * {@code saturate}: the highest rate at which the server keeps up, which is to deliver 99 of 100 messages within so many
 * milliseconds, and nearly all in time. Everybody stays connected while rates are tried: doubled until one is too high, then halved
 * between the highest that was held and the lowest that was not. Too high is what was not held twice: a disk that stalls for a moment is not the server's limit.
 */
public final class SaturateScenario implements Scenario {
    /** Of what fell due, for a rate to count as held. */
    private static final double SHARE = 0.95;
    /** As many messages under way as fall due in that time are too many for any limit below it. */
    private static final double BACKLOG_SECONDS = 1;

    private static final double LEAST_RATE = 1;

    private final Run run;
    private final Voice voice;
    private final Talk talk;
    private final Crowd crowd;
    private final double from;
    private final double to;
    private final double precision;
    private final double limitMillis;
    private final double warmUp;
    private final double settle;
    private final double seconds;
    private final Duration drain;
    private final ArrayNode steps = Voice.object().putArray("steps");
    private ObjectNode best = Voice.object();

    public SaturateScenario(Settings settings, Run run, Voice voice) throws Trouble {
        this.run = run;
        this.voice = voice;
        from = settings.positive("from", 500);
        to = settings.positive("to", 200_000);
        precision = settings.positive("precision", 0.05);
        limitMillis = settings.positive("limit", 200);
        warmUp = settings.positive("warmup", 5);
        settle = settings.positive("settle", 1);
        seconds = settings.positive("seconds", 5);
        drain = Duration.ofSeconds(settings.integer("drain", 60, 1));
        Groups groups = Groups.of(settings);
        talk = new Talk(settings, groups, groups.size(), run);
        crowd = new Crowd(settings, run, groups.members(), groups.members(), new Members(run, talk));
        talk.among(crowd.clients());
    }

    @Override
    public ObjectNode run() throws Trouble, InterruptedException {
        crowd.connect();
        voice.at("connected");
        new Measurement(run, talk.tally(), warmUp, settle, drain)
                .take(new OpenLoop(talk, run, from), Measurement.Observer.NOBODY);
        voice.at("warm");
        long cpu = ThisProcess.nanos();
        double held = search();
        ObjectNode result = Voice.object().put("scenario", "saturate").put("rate", held);
        result.set("best", best);
        result.set("steps", steps);
        return result.put("cpuSeconds", ThisProcess.secondsSince(cpu));
    }

    private double search() throws Trouble, InterruptedException {
        double low = 0;
        double high = from;
        while (high <= to && holds(high)) {
            low = high;
            high = 2 * high;
        }
        if (low == 0) {
            low = fallBack();
            high = low == 0 ? 0 : 2 * low;
        }
        while (high <= to && high - low > low * precision) {
            double middle = (low + high) / 2;
            if (holds(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first rate was too high: down to one that is held; 0 where there is none. */
    private double fallBack() throws Trouble, InterruptedException {
        for (double rate = from / 2; rate >= LEAST_RATE; rate /= 2) {
            if (holds(rate)) {
                return rate;
            }
        }
        return 0;
    }

    private boolean holds(double rate) throws Trouble, InterruptedException {
        boolean held = heldOnce(rate);
        return held || heldOnce(rate);
    }

    private boolean heldOnce(double rate) throws Trouble, InterruptedException {
        OpenLoop pace = new OpenLoop(talk, run, rate, BACKLOG_SECONDS);
        double cpu = new Measurement(run, talk.tally(), settle, seconds, drain).take(pace, Measurement.Observer.NOBODY);
        Tally tally = talk.tally();
        boolean held = !pace.gaveUp()
                && tally.rate() >= SHARE * rate
                && tally.deliveries().millisAt(99) <= limitMillis;
        steps.addObject()
                .put("rate", rate)
                .put("held", held)
                .put("acknowledged", tally.rate())
                .put("p50", tally.deliveries().millisAt(50))
                .put("p99", tally.deliveries().millisAt(99));
        voice.at("%s %.0f".formatted(held ? "held" : "not held", rate));
        if (held) {
            best = tally.json().put("cpuSeconds", cpu);
        }
        return held;
    }
}
