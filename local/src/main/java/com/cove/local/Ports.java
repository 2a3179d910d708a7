package com.cove.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether ports are free before anything is started. */
final class Ports {
    private Ports() {}

    /** @param variable the setting that names another port */
    static void requireFree(int port, String variable) throws CannotStart {
        if (port != 0 && !isFree(port)) {
            throw new CannotStart("Port " + port + " is in use: stop what uses it, or set " + variable
                    + " to another port (0 for any).");
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Only programs of this machine reach these: their tokens are not signed. */
    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
