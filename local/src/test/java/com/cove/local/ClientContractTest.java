package com.cove.local;

import com.cove.db.DatabaseConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The wire contract as an app meets it: npm's socket.io-client 3 and 4 over every transport, and fetch. */
class ClientContractTest {
    @TestFactory
    Stream<DynamicTest> anAppFindsTheContractKept(@TempDir Path data) throws Exception {
        try (LocalSystem system = LocalSystemFixture.start(data);
                SocketServers servers = SocketServers.start(database(data))) {
            String file = System.getProperty("cove.clients", "all.test.mjs");
            return NodeTests.run(
                    "src/test/clients/" + file,
                    system,
                    Map.of(
                            "COVE_SERVERS", servers.url(),
                            "COVE_PICTURES", LocalSystemFixture.PICTURES,
                            "COVE_DATABASE_PORT", Integer.toString(port(database(data)))));
        }
    }

    private static int port(DatabaseConfig database) {
        return URI.create(database.url().substring("jdbc:".length())).getPort();
    }

    private static DatabaseConfig database(Path data) {
        return DatabaseConfig.of(LocalPostgres.runningUrl(data).orElseThrow());
    }
}
