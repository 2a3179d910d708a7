package com.cove.socket.nodes;

import com.cove.model.event.Change;
import com.cove.model.event.ServerEvent.MessageRead;
import com.cove.model.event.ServerEvent.NewMessage;
import com.cove.model.event.ServerEvent.Stored;
import com.cove.model.event.ServerEvent.ThreadCreated;
import com.cove.model.hook.Delivery;
import com.cove.model.json.Json;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ChatThread;
import com.cove.model.thread.MemberRole;
import com.cove.model.thread.Participant;
import com.cove.model.thread.ThreadId;
import com.cove.model.thread.ThreadKind;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import com.cove.socket.transport.OutboundEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * What a hint costs the node that tells it and the one that is told, from the stored event to a frame and from the text that
 * Redis brings to a frame: with the payload as finished JSON, and as it was before, bound to types and encoded anew. Both in turn,
 * medians of {@link #ROUNDS}; docs/adr/0017-hints-between-nodes.md has the numbers. Its class path is that of the tests:
 *
 * <pre>
 * bin/mvn25 -q -pl socket-server -am test-compile dependency:build-classpath -Dmdep.outputFile=/tmp/classpath
 * cd socket-server; java -cp target/test-classes:target/classes:$(cat /tmp/classpath) com.cove.socket.nodes.HintCost
 * </pre>
 */
public final class HintCost {
    private static final int ROUNDS = 31;
    private static final long ROUND_NS = 60_000_000;
    private static final String OFFSET = "01234567.3d.0~AAAAAAAAAAIAAAAAAAAAAgS3";
    private static final Instant NOW = Instant.parse("2026-11-22T09:30:00.123Z");
    private static final ThreadId THREAD = ThreadId.of(new UUID(0x01929e3c00007000L, 1));
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static long blackhole;

    private HintCost() {}

    private record Cost(double nanos, double bytes) {}

    /** The hook's body, in which hints went before. */
    private record Body(List<UserId> recipients, String event, JsonNode payload, long transaction) {}

    public static void main(String[] arguments) {
        System.out.printf("%-46s %25s %25s%n", "", "told: before, now", "telling: before, now");
        compare("message of 60 characters, 2 members", message("m".repeat(60)), 2);
        compare("message of 600 characters, 50 members", message("m".repeat(600)), 50);
        compare("message of 4,000 characters, 250 members", message("m".repeat(4_000)), 250);
        compare("message of 600 characters, half of them emoji", message("m😀".repeat(300)), 50);
        compare("reading, 2 members", reading(), 2);
        compare("reading, 250 members", reading(), 250);
        compare("new thread, 50 members", created(50), 50);
        System.out.println("(" + blackhole % 2 + ")");
    }

    private static void compare(String what, Stored event, int members) {
        List<UserId> recipients =
                IntStream.range(0, members).mapToObj(HintCost::user).toList();
        Delivery delivery = new Delivery(recipients, Change.of(event, 1_234_567));
        String before = asBody(recipients, event);
        String now = Hint.write(delivery);
        Cost[] costs = medians(
                () -> frame(Delivery.fromJson(before.substring(before.indexOf('\n') + 1))),
                () -> frame(Hint.read(now)),
                () -> frame(delivery.recipients(), event)
                        + asBody(delivery.recipients(), event).length(),
                () -> {
                    Delivery made = new Delivery(delivery.recipients(), Change.of(event, 1_234_567));
                    return frame(made) + Hint.write(made).length();
                });
        System.out.printf("%-46s %s %s%n", what, text(costs[0], costs[1]), text(costs[2], costs[3]));
    }

    private static String text(Cost before, Cost now) {
        return "%6.1f %6.1f us (%4.1f) %6.1f %6.1f KB (%4.1f)"
                .formatted(
                        before.nanos / 1e3,
                        now.nanos / 1e3,
                        before.nanos / now.nanos,
                        before.bytes / 1e3,
                        now.bytes / 1e3,
                        before.bytes / now.bytes);
    }

    private static int frame(List<UserId> recipients, Stored event) {
        return frame(new Delivery(recipients, Change.of(event, 1_234_567)));
    }

    /** To the one frame that all connections share which have seen the same. */
    private static int frame(Delivery delivery) {
        Change change = delivery.change();
        OutboundEvent event =
                OutboundEvent.of("[\"" + change.eventName() + "\"," + change.payload() + ",\"" + OFFSET + "\"]");
        return System.identityHashCode(event) + delivery.recipients().size();
    }

    private static String asBody(List<UserId> recipients, Stored event) {
        return THREAD.value() + "\n"
                + Json.text(new Body(recipients, event.eventName(), Json.tree((Record) event), 1_234_567));
    }

    /** One after the other, again and again, so that whatever else runs meets all of them. */
    private static Cost[] medians(IntSupplier... variants) {
        double[][] nanos = new double[variants.length][ROUNDS];
        double[][] bytes = new double[variants.length][ROUNDS];
        for (int round = -5; round < ROUNDS; round++) {
            for (int i = 0; i < variants.length; i++) {
                Cost cost = once(variants[i]);
                nanos[i][Math.max(0, round)] = cost.nanos;
                bytes[i][Math.max(0, round)] = cost.bytes;
            }
        }
        return IntStream.range(0, variants.length)
                .mapToObj(i -> new Cost(median(nanos[i]), median(bytes[i])))
                .toArray(Cost[]::new);
    }

    private static Cost once(IntSupplier variant) {
        long calls = 0;
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        long end = start;
        while (end - start < ROUND_NS) {
            for (int i = 0; i < 100; i++) {
                blackhole += variant.getAsInt();
            }
            calls += 100;
            end = THREADS.getCurrentThreadCpuTime();
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        return new Cost((double) (end - start) / calls, (double) bytes / calls);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static UserId user(int number) {
        return new UserId("user%024d".formatted(number));
    }

    private static Stored message(String content) {
        UserProfile sender = new UserProfile(user(0), "Ann Miller", "https://example.com/pictures/ann.png");
        return new NewMessage(new Message(
                MessageId.of(new UUID(0x01929e3c00007000L, 2)), THREAD, 42, user(0), content, null, NOW, sender));
    }

    private static Stored reading() {
        return new MessageRead(MessageId.of(new UUID(0x01929e3c00007000L, 2)), THREAD, user(1), NOW, 42);
    }

    private static Stored created(int members) {
        List<Participant> participants = IntStream.range(0, members)
                .mapToObj(i -> new Participant(
                        user(i), "Ann Miller", "https://example.com/pictures/ann.png", MemberRole.MEMBER, 0, null))
                .toList();
        return new ThreadCreated(
                new ChatThread(THREAD, ThreadKind.GROUP, "A group", participants, null, 0, 0, null, NOW, NOW));
    }
}
