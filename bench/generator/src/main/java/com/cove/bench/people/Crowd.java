package com.cove.bench.people;

import com.cove.bench.measure.Latencies;
import com.cove.bench.measure.Settings;
import com.cove.bench.measure.ThisProcess;
import com.cove.bench.measure.Trouble;
import com.cove.bench.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** All clients of a run, with their tokens, before they come and after. */
public final class Crowd {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Run run;
    private final Client.Listener listener;
    private final List<Client> clients;
    private final Arrivals arrivals;
    private final int together;

    /**
     * Reads where the server is, whose tokens it believes, and how many come {@code together}; these are the last settings of a
     * scenario. Signs the tokens.
     *
     * @param users whose connections they are, u1 and so on, in turn
     */
    public Crowd(Settings settings, Run run, int connections, int users, Client.Listener listener) throws Trouble {
        this.run = run;
        this.listener = listener;
        Target target = Target.of(settings, run);
        Tokens tokens = new Tokens(settings);
        together = settings.integer("together", 50, 1);
        settings.requireNoOthers();
        ThisProcess.requireFilesFor(connections);
        List<String> signed = IntStream.range(0, Math.min(users, connections))
                .parallel()
                .mapToObj(user -> tokens.of("u" + (user + 1)))
                .toList();
        clients = IntStream.range(0, connections)
                .mapToObj(number -> new Client(target, number, signed.get(number % users), new Guest()))
                .toList();
        arrivals = new Arrivals(clients);
    }

    public List<Client> clients() {
        return clients;
    }

    /** Lets all come, and waits until all were let in. */
    public void connect() throws Trouble, InterruptedException {
        run.onLoop(() -> arrivals.begin(together));
        run.await(
                arrivals.complete(),
                PATIENCE,
                () -> "Not everybody could connect within " + PATIENCE.toMinutes() + " min.");
    }

    /** From the beginning of a TCP connection until the server has let the client in. */
    public Latencies latencies() {
        return arrivals.latencies();
    }

    private final class Guest implements Client.Listener {
        @Override
        public void ready(Client client) {
            arrivals.ready(client);
            listener.ready(client);
        }

        @Override
        public void event(Client client, byte[] bytes, int from, int to) {
            listener.event(client, bytes, from, to);
        }

        @Override
        public void acknowledged(Client client, long id, byte[] bytes, int from, int to) {
            listener.acknowledged(client, id, bytes, from, to);
        }

        @Override
        public void gone(Client client, String reason) {
            listener.gone(client, reason);
        }
    }
}
