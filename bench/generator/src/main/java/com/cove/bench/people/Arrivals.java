package com.cove.bench.people;

import com.cove.bench.measure.Latencies;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Lets people come, so many at a time: the next begins when one is let in. */
public final class Arrivals {
    private final List<Client> clients;
    private final Latencies latencies = new Latencies();
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private int begun;
    private int arrived;

    public Arrivals(List<Client> clients) {
        this.clients = clients;
    }

    public void begin(int together) {
        for (int i = 0; i < together; i++) {
            next();
        }
    }

    private void next() {
        if (begun < clients.size()) {
            clients.get(begun++).connect();
        }
    }

    /** To be called by whoever listens to the clients. */
    public void ready(Client client) {
        if (arrived == clients.size()) {
            return; // one that comes back
        }
        latencies.record(System.nanoTime() - client.startedNanos());
        if (++arrived == clients.size()) {
            complete.complete(null);
        }
        next();
    }

    /** Done once all are there. */
    public CompletableFuture<Void> complete() {
        return complete;
    }

    /** From the beginning of the TCP connection until the server has let the client in. */
    public Latencies latencies() {
        return latencies;
    }
}
