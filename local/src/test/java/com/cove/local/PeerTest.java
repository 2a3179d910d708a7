package com.cove.local;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the benchmarks compare us with does the same work, on the same rows: {@code bench/peer-node} and {@code bench/speed}. */
class PeerTest {
    @TestFactory
    Stream<DynamicTest> whatWeAreComparedWithKeepsTheContract() throws Exception {
        return NodeTests.run("../bench/speed/peer.test.mjs", Checker.programs());
    }
}
