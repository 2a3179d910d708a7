package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import org.junit.jupiter.api.Test;

class UnusedPipelineTest {
    @Test
    void theLibraryStillMakesAPipelineBeforeItIsToldWhichToUse() {
        SocketIOServer server = new SocketIOServer(new Configuration());

        assertThat(UnusedPipeline.of(server))
                .as("remove UnusedPipeline when this fails")
                .isNotNull();

        UnusedPipeline.release(server);
    }
}
