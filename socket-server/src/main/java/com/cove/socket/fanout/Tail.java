package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import com.cove.db.recovery.Trace;
import com.cove.model.event.Change;
import com.cove.model.thread.ThreadId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a connection was sent besides all that its horizon sees: in each thread messages up to a seq, the thread itself, and
 * readings. As text {@code ~thread[Sseq][C][Rreading…]…}: the thread's id as Base64, numbers to the base 36, a reading by the
 * distance of its transaction from the horizon's oldest. Never changes: connections that were sent the same share one.
 */
final class Tail {
    static final Tail EMPTY = new Tail(Map.of());

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int ID_LENGTH = 22;
    private static final int MAX_NUMBER_LENGTH = 13;

    private final Map<ThreadId, Entry> entries;

    private Tail(Map<ThreadId, Entry> entries) {
        this.entries = entries;
    }

    /** Of one thread; with the transactions, so that what a later horizon sees can be forgotten. */
    private record Entry(long seq, long lastMessage, boolean created, long creation, List<Long> readings) {
        static final Entry NOTHING = new Entry(0, 0, false, 0, List.of());

        Entry with(Change change) {
            return switch (change) {
                // Not the highest transaction of them: a thread's messages commit by seq, so who sees the last one sees
                // all.
                case Change.Message message ->
                    new Entry(message.seq(), change.transaction(), created, creation, readings);
                case Change.Beginning _ -> new Entry(seq, lastMessage, true, change.transaction(), readings);
                case Change.Reading _ -> read(change.transaction());
            };
        }

        Entry upTo(long number) {
            return new Entry(number, lastMessage, created, creation, readings);
        }

        Entry begun() {
            return new Entry(seq, lastMessage, true, creation, readings);
        }

        Entry read(long transaction) {
            List<Long> more = new ArrayList<>(readings.size() + 1);
            more.addAll(readings);
            more.add(transaction);
            return new Entry(seq, lastMessage, created, creation, more);
        }

        Entry without(Horizon seen) {
            return new Entry(
                    seq > 0 && seen.sees(lastMessage) ? 0 : seq,
                    lastMessage,
                    created && !seen.sees(creation),
                    creation,
                    readings.stream().filter(reading -> !seen.sees(reading)).toList());
        }

        boolean isNothing() {
            return seq == 0 && !created && readings.isEmpty();
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean covers(Trace trace) {
        Entry entry = entries.get(trace.thread());
        return entry != null
                && switch (trace.kind()) {
                    case MESSAGE -> trace.seq() <= entry.seq;
                    case BEGINNING -> entry.created;
                    case READING -> entry.readings.contains(trace.transaction());
                };
    }

    Tail with(Change change) {
        Map<ThreadId, Entry> more = new LinkedHashMap<>(entries);
        more.put(
                change.thread(),
                more.getOrDefault(change.thread(), Entry.NOTHING).with(change));
        return new Tail(more);
    }

    /** What a horizon does not see. */
    Tail without(Horizon seen) {
        Map<ThreadId, Entry> left = new LinkedHashMap<>();
        entries.forEach((thread, entry) -> {
            Entry rest = entry.without(seen);
            if (!rest.isNothing()) {
                left.put(thread, rest);
            }
        });
        return left.isEmpty() ? EMPTY : new Tail(left);
    }

    /** Appends the text, in which readings count from a horizon's oldest transaction; not much further than this length. */
    void write(StringBuilder text, Horizon horizon, int maxLength) {
        for (Map.Entry<ThreadId, Entry> each : entries.entrySet()) {
            Entry entry = each.getValue();
            text.append('~').append(id(each.getKey()));
            if (entry.seq > 0) {
                text.append('S').append(Snapshots.distance(0, entry.seq));
            }
            if (entry.created) {
                text.append('C');
            }
            for (long reading : entry.readings) {
                if (text.length() > maxLength) {
                    return;
                }
                text.append('R').append(Snapshots.distance(horizon.oldestRunning(), reading));
            }
            if (text.length() > maxLength) {
                return;
            }
        }
    }

    /** Reads what {@link #write} wrote, without its first {@code ~}; empty for anything else. */
    static Optional<Tail> parse(String text, Horizon horizon) {
        Map<ThreadId, Entry> entries = new LinkedHashMap<>();
        try {
            for (String part : text.split("~", -1)) {
                entries.put(thread(part), entry(part, horizon));
            }
            return Optional.of(new Tail(entries));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Entry entry(String part, Horizon horizon) {
        Entry entry = Entry.NOTHING;
        int at = ID_LENGTH;
        while (at < part.length()) {
            int end = at + 1;
            while (end < part.length() && !Character.isUpperCase(part.charAt(end))) {
                end++;
            }
            String number = part.substring(at + 1, end);
            if (number.length() > MAX_NUMBER_LENGTH) {
                throw new IllegalArgumentException("number too long");
            }
            entry = switch (part.charAt(at)) {
                case 'S' -> entry.upTo(Snapshots.number(number));
                case 'C' -> entry.begun();
                case 'R' -> entry.read(Math.addExact(horizon.oldestRunning(), Snapshots.number(number)));
                default -> throw new IllegalArgumentException("not of our form");
            };
            at = end;
        }
        return entry;
    }

    private static String id(ThreadId thread) {
        UUID uuid = thread.uuid().orElseThrow();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        return BASE64.encodeToString(bytes);
    }

    private static ThreadId thread(String part) {
        if (part.length() < ID_LENGTH) {
            throw new IllegalArgumentException("not of our form");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(part.substring(0, ID_LENGTH)));
        return ThreadId.of(new UUID(bytes.getLong(), bytes.getLong()));
    }
}
