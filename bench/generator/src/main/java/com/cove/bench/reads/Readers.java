package com.cove.bench.reads;

import com.cove.bench.measure.Settings;
import com.cove.bench.measure.Trouble;
import com.cove.bench.people.Groups;
import com.cove.bench.people.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Who asks: the first members of so many threads, evenly spread, each with a token; chance says whose turn it is.
 */
final class Readers {
    private final String[] tokens;
    private final String[] threadIds;
    private final SplittableRandom random;

    /** Reads {@code threads}, {@code size}, {@code users} or {@code user}, {@code seed}, and whose tokens are believed. */
    Readers(Settings settings) throws Trouble {
        Groups groups = Groups.of(settings);
        int users = Math.min(groups.threads(), settings.integer("users", 1_000, 1));
        Optional<String> user = settings.text("user");
        random = new SplittableRandom(settings.integer("seed", 1, 0));
        Tokens signing = new Tokens(settings);
        int count = user.isPresent() ? 1 : users;
        threadIds = IntStream.range(0, count)
                .mapToObj(i -> text(Groups.id(threadOf(groups, i, count))))
                .toArray(String[]::new);
        tokens = IntStream.range(0, count)
                .parallel()
                .mapToObj(i ->
                        signing.of(user.orElseGet(() -> Groups.user(groups.firstMemberOf(threadOf(groups, i, count))))))
                .toArray(String[]::new);
    }

    private static int threadOf(Groups groups, int reader, int readers) {
        return (int) ((long) reader * groups.threads() / readers);
    }

    private static String text(byte[] id) {
        return new String(id, StandardCharsets.US_ASCII);
    }

    int count() {
        return tokens.length;
    }

    /** Somebody, by chance. */
    int any() {
        return random.nextInt(tokens.length);
    }

    /** From 1 to that, by chance. */
    int upTo(int most) {
        return random.nextInt(1, most + 1);
    }

    String token(int reader) {
        return tokens[reader];
    }

    String threadId(int reader) {
        return threadIds[reader];
    }
}
