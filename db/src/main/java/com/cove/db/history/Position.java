package com.cove.db.history;

import com.cove.model.sync.Cursor;
import com.cove.model.text.Uuids;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cursor says. It starts with everything changed {@code since}; between the pages of one catching-up it also
 * says where the next page begins and the horizon of the first page, which is where the catching-up as a whole ends:
 * what changes while pages are fetched is at or above that horizon, and comes the next time.
 *
 * @param since rows changed by this transaction or a later one are wanted
 * @param next the horizon of the first page; {@code since} itself where no page was read yet
 * @param thread the last thread of the page before; all zeros at the beginning of a phase
 * @param seq in phase MESSAGES the last seq of the page before, within {@code thread}
 */
public record Position(String epoch, long since, long next, Phase phase, UUID thread, long seq) {
    private static final UUID BEGINNING = new UUID(0, 0);
    /** Format version, epoch, since, next, phase, thread, seq. At most 18 digits: always a long. */
    private static final Pattern FORM =
            Pattern.compile("1\\.([0-9a-f]{16})\\.(\\d{1,18})\\.(\\d{1,18})\\.([NTM])\\.([0-9a-f-]{36})\\.(\\d{1,18})");

    /** What the next page goes on with. */
    public enum Phase {
        /** Nothing was read yet. */
        NEW,
        THREADS,
        MESSAGES
    }

    /** Where somebody stands who has seen everything up to this horizon. */
    public static Position at(Horizon horizon) {
        return at(horizon.epoch(), horizon.oldestRunning());
    }

    private static Position at(String epoch, long since) {
        return new Position(epoch, since, since, Phase.NEW, BEGINNING, 0);
    }

    /** The position a cursor names; empty for a text that no version of ours wrote. */
    public static Optional<Position> of(Cursor cursor) {
        Matcher text = FORM.matcher(decoded(cursor.value()));
        if (!text.matches()) {
            return Optional.empty();
        }
        return Uuids.canonical(text.group(5))
                .map(thread -> new Position(
                        text.group(1),
                        Long.parseLong(text.group(2)),
                        Long.parseLong(text.group(3)),
                        phase(text.group(4)),
                        thread,
                        Long.parseLong(text.group(6))));
    }

    public Cursor cursor() {
        String text = String.join(
                ".",
                "1",
                epoch,
                Long.toString(since),
                Long.toString(next),
                phase.name().substring(0, 1),
                thread.toString(),
                Long.toString(seq));
        return new Cursor(
                Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** True if this history can have given such a position. */
    public boolean belongsTo(Horizon horizon) {
        return epoch.equals(horizon.epoch()) && since <= next && next <= horizon.nextUnassigned();
    }

    /** The position to read the next page from: a new catching-up ends at the horizon it begins with. */
    public Position begun(Horizon horizon) {
        return phase == Phase.NEW
                ? new Position(epoch, since, horizon.oldestRunning(), Phase.THREADS, BEGINNING, 0)
                : this;
    }

    public Position afterThread(UUID last) {
        return new Position(epoch, since, next, Phase.THREADS, last, 0);
    }

    public Position afterThreads() {
        return new Position(epoch, since, next, Phase.MESSAGES, BEGINNING, 0);
    }

    public Position afterMessage(UUID inThread, long lastSeq) {
        return new Position(epoch, since, next, Phase.MESSAGES, inThread, lastSeq);
    }

    /** Where this catching-up ends, and the next one starts. */
    public Position done() {
        return at(epoch, next);
    }

    private static Phase phase(String letter) {
        return switch (letter) {
            case "T" -> Phase.THREADS;
            case "M" -> Phase.MESSAGES;
            default -> Phase.NEW;
        };
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // not base64: no text of ours either
            return "";
        }
    }
}
