package com.cove.bench.talk;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.people.Arrivals;
import com.cove.bench.people.Client;
import com.cove.bench.people.Target;
import com.cove.bench.people.Tokens;
import com.cove.bench.wire.Run;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** All members of all threads, connected, each once: nobody may leave before the end. */
final class Gathering implements Client.Listener {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Run run;
    private final Talk talk;
    private final Arrivals arrivals;
    private final int together;

    /** Reads where the server is, whose tokens it believes, and {@code together}. */
    Gathering(Settings settings, Run run, Groups groups, Talk talk) throws Trouble {
        this.run = run;
        this.talk = talk;
        Target target = Target.of(settings, run);
        Tokens tokens = new Tokens(settings);
        together = settings.integer("together", 50, 1);
        settings.requireNoOthers();
        ThisProcess.requireFilesFor(groups.members());
        List<Client> clients = IntStream.range(0, groups.members())
                .parallel()
                .mapToObj(member -> new Client(target, member, tokens.of(Groups.user(member)), this))
                .toList();
        arrivals = new Arrivals(clients);
        talk.among(clients);
    }

    void connect() throws Trouble, InterruptedException {
        run.onLoop(() -> arrivals.begin(together));
        run.await(arrivals.complete(), PATIENCE, "Not everybody could connect within " + PATIENCE.toSeconds() + " s.");
    }

    @Override
    public void ready(Client client) {
        arrivals.ready(client);
    }

    @Override
    public void event(Client client, byte[] bytes, int from, int to) {
        talk.event(client, bytes, from, to);
    }

    @Override
    public void acknowledged(Client client, long id, byte[] bytes, int from, int to) {
        talk.acknowledged(client, id, bytes, from, to);
    }

    @Override
    public void gone(Client client, String reason) {
        run.fail(client.describe() + " is gone: " + reason + ".");
    }
}
