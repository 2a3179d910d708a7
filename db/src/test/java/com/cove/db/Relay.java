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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A line to a server that can fall silent without being cut, as when a machine or a network dies, and that can be cut between
 * what the server did and its answer.
 */
public final class Relay implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Set<Socket> forgotten = ConcurrentHashMap.newKeySet();
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

    /** The next {@code COMMIT} of a connection that read this text is done, and its answer is lost: the line is cut before it. */
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
            Thread.ofVirtual().start(() -> pass(client, server, false));
            Thread.ofVirtual().start(() -> pass(server, client, true));
        } catch (IOException e) {
            // nobody there: refused, as far as a relay can
            client.close();
        }
    }

    private void pass(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[8_192];
        boolean concerned = false;
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                open.await();
                if (forgotten.contains(from)) {
                    continue;
                }
                if (answers) {
                    String answer = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                    concerned |= holds(answer, losing.get());
                    if (concerned && holds(answer, "COMMIT")) {
                        losing.set(null);
                        return;
                    }
                }
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // one side hung up: so does the other
        } finally {
            sockets.removeAll(List.of(from, to));
        }
    }

    private static boolean holds(String answer, @Nullable String text) {
        return text != null && answer.contains(text);
    }
}
