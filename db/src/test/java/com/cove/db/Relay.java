package com.cove.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A line to a server that can fall silent without being cut, as when a machine or a network dies, and that can be cut between
 * what the server did and its answer.
 */
public final class Relay implements AutoCloseable {
    /** Of PostgreSQL, in no transaction: what was asked for is done. */
    private static final String READY = "Z\0\0\0\5I";

    private static final String GOODBYE = "X\0\0\0\4";

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Set<Socket> forgotten = ConcurrentHashMap.newKeySet();
    private volatile boolean askedOnForgotten;
    private final AtomicReference<@Nullable String> losing = new AtomicReference<>();
    private volatile CountDownLatch open = new CountDownLatch(0);

    public Relay(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** From now on nothing passes, in either direction; new connections are taken and lead nowhere. */
    public void fallSilent() {
        open = new CountDownLatch(1);
    }

    /** What was held passes, as TCP's repetitions do when a network is back, and so does the rest. */
    public void heal() {
        open.countDown();
    }

    /**
     * The connections there are now are dead from here on, and neither side is told, as when a NAT gateway forgets them. New ones
     * pass.
     */
    public void forget() {
        forgotten.addAll(sockets);
    }

    /** Whether a client said anything on a connection that was forgotten, but for the goodbye of PostgreSQL's driver. */
    public boolean wasAskedOnForgotten() {
        return askedOnForgotten;
    }

    /** What a connection commits next after it was given this text is committed, and the answer is lost: the line is cut before it. */
    public void loseCommitAfter(String text) {
        losing.set(text);
    }

    /** True once that happened. */
    public boolean lost() {
        return losing.get() == null;
    }

    /** Hangs up, on everybody and for good. */
    void hangUp() throws IOException {
        open.countDown();
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }

    private void accept() {
        try {
            while (true) {
                connect(door.accept());
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(client, server));
            AtomicBoolean concerned = new AtomicBoolean();
            Thread.ofVirtual()
                    .start(() -> pass(client, server, asked -> {
                        concerned.compareAndSet(false, holds(asked, losing.get()));
                        return true;
                    }));
            Thread.ofVirtual()
                    .start(() -> pass(server, client, answer -> !concerned.get() || !holds(answer, READY) || !lose()));
        } catch (IOException e) {
            // nobody there: refused, as far as a relay can
            client.close();
        }
    }

    private boolean lose() {
        return losing.getAndSet(null) != null;
    }

    /** @param further false where the line is to be cut before that text */
    private void pass(Socket from, Socket to, Predicate<String> further) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                open.await();
                String passing = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                if (forgotten.contains(from)) {
                    askedOnForgotten |= !passing.equals(GOODBYE);
                    continue;
                }
                if (!further.test(passing)) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // one side hung up: so does the other
        } finally {
            sockets.removeAll(List.of(from, to));
        }
    }

    private static boolean holds(String passing, @Nullable String text) {
        return text != null && passing.contains(text);
    }
}
