package com.cove.socket;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server, a stranger who does something to it, and bystanders who must not have noticed, after each test. */
abstract class UnderAttack {
    private static Bystanders bystanders;
    private static int strangers;
    private Stranger stranger;

    @BeforeAll
    static void start() throws Exception {
        bystanders = Bystanders.start();
    }

    @AfterAll
    static void stop() {
        bystanders.close();
    }

    @BeforeEach
    void come() {
        stranger = new Stranger(bystanders.server(), "stranger-" + ++strangers);
    }

    @AfterEach
    void nobodyElseNotices() {
        stranger.close();
        bystanders.unharmed();
    }

    static Bystanders bystanders() {
        return bystanders;
    }

    /** A new one each time, with a rate of its own. */
    Stranger stranger() {
        return stranger;
    }
}
