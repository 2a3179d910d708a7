package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EntranceTest {
    private static final int CLIENTS = Entrance.AT_A_TIME + 8;

    private final List<String> entering = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayEnter = new CountDownLatch(1);
    private final Room room = new Room((_, event) -> event.acknowledgement().answer("\"here\""), this::arrive);

    private void arrive(Connection connection) {
        entering.add(connection.user().value());
        try {
            mayEnter.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whoever leaves while they wait is looked up for nobody. */
    @Test
    void clientsAreLetInAFewAtATimeAndWhoHasLeftIsNot() throws Exception {
        try (EchoServer server = EchoServer.socket(EchoServer.config(Map.of()), room)) {
            Map<String, EngineClient> clients = new HashMap<>();
            IntStream.range(0, CLIENTS)
                    .forEach(i -> clients.put(client(i), EngineClient.open("websocket", server.port())));
            clients.forEach((name, client) -> client.send("40" + name));
            await().until(() -> entering.size() == Entrance.AT_A_TIME);
            String leaver = clients.keySet().stream()
                    .filter(name -> !entering.contains(name))
                    .findAny()
                    .orElseThrow();
            Objects.requireNonNull(clients.remove(leaver)).close();
            await().until(() -> server.sessions() == CLIENTS - 1);
            assertThat(entering).hasSize(Entrance.AT_A_TIME);

            mayEnter.countDown();

            clients.values().forEach(client -> assertThat(client.next()).startsWith("40{"));
            assertThat(entering).containsExactlyInAnyOrderElementsOf(clients.keySet());
            clients.values().forEach(EngineClient::close);
        }
    }

    /** The time to connect is the client's, and does not end while it waits for us. */
    @Test
    void whoIsNotLetInIsClosedInTheEndToComeAgain() throws Exception {
        TransportConfig hasty = EchoServer.config(Map.of("SOCKET_CONNECT_TIMEOUT_MS", "1500"));
        try (EchoServer server = EchoServer.socket(hasty, room);
                EngineClient client = EngineClient.open("websocket", server.port())) {
            long began = System.nanoTime();
            client.send("40" + client(0));

            assertThat(client.next()).isEqualTo(Wire.CLOSED);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(4_450));
            mayEnter.countDown();
        }
    }

    /** What they came with, which the room takes for their name. */
    private static String client(int number) {
        return "{\"name\":\"" + number + "\"}";
    }
}
