package com.cove.bench.people;

import com.cove.bench.wire.Sources;
import com.cove.bench.wire.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One user's connection: Socket.IO 5 over Engine.IO 4 over a websocket, as far as the contract goes. */
public final class Client implements WebSocket.Owner {
    private static final byte[] PONG = {'3'};
    private static final int MAX_QUOTED = 200;

    private final Target target;
    private final int number;
    private final String token;
    private final Listener listener;
    private final FormerState former = new FormerState();
    private @Nullable WebSocket socket;
    private boolean ready;
    private long startedNanos;
    private long pings;

    /** What is told of a client, on the event loop. */
    public interface Listener {
        /** The server has let it in. */
        void ready(Client client);

        /** An event, from its array on: {@code ["new_message",{…}]}. */
        default void event(Client client, byte[] bytes, int from, int to) {}

        /** An acknowledgement, from the array of its arguments on. */
        default void acknowledged(Client client, long id, byte[] bytes, int from, int to) {}

        /** It is not connected any more, or never was. */
        void gone(Client client, String reason);
    }

    public Client(Target target, int number, String token, Listener listener) {
        this.target = target;
        this.number = number;
        this.token = token;
        this.listener = listener;
    }

    /** Which of all clients it is, from 0. */
    public int number() {
        return number;
    }

    public boolean isReady() {
        return ready;
    }

    /** When it began to connect, by {@link System#nanoTime}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Heartbeats answered so far. */
    public long pings() {
        return pings;
    }

    /** What it says of itself when it comes back. */
    public FormerState former() {
        return former;
    }

    public void connect() {
        startedNanos = System.nanoTime();
        WebSocket next = new WebSocket(target.run(), target.upgrade(), target.received(), this);
        socket = next;
        target.run().connect(target.address(), Sources.of(number), next).addListener(future -> {
            if (!future.isSuccess()) {
                closed(String.valueOf(future.cause().getMessage()));
            }
        });
    }

    /** Sends a Socket.IO packet, written as Engine.IO wants it: with the digit 4 before it. */
    public void send(byte[] packet, int length) {
        if (socket != null) {
            socket.send(packet, length);
        }
    }

    public void close() {
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void opened() {
        // Engine.IO begins.
    }

    @Override
    public void text(byte[] bytes, int from, int to) {
        switch (bytes[from]) {
            case '0' -> askToBeLetIn();
            case '2' -> {
                pings++;
                send(PONG, PONG.length);
            }
            case '4' -> packet(bytes, from + 1, to);
            case '6' -> {
                // nothing
            }
            default -> unexpected(bytes, from, to);
        }
    }

    private void askToBeLetIn() {
        byte[] packet = ("40{\"token\":\"" + token + "\"" + former.json() + "}").getBytes(StandardCharsets.UTF_8);
        send(packet, packet.length);
    }

    private void packet(byte[] bytes, int from, int to) {
        switch (from < to ? bytes[from] : ' ') {
            case '0' -> {
                former.connected(bytes, from, to);
                ready = true;
                listener.ready(this);
            }
            case '2' -> listener.event(this, bytes, from + 1, to);
            case '3' -> acknowledged(bytes, from + 1, to);
            default -> unexpected(bytes, from, to);
        }
    }

    private void acknowledged(byte[] bytes, int from, int to) {
        int at = from;
        long id = 0;
        for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            id = id * 10 + bytes[at] - '0';
        }
        listener.acknowledged(this, id, bytes, at, to);
    }

    /** A refusal among others: of the token, for example. */
    private void unexpected(byte[] bytes, int from, int to) {
        byte[] quoted = Arrays.copyOfRange(bytes, from, Math.min(to, from + MAX_QUOTED));
        target.run().fail(describe() + " was told " + new String(quoted, StandardCharsets.UTF_8));
    }

    /** As a sentence begins. */
    public String describe() {
        return "Client " + (number + 1);
    }

    @Override
    public void closed(String reason) {
        ready = false;
        socket = null;
        listener.gone(this, reason);
    }
}
