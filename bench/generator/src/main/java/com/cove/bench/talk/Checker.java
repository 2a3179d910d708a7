package com.cove.bench.talk;

import com.cove.bench.content.MessageText;
import com.cove.bench.measure.Tally;
import com.cove.bench.people.Groups;
import com.cove.bench.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Whether everybody gets exactly what was sent: each member each message of their thread, the sender included, once, in the order of
 * seq without a gap, with the content that was sent, and the same message under the same seq as everybody else.
 */
final class Checker {
    private static final byte[] NEW_MESSAGE = "[\"new_message\",".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "[{\"ok\":true".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_QUOTED = 200;

    private final Groups groups;
    private final Flights flights;
    private final Tally tally;
    private final Run run;
    private final TalkObserver observer;
    private final MessageText message = new MessageText();
    private final byte[][] ids;
    /** By member: the seq of the last message; 0 before the first. */
    private final long[] lastSeq;
    /** By thread: the seq of the first message of this run, which is everybody's first. */
    private final long[] firstSeq;

    Checker(Groups groups, Flights flights, Tally tally, Run run, TalkObserver observer) {
        this.groups = groups;
        this.flights = flights;
        this.tally = tally;
        this.run = run;
        this.observer = observer;
        ids = new byte[groups.threads()][];
        Arrays.setAll(ids, Groups::id);
        lastSeq = new long[groups.members()];
        firstSeq = new long[groups.threads()];
    }

    byte[] idOf(int thread) {
        return ids[thread];
    }

    /** An event of the server; any but {@code new_message} is of no interest, and false. */
    boolean event(int member, byte[] bytes, int from, int to, long now) {
        if (!startsWith(NEW_MESSAGE, bytes, from, to)) {
            return false;
        }
        if (!message.read(bytes, from + NEW_MESSAGE.length, to)) {
            wrong(member, "got something else than a message that was sent: " + quoted(bytes, from, to));
        } else if (!message.isOf(ids[groups.threadOf(member)])) {
            wrong(member, "got message " + message.number() + " of a thread that is not theirs");
        } else if (isNext(member) && isExpected(member)) {
            delivered(member, now);
        }
        return true;
    }

    private boolean isNext(int member) {
        int thread = groups.threadOf(member);
        long seq = message.seq();
        if (firstSeq[thread] == 0) {
            firstSeq[thread] = seq;
        }
        long expected = lastSeq[member] == 0 ? firstSeq[thread] : lastSeq[member] + 1;
        if (seq != expected) {
            wrong(
                    member,
                    "got seq %d of thread %d where %d was next: %s"
                            .formatted(
                                    seq,
                                    thread + 1,
                                    expected,
                                    seq < expected ? "it came twice" : "something is missing"));
        }
        return seq == expected;
    }

    private boolean isExpected(int member) {
        long number = message.number();
        if (!flights.isOpen(number) || groups.threadOf(flights.sender(number)) != groups.threadOf(member)) {
            return wrong(member, "got message " + number + ", which nobody has on its way to them");
        }
        return flights.agrees(number, message.seq())
                || wrong(member, "got message " + number + " as another seq than others: " + message.seq());
    }

    private void delivered(int member, long now) {
        long number = message.number();
        lastSeq[member] = message.seq();
        if (!flights.delivered(number)) {
            wrong(member, "got message " + number + " that all had");
        }
        tally.delivered(flights.due(number), now);
        observer.delivered(member, flights.due(number));
        endIfDone(number);
    }

    /** The acknowledgement of the message of that number. */
    void acknowledged(int member, long number, byte[] bytes, int from, int to, long now) {
        if (!flights.isOpen(number) || flights.sender(number) != member || flights.isAcknowledged(number)) {
            wrong(member, "got an acknowledgement of message " + number + " for which nobody waits");
        } else if (!startsWith(OK, bytes, from, to)) {
            refused(member, number, quoted(bytes, from, to));
        } else if (!message.read(bytes, from, to) || message.number() != number || !isRight(member, number)) {
            wrong(member, "got as acknowledgement of message " + number + ": " + quoted(bytes, from, to));
        } else {
            flights.acknowledge(number);
            tally.acknowledged(flights.due(number), now);
            observer.acknowledged(member, number);
            endIfDone(number);
        }
    }

    private void refused(int member, long number, String answer) {
        boolean passes = answer.contains("\"unavailable\"") || answer.contains("\"rate_limited\"");
        if (!passes || !observer.refused(member, number)) {
            wrong(member, "was refused message " + number + ": " + answer);
        }
    }

    private boolean isRight(int member, long number) {
        return message.isOf(ids[groups.threadOf(member)]) && flights.agrees(number, message.seq());
    }

    private void endIfDone(long number) {
        if (flights.endIfDone(number)) {
            observer.done();
        }
    }

    private boolean wrong(int member, String what) {
        run.fail(Groups.user(member) + " " + what + ".");
        return false;
    }

    private static boolean startsWith(byte[] start, byte[] bytes, int from, int to) {
        return to - from >= start.length && Arrays.equals(bytes, from, from + start.length, start, 0, start.length);
    }

    private static String quoted(byte[] bytes, int from, int to) {
        return new String(bytes, from, Math.min(to - from, MAX_QUOTED), StandardCharsets.UTF_8);
    }

    /** What is still under way, for whoever has waited long enough. */
    String describeMissing() {
        long number = flights.first();
        String thread = "of thread " + (groups.threadOf(flights.sender(number)) + 1);
        return flights.isAcknowledged(number)
                ? "Message %d %s was acknowledged and did not reach %d of %d members; %d messages are under way."
                        .formatted(number, thread, flights.missing(number), groups.size(), flights.open())
                : "Message %d %s was never acknowledged; %d messages are under way."
                        .formatted(number, thread, flights.open());
    }
}
