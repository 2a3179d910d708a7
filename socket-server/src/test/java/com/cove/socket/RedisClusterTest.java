package com.cove.socket;

import static org.awaitility.Awaitility.await;

import com.cove.model.thread.ThreadId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A cluster of Redis servers between two nodes. */
class RedisClusterTest {
    @Test
    void aGroupWhoseMembersAreOfAllServersHearsEverythingOnce() throws Exception {
        try (TwoNodes nodes = TwoNodes.withCluster(Map.of("REPAIR_INTERVAL_MS", "60000"))) {
            String[] members = new String[20];
            for (int i = 0; i < members.length; i++) {
                members[i] = "member" + i;
            }
            ThreadId thread = nodes.one.thread(members);
            TestClient sender = nodes.connectToOne(members[0]);
            List<TestClient> others = new ArrayList<>();
            for (int i = 1; i < members.length; i += 6) {
                others.add(nodes.connectToTwo(members[i]));
            }

            for (int i = 0; i < 10; i++) {
                sender.send(thread, "to all");
            }

            others.forEach(other -> TwoNodes.gets(other, thread, 1, 10));
            nodes.one.awaitMeter("cove_hints_sent_total 10.0");
        }
    }

    @Test
    void eachOfItsServersMayDieAndComeBack() throws Exception {
        try (TwoNodes nodes = TwoNodes.withCluster(Talk.settings())) {
            ThreadId thread = nodes.one.thread("ada", "bob");
            Talk talk = new Talk(thread, nodes.connectToOne("ada"), nodes.connectToTwo("bob"));
            for (RedisServer server : nodes.servers()) {
                server.kill();
                talk.awaitProgress();
                server.restart();
                talk.awaitHints(nodes.one.app(), nodes.two);
            }
            talk.judge();
        }
    }

    @Test
    void aReplicaTakesOverFromAServerThatDoesNotComeBack() throws Exception {
        try (TwoNodes nodes = TwoNodes.withCluster(Talk.settings());
                RedisServer replica = nodes.redis.startReplica()) {
            ThreadId thread = nodes.one.thread("ada", "bob");
            Talk talk = new Talk(thread, nodes.connectToOne("ada"), nodes.connectToTwo("bob"));
            talk.awaitHints(nodes.one.app(), nodes.two);

            nodes.redis.kill();
            talk.awaitProgress();
            await().until(() ->
                    replica.ask(commands -> commands.info("replication").contains("role:master")));

            nodes.awaitHealth("up");
            talk.awaitHints(nodes.one.app(), nodes.two);
            talk.judge();
        }
    }
}
