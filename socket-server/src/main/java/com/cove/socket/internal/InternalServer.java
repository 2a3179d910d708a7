package com.cove.socket.internal;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;

/** The listening internal port. Binds to a private address only. */
public final class InternalServer implements AutoCloseable {
    private final HttpServer server;

    private InternalServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param endpoints by path
     * @throws IOException if the port cannot be had
     */
    public static InternalServer start(InetSocketAddress address, Map<String, HttpHandler> endpoints, Executor executor)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("internal port " + address.getPort() + " is in use or not allowed", e);
        }
        endpoints.forEach(server::createContext);
        server.setExecutor(executor);
        server.start();
        return new InternalServer(server);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
