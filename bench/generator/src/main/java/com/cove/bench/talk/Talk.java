package com.cove.bench.talk;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Tally;
import com.cove.bench.measure.Trouble;
import com.cove.bench.people.Client;
import com.cove.bench.people.Groups;
import com.cove.bench.run.Run;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The messages of one run: each is numbered and sent by somebody, and its acknowledgement and deliveries are checked. */
final class Talk {
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Groups groups;
    private final Flights flights = new Flights();
    private final Tally tally = new Tally();
    private final Checker checker;
    private final SendPacket packet;
    private final SplittableRandom random;
    private final Run run;
    /** How many get each message. */
    private final int copies;

    private List<Client> clients = List.of();
    private TalkObserver observer = new TalkObserver() {};
    private long sent;

    /**
     * Reads {@code seed} and {@code ids}.
     *
     * @param copies how many get each message: all members, or 0 where only acknowledgements are looked at
     */
    Talk(Settings settings, Groups groups, int copies, Run run) throws Trouble {
        this.copies = copies;
        this.groups = groups;
        this.run = run;
        random = new SplittableRandom(settings.integer("seed", 1, 0));
        packet = new SendPacket(settings.flag("ids", true));
        checker = new Checker(groups, flights, tally, run, new Relay());
    }

    /** Those who talk, by their number. */
    void among(List<Client> people) {
        clients = people;
    }

    /** From now on this one is told, and no other. */
    void tell(TalkObserver next) {
        observer = next;
    }

    /** Somebody sends a message that was due then: the latencies count from there. */
    void say(long due) {
        say(random.nextInt(clients.size()), due);
    }

    /** That member does; returns the number of the message. */
    long say(int sender, long due) {
        long number = ++sent;
        if (!flights.begin(number, due, sender, copies)) {
            run.fail("More than %d messages are under way: the server does not keep up.".formatted(Flights.MAX));
            return number;
        }
        tally.sent(System.nanoTime());
        repeat(number);
        return number;
    }

    /** Sends that message as it was sent before. */
    void repeat(long number) {
        int sender = flights.sender(number);
        packet.send(clients.get(sender), number, checker.idOf(groups.threadOf(sender)));
    }

    /** Sends it again as a client does that was told to, if it is still wanted then. */
    void repeatLater(long number) {
        run.after(REPEAT_NANOS, () -> {
            if (flights.isOpen(number)
                    && !flights.isAcknowledged(number)
                    && clients.get(flights.sender(number)).isReady()) {
                repeat(number);
            }
        });
    }

    /** False where it was no message. */
    boolean event(Client client, byte[] bytes, int from, int to) {
        return checker.event(client.number(), bytes, from, to, System.nanoTime());
    }

    void acknowledged(Client client, long number, byte[] bytes, int from, int to) {
        checker.acknowledged(client.number(), number, bytes, from, to, System.nanoTime());
    }

    Tally tally() {
        return tally;
    }

    Flights flights() {
        return flights;
    }

    String describeMissing() {
        return checker.describeMissing();
    }

    private final class Relay implements TalkObserver {
        @Override
        public void delivered(int member, long due) {
            observer.delivered(member, due);
        }

        @Override
        public void acknowledged(int sender, long number) {
            observer.acknowledged(sender, number);
        }

        @Override
        public void done() {
            observer.done();
        }

        @Override
        public boolean refused(int sender, long number) {
            return observer.refused(sender, number);
        }
    }
}
