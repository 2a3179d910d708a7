package com.cove.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The wire contract as an app meets it: npm's socket.io-client over every transport, and fetch. */
class ClientContractTest {
    @TestFactory
    Stream<DynamicTest> anAppFindsTheContractKept(@TempDir Path data) throws Exception {
        try (LocalSystem system = LocalSystemFixture.start(data)) {
            return NodeTests.run("src/test/clients/contract.test.mjs", system, Map.of());
        }
    }
}
