package com.cove.bench.talk;

import com.cove.bench.people.Client;
import com.cove.bench.run.Run;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A few people who write while connections break: who is connected goes on, and who comes back sends again what was not
 * acknowledged, under the same clientMessageId. On the event loop.
 */
final class Senders implements TalkObserver {
    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;
    /** Somebody who waits for so many answers writes nothing more. */
    private static final int MAX_WAITING = 20;

    private final Run run;
    private final Talk talk;
    private final List<Client> clients;
    private final long intervalNanos;
    private final SplittableRandom random = new SplittableRandom(1);
    /** By sender: when each message that is not acknowledged was last sent, by number. */
    private final Map<Integer, Map<Long, Long>> waiting = new HashMap<>();

    private final List<Integer> members;
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private long countFrom = Long.MAX_VALUE;
    private long slowest;
    private long sent;
    private long refused;
    private boolean stopped;

    /** @param members who they are */
    Senders(Run run, Talk talk, List<Client> clients, List<Integer> members, double rate) {
        this.run = run;
        this.talk = talk;
        this.clients = clients;
        this.members = members;
        intervalNanos = (long) (NANOS / rate);
    }

    void begin() {
        talk.tell(this);
        tick();
    }

    private void tick() {
        if (stopped) {
            return;
        }
        int sender = members.get(random.nextInt(members.size()));
        Map<Long, Long> own = waitingOf(sender);
        if (clients.get(sender).isReady() && own.size() < MAX_WAITING) {
            long now = System.nanoTime();
            own.put(talk.say(sender, now), now);
            sent++;
        }
        run.after(intervalNanos, this::tick);
    }

    private Map<Long, Long> waitingOf(int sender) {
        return waiting.computeIfAbsent(sender, member -> new HashMap<>());
    }

    /** Somebody is back. */
    void back(Client client) {
        Map<Long, Long> own = waitingOf(client.number());
        own.keySet().stream().sorted().forEach(talk::repeat);
        own.replaceAll((number, before) -> System.nanoTime());
    }

    @Override
    public void acknowledged(int sender, long number) {
        Long sentAt = waitingOf(sender).remove(number);
        if (sentAt != null && sentAt - countFrom >= 0) {
            slowest = Math.max(slowest, System.nanoTime() - sentAt);
        }
    }

    @Override
    public void done() {
        if (stopped && talk.flights().open() == 0) {
            quiet.complete(null);
        }
    }

    /** What it took counts from when it was first asked for: to be refused is no answer. */
    @Override
    public boolean refused(int sender, long number) {
        refused++;
        talk.repeatLater(number);
        return true;
    }

    /** From now on the slowest counts. */
    void count(long fromNanos) {
        countFrom = fromNanos;
    }

    /** Nothing more is sent; done once everything is acknowledged and with everybody. */
    CompletableFuture<Void> stop() {
        stopped = true;
        done();
        return quiet;
    }

    /** The longest that an acknowledgement took which was asked for since it counts; from the last time it was sent. */
    double slowestMillis() {
        return slowest / MILLION;
    }

    /** Answers that told to try again. */
    long refused() {
        return refused;
    }

    long sent() {
        return sent;
    }
}
