package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cove.model.thread.ThreadId;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever becomes of Redis while people on two nodes talk: no sender waits for it, no connection ends, nothing is lost, comes twice or
 * out of order, and once it is well again it is used again.
 */
class RedisFaultsTest {
    private TwoNodes nodes;
    private TestClient ada;
    private TestClient bob;
    private Talk talk;

    @BeforeEach
    void start() throws Exception {
        nodes = TwoNodes.start(Talk.settings());
        ThreadId thread = nodes.one.thread("ada", "bob");
        ada = nodes.connectToOne("ada");
        bob = nodes.connectToTwo("bob");
        talk = new Talk(thread, ada, bob);
        talk.awaitHints(nodes.one.app(), nodes.two);
        talk.forgetWaits();
    }

    @AfterEach
    void stop() throws InterruptedException {
        talk.end();
        nodes.close();
    }

    /** Redis is given a second for an answer: who waited for that would wait as long. HintQueuesTest proves that nobody does. */
    private void nobodyWaits() {
        talk.awaitProgress();
        assertThat(talk.usualWait()).isLessThan(Duration.ofSeconds(1));
    }

    private void allIsWellAgain() throws Exception {
        nodes.awaitHealth("up");
        talk.awaitHints(nodes.one.app(), nodes.two);
        talk.judge();
    }

    @Test
    void itFallsSilentAndGoesOn() throws Exception {
        nodes.redis.pause();
        nobodyWaits();
        nodes.awaitHealth("down");
        nobodyWaits();
        assertThat(TwoNodes.get(nodes.one.port(), "/health")).contains("\"status\":\"up\"");

        nodes.redis.goOn();

        allIsWellAgain();
    }

    @Test
    void itDiesAndComesBackEmpty() throws Exception {
        nodes.redis.kill();
        nobodyWaits();
        nodes.awaitHealth("down");
        nobodyWaits();

        nodes.redis.restart();

        allIsWellAgain();
    }

    @Test
    void itIsFlushed() throws Exception {
        String flushed = nodes.redis.ask(commands -> commands.flushall());

        assertThat(flushed).isEqualTo("OK");
        nodes.awaitPlaces("ada", 1);
        nodes.awaitPlaces("bob", 1);
        nobodyWaits();
        allIsWellAgain();
    }

    /** Who was registered stays so; who comes is found by repair until there is room again. */
    @Test
    void itHasNoMemoryLeft() throws Exception {
        nodes.redis.<String>ask(commands -> commands.configSet("maxmemory", "1"));
        TestClient carol = nodes.one.connectTo(nodes.two, "carol");
        ThreadId carols = nodes.one.thread("rest", "carol");
        TestClient rest = nodes.one.connect("rest");
        nobodyWaits();
        talk.awaitHints(nodes.one.app(), nodes.two);

        rest.send(carols, "found in the database");

        TwoNodes.gets(carol, carols, 1, 1);
        nodes.awaitPlaces("carol", 0);
        nodes.redis.<String>ask(commands -> commands.configSet("maxmemory", "0"));
        nodes.awaitPlaces("carol", 1);
        allIsWellAgain();
    }

    @Test
    void itsConnectionsAreCutAgainAndAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            nodes.redis.ask(commands ->
                    commands.clientKill(KillArgs.Builder.typePubsub().skipme()));
            nobodyWaits();
            talk.awaitHints(nodes.one.app(), nodes.two);
            nodes.redis.ask(commands ->
                    commands.clientKill(KillArgs.Builder.typeNormal().skipme()));
            nobodyWaits();
        }

        allIsWellAgain();
    }

    @Test
    void somebodyPublishesRubbish() throws Exception {
        List<String> rubbish = List.of(
                "",
                "rubbish",
                "\n",
                "thread\n",
                "thread\n{",
                "thread\nnull",
                "thread\n[]",
                "thread\n{\"recipients\":[],\"event\":\"new_message\",\"payload\":{},\"transaction\":1}",
                "thread\n{\"recipients\":[],\"event\":\"user_online\",\"payload\":{},\"transaction\":1}",
                "thread\n{\"recipients\":[\"bob\"],\"event\":\"rubbish\",\"payload\":{},\"transaction\":\"x\"}",
                "thread\n{\"event\":\"rubbish\",\"transaction\":1}\nbob\n{}",
                "thread\n{\"event\":\"new_message\",\"user\":\"a\",\"seq\":1,\"transaction\":1}\nbob\nrubbish",
                "thread\n" + "[".repeat(100_000) + "\nbob\n{}",
                "x".repeat(1_000_000));
        nodes.redis.ask(commands -> {
            for (String channel : commands.pubsubShardChannels("cove:*:node:*")) {
                rubbish.forEach(
                        each -> assertThat(commands.spublish(channel, each)).isEqualTo(1));
            }
            return null;
        });

        await().until(() -> Talk.dropped(nodes.one.app(), "malformed") == rubbish.size());
        await().until(() -> Talk.dropped(nodes.two, "malformed") == rubbish.size());
        nobodyWaits();
        allIsWellAgain();
    }

    /** It is no reason not to start. */
    @Test
    void aServerStartsWithoutIt() throws Exception {
        nodes.redis.kill();
        try (TestServer alone = TestServer.start(Map.of("REDIS_URL", nodes.redis.url(), "REPAIR_INTERVAL_MS", "200"));
                SocketApp other = alone.another()) {
            ThreadId thread = alone.thread("ada", "bob");
            TestClient sender = alone.connect("ada");
            TestClient receiver = alone.connectTo(other, "bob");

            sender.send(thread, "by repair");
            TwoNodes.gets(receiver, thread, 1, 1);

            nodes.redis.restart();
            await().until(() -> {
                sender.send(thread, "by Redis, once it is there");
                return Talk.received(other) > 0;
            });
        }
        nodes.awaitHealth("up");
    }
}
