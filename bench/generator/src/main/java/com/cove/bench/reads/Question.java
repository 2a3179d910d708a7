package com.cove.bench.reads;

import com.cove.bench.content.MessageText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request, and what its answer has to be.
 *
 * @param body JSON; null for a GET
 * @param status of the right answer
 * @param judge looks at the body of the answer
 */
record Question(String uri, String token, @Nullable String body, int status, Judge judge) {

    /** What is wrong with the body of an answer; null where nothing is. */
    interface Judge {
        @Nullable String fault(byte[] bytes, int length);
    }

    /** Exactly so many rows, counted by a field that each has once; of {@code atLeast}, no fewer. */
    static Judge rows(String field, int expected, boolean atLeast) {
        byte[] name = ("\"" + field + "\":").getBytes(StandardCharsets.US_ASCII);
        return (bytes, length) -> {
            int rows = Rows.count(bytes, length, name);
            boolean right = atLeast ? rows >= expected : rows == expected;
            return right ? null : "has " + rows + " rows where " + expected + " are right";
        };
    }

    /** The message of that number, in that thread. */
    static Judge stored(long number, byte[] threadId) {
        MessageText text = new MessageText();
        return (bytes, length) -> text.read(bytes, 0, length) && text.number() == number && text.isOf(threadId)
                ? null
                : "has another message than the one that was sent";
    }
}
