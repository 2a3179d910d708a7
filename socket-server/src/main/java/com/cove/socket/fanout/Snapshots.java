package com.cove.socket.fanout;

import com.cove.db.history.Horizon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Horizons as text, short enough to go along with every message: numbers to the base 36, all but the first as distances from it. */
final class Snapshots {
    private static final int RADIX = 36;
    private static final int MAX_RUNNING = 1_000;

    private Snapshots() {}

    static String text(Horizon horizon) {
        StringBuilder text = new StringBuilder(32).append(Long.toString(horizon.oldestRunning(), RADIX));
        long first = horizon.oldestRunning();
        text.append('.').append(distance(first, horizon.nextUnseen()));
        horizon.running().forEach(running -> text.append('.').append(distance(first, running)));
        return text.toString();
    }

    /** Empty for what is no text of a horizon. */
    static Optional<Horizon> parse(String epoch, String text) {
        String[] numbers = text.split("\\.", MAX_RUNNING + 3);
        if (numbers.length < 2 || numbers.length > MAX_RUNNING + 2) {
            return Optional.empty();
        }
        try {
            long first = number(numbers[0]);
            List<Long> running = new ArrayList<>();
            for (int i = 2; i < numbers.length; i++) {
                running.add(Math.addExact(first, number(numbers[i])));
            }
            return Optional.of(new Horizon(epoch, first, Math.addExact(first, number(numbers[1])), running));
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    static String distance(long from, long to) {
        return Long.toString(to - from, RADIX);
    }

    /** A number as {@link #distance} writes it; throws NumberFormatException for anything else. */
    static long number(String text) {
        long number = Long.parseLong(text, RADIX);
        if (number < 0 || !Long.toString(number, RADIX).equals(text)) {
            throw new NumberFormatException("not of our form");
        }
        return number;
    }
}
