package com.cove.bench.talk;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.measure.Voice;
import com.cove.bench.people.Client;
import com.cove.bench.people.Crowd;
import com.cove.bench.people.Groups;
import com.cove.bench.people.Probe;
import com.cove.bench.people.Target;
import com.cove.bench.run.Run;
import com.cove.bench.run.Scenario;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * {@code reconnect}: while many are connected and a few write, somebody else ends the server and starts it again; everybody comes
 * back by themselves, and must get exactly what they missed.
 */
public final class ReconnectScenario implements Scenario {
    private static final double NANOS = 1e9;
    private static final int FIRST_MESSAGES_AT_A_TIME = 50;
    private static final Duration FIRST_MESSAGES = Duration.ofMinutes(2);

    private final Run run;
    private final Voice voice;
    private final Groups groups;
    private final boolean recovery;
    private final Duration patience;
    private final Talk talk;
    private final Crowd crowd;
    private final Senders senders;
    private final Comebacks comebacks;
    private volatile boolean begun;

    public ReconnectScenario(Settings settings, Run run, Voice voice) throws Trouble {
        this.run = run;
        this.voice = voice;
        groups = Groups.of(settings);
        recovery = settings.flag("recovery", true);
        patience = Duration.ofSeconds(settings.integer("patience", 120, 1));
        talk = new Talk(settings, groups, recovery ? groups.size() : 0, run);
        int writing = Math.min(groups.threads(), settings.integer("senders", 20, 1));
        double rate = settings.positive("rate", 20);
        Probe probe = new Probe(run, Target.of(settings, run).address(), this::portAnswers);
        comebacks = new Comebacks(run, groups.members(), probe);
        crowd = new Crowd(settings, run, groups.members(), groups.members(), new Everybody());
        talk.among(crowd.clients());
        senders = new Senders(run, talk, crowd.clients(), spread(writing), rate);
    }

    /** So many threads, evenly: of each the first member. */
    private List<Integer> spread(int writing) {
        return IntStream.range(0, writing)
                .map(i -> groups.firstMemberOf((int) ((long) i * groups.threads() / writing)))
                .boxed()
                .toList();
    }

    @Override
    public ObjectNode run() throws Trouble, InterruptedException {
        crowd.connect();
        CompletableFuture<Void> known = new CompletableFuture<>();
        run.onLoop(() -> new FirstMessages(talk, groups, known).begin(FIRST_MESSAGES_AT_A_TIME));
        run.await(known, FIRST_MESSAGES, () -> "The first message of each thread did not reach everybody.");
        begun = true;
        run.onLoop(senders::begin);
        voice.at("connected");
        long cpu = ThisProcess.nanos();
        run.await(comebacks.complete(), patience, comebacks::describeMissing);
        double secondsUntilAll = (System.nanoTime() - comebacks.answersNanos()) / NANOS;
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        run.onLoop(() -> senders.stop().thenRun(() -> quiet.complete(null)));
        run.await(quiet, patience, talk::describeMissing);
        return result(secondsUntilAll).put("cpuSeconds", ThisProcess.secondsSince(cpu));
    }

    private ObjectNode result(double secondsUntilAll) {
        ObjectNode result = Voice.object().put("scenario", "reconnect");
        result.put("back", groups.members());
        result.put("recovered", comebacks.recovered());
        result.put("missed", 0);
        result.put("secondsUntilAll", secondsUntilAll);
        result.put("secondsUntilComplete", (System.nanoTime() - comebacks.answersNanos()) / NANOS);
        result.put("sends", senders.sent());
        result.put("refused", senders.refused());
        result.put("sendsMax", senders.slowestMillis());
        result.set("latency", comebacks.latencies().json());
        return result;
    }

    private void portAnswers() {
        comebacks.portAnswers();
        senders.count(System.nanoTime());
        voice.at("answers");
    }

    private final class Everybody implements Client.Listener {
        @Override
        public void ready(Client client) {
            if (begun) {
                comebacks.back(client);
                senders.back(client);
            }
        }

        @Override
        public void event(Client client, byte[] bytes, int from, int to) {
            client.former().event(bytes, from, to);
            if (recovery) {
                talk.event(client, bytes, from, to);
            }
        }

        @Override
        public void acknowledged(Client client, long id, byte[] bytes, int from, int to) {
            talk.acknowledged(client, id, bytes, from, to);
        }

        @Override
        public void gone(Client client, String reason) {
            if (begun) {
                comebacks.gone(client);
            } else {
                run.fail(client.describe() + " is gone: " + reason + ".");
            }
        }
    }
}
