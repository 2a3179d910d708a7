package com.cove.bench.people;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client keeps for connection state recovery, as socket.io-client does. */
public final class FormerState {
    private static final Pattern PID = Pattern.compile("\"pid\":\"([^\"]*)\"");

    private @Nullable String pid;
    private boolean recovered;
    private byte[] offset = new byte[64];
    private int offsetLength;

    /** The reply to CONNECT. */
    void connected(byte[] bytes, int from, int to) {
        Matcher matcher = PID.matcher(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        String given = matcher.find() ? matcher.group(1) : null;
        recovered = given != null && given.equals(pid);
        pid = given;
    }

    /** Whether the server knew the state the last time. */
    public boolean recovered() {
        return recovered;
    }

    /** Keeps the text that an event ends with, {@code …,"offset"]}; an event without one leaves the last in place. */
    public void event(byte[] bytes, int from, int to) {
        int end = to - 2;
        if (end <= from || bytes[end] != '"') {
            return;
        }
        int begin = end - 1;
        while (begin > from && bytes[begin] != '"') {
            begin--;
        }
        offsetLength = end - begin - 1;
        if (offset.length < offsetLength) {
            offset = new byte[2 * offsetLength];
        }
        System.arraycopy(bytes, begin + 1, offset, 0, offsetLength);
    }

    /** Behind the other fields of CONNECT. */
    String json() {
        if (pid == null) {
            return "";
        }
        String text = new String(Arrays.copyOf(offset, offsetLength), StandardCharsets.UTF_8);
        return ",\"pid\":\"" + pid + "\"" + (offsetLength == 0 ? "" : ",\"offset\":\"" + text + "\"");
    }
}
