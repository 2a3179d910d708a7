package com.cove.socket.transport;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import java.lang.reflect.Field;

/**
 * Works around netty-socketio 2.0.14: every server makes a pipeline with a timer of its own, and drops it, unstopped, when
 * another replaces it, which Netty reports as a leak (issues 499, 741). The day the library mends it, {@code UnusedPipelineTest} fails.
 */
final class UnusedPipeline {
    private UnusedPipeline() {}

    /** Stops the timer of the pipeline that a new server brings along; to be called before that pipeline is replaced. */
    static void release(SocketIOServer server) {
        SocketIOChannelInitializer stock = of(server);
        Configuration configuration = new Configuration();
        configuration.setAddVersionHeader(false);
        // Only a pipeline that was started can be stopped.
        stock.start(configuration, new NamespacesHub(configuration));
        stock.stop();
    }

    static SocketIOChannelInitializer of(SocketIOServer server) {
        try {
            Field field = SocketIOServer.class.getDeclaredField("pipelineFactory");
            field.setAccessible(true);
            return (SocketIOChannelInitializer) field.get(server);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("netty-socketio has changed: is UnusedPipeline still needed?", e);
        }
    }
}
