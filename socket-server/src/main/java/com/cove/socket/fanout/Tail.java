package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
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
 * distance of its transaction from the horizon's oldest. Not thread-safe.
 */
final class Tail {
    private static final int ID_LENGTH = 22;
    private static final int MAX_NUMBER_LENGTH = 13;

    private final Map<ThreadId, Entry> entries = new LinkedHashMap<>(2);

    /** Of one thread; with the transactions, so that what a later horizon sees can be forgotten. */
    private static final class Entry {
        private long seq;
        private long lastMessage;
        private boolean created;
        private long creation;
        private final List<Long> readings = new ArrayList<>(0);

        /** True where nothing is left. */
        boolean forget(Horizon seen) {
            if (seq > 0 && seen.sees(lastMessage)) {
                seq = 0;
            }
            created = created && !seen.sees(creation);
            readings.removeIf(seen::sees);
            return seq == 0 && !created && readings.isEmpty();
        }
    }

    boolean covers(Change change) {
        Entry entry = entries.get(change.thread());
        return entry != null
                && switch (change) {
                    case Change.Message message -> message.seq() <= entry.seq;
                    case Change.Beginning _ -> entry.created;
                    case Change.Reading _ -> entry.readings.contains(change.transaction());
                };
    }

    void add(Change change) {
        Entry entry = entries.computeIfAbsent(change.thread(), _ -> new Entry());
        switch (change) {
            case Change.Message message -> {
                entry.seq = message.seq();
                // Not the highest of them: a thread's messages commit by seq, so who sees the last one sees all.
                entry.lastMessage = change.transaction();
            }
            case Change.Beginning _ -> {
                entry.created = true;
                entry.creation = change.transaction();
            }
            case Change.Reading _ -> entry.readings.add(change.transaction());
        }
    }

    /** Drops what a horizon sees. */
    void forget(Horizon seen) {
        entries.values().removeIf(entry -> entry.forget(seen));
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
        Tail tail = new Tail();
        try {
            for (String part : text.split("~", -1)) {
                tail.entries.put(thread(part), entry(part, horizon));
            }
            return Optional.of(tail);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Entry entry(String part, Horizon horizon) {
        Entry entry = new Entry();
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
            switch (part.charAt(at)) {
                case 'S' -> entry.seq = Snapshots.number(number);
                case 'C' -> entry.created = true;
                case 'R' -> entry.readings.add(Math.addExact(horizon.oldestRunning(), Snapshots.number(number)));
                default -> throw new IllegalArgumentException("not of our form");
            }
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
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ThreadId thread(String part) {
        if (part.length() < ID_LENGTH) {
            throw new IllegalArgumentException("not of our form");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(part.substring(0, ID_LENGTH)));
        return ThreadId.of(new UUID(bytes.getLong(), bytes.getLong()));
    }
}
