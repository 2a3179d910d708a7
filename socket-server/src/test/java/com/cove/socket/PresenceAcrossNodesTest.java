package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.model.presence.UpdatePresence;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is online, where people are on several nodes. */
class PresenceAcrossNodesTest {
    /** Of a node that was killed: in Redis there is all it wrote but its mark. */
    private static final String KILLED = "4711";

    private final Map<TestClient, Map<String, Boolean>> shown = new HashMap<>();
    private boolean hidden;
    private TwoNodes nodes;
    private ThreadId thread;

    @BeforeEach
    void start() throws Exception {
        start(500);
    }

    private void start(int graceMillis) throws Exception {
        nodes = TwoNodes.start(Map.of("PRESENCE_GRACE_MS", Integer.toString(graceMillis)));
        thread = nodes.one.thread("ada", "bob");
        nodes.one.thread("ada", "carol");
        nodes.one.thread("eve", "mallory");
        // Both nodes know of each other once these do; before, some things are told twice rather than never.
        TestClient eve = nodes.connectToOne("eve");
        TestClient mallory = nodes.connectToTwo("mallory");
        isTold(eve, "mallory", true);
        isTold(mallory, "eve", true);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    /** The next change of what this client knows; two nodes may both tell of one arrival. */
    private void isTold(TestClient client, String user, boolean online) {
        Map<String, Boolean> known = shown.computeIfAbsent(client, _ -> new HashMap<>());
        JsonNode news = client.await("user_online");
        while (Boolean.valueOf(news.path("online").asBoolean())
                .equals(known.get(news.path("userId").asText()))) {
            news = client.await("user_online");
        }
        known.put(news.path("userId").asText(), news.path("online").asBoolean());
        assertThat(news.path("userId").asText()).isEqualTo(user);
        assertThat(news.path("online").asBoolean()).isEqualTo(online);
        assertThat(news.path("lastSeenAt").isNull()).isEqualTo(online || hidden);
    }

    /** Carol's coming and going is the next that these clients hear of presence. */
    private void hearsNothingBeforeCarol(TestClient... clients) {
        TestClient carol = nodes.connectToTwo("carol");
        for (TestClient client : clients) {
            isTold(client, "carol", true);
        }
        carol.close();
        for (TestClient client : clients) {
            isTold(client, "carol", false);
        }
    }

    @Test
    void peopleOnSeveralNodesLearnOfEachOther() {
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");

        isTold(ada, "bob", true);
        isTold(bob, "ada", true);

        bob.close();
        isTold(ada, "bob", false);
        assertThat(nodes.one.database.database().presence().lastSeen(new UserId("bob")))
                .isPresent();
    }

    @Test
    void whoHasDevicesOnSeveralNodesIsOnlineUntilTheLastIsGone() {
        TestClient ada = nodes.connectToOne("ada");
        TestClient phone = nodes.connectToOne("bob");
        isTold(ada, "bob", true);

        TestClient laptop = nodes.connectToTwo("bob");
        hearsNothingBeforeCarol(ada);
        phone.close();
        nodes.awaitPlaces("bob", 1);
        hearsNothingBeforeCarol(ada);

        laptop.close();
        isTold(ada, "bob", false);
    }

    @Test
    void whoMovesToAnotherNodeWasNeverGone() throws Exception {
        nodes.close();
        // More than anybody takes to move, on the busiest machine.
        start(4_000);
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToOne("bob");
        isTold(ada, "bob", true);

        bob.close();
        nodes.connectToTwo("bob");
        nodes.awaitPlaces("bob", 1);

        hearsNothingBeforeCarol(ada);
    }

    @Test
    void thePeopleOfANodeThatWasKilledAreGoneOnceItsMarkIs() {
        TestClient ada = nodes.connectToOne("ada");
        nodes.one.database.user("bob");
        nodes.one.database.user("carol");
        TestClient carol = nodes.connectToTwo("carol");
        isTold(ada, "carol", true);
        isTold(carol, "ada", true);
        nodes.redis.ask(commands -> {
            String all = commands.keys("cove:*:nodes").getFirst();
            commands.sadd(all.replaceFirst("nodes$", "people:" + KILLED), "bob", "carol");
            commands.sadd(at(commands.keys("cove:*:at:*:carol").getFirst(), "bob"), KILLED);
            commands.sadd(commands.keys("cove:*:at:*:carol").getFirst(), KILLED);
            return commands.sadd(all, KILLED);
        });

        TestClient fresh = nodes.connectToTwo("ada");
        assertThat(List.of(
                        fresh.await("user_online").path("userId").asText(),
                        fresh.await("user_online").path("userId").asText()))
                .containsExactlyInAnyOrder("bob", "carol");
        shown.put(fresh, new HashMap<>(Map.of("bob", true, "carol", true)));

        isTold(ada, "bob", false);
        isTold(fresh, "bob", false);
        nodes.redis.ask(commands -> {
            assertThat(commands.keys("cove:*:people:" + KILLED)).isEmpty();
            assertThat(commands.keys("cove:*:at:*:bob")).isEmpty();
            return commands.smembers(commands.keys("cove:*:at:*:carol").getFirst());
        });
        assertThat(ada.received()).isEmpty();
    }

    /** Where it says on which nodes somebody is, as it does for Carol. */
    private static String at(String carols, String user) {
        int bucket = Math.floorMod(user.hashCode(), 64);
        return carols.substring(0, carols.indexOf('{')) + "{" + bucket + "}:" + user;
    }

    /** Unknown, rather than wrong. */
    @Test
    void whileRedisIsAwayNobodyIsToldToBeGoneAndAfterwardsAllIsTold() throws Exception {
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");
        isTold(ada, "bob", true);
        nodes.redis.kill();
        nodes.awaitHealth("down");

        bob.close();
        TestClient carolHere = nodes.one.connect("carol");
        isTold(ada, "carol", true);
        isTold(carolHere, "ada", true);
        assertThat(ada.received()).isEmpty();

        nodes.redis.restart();
        nodes.awaitHealth("up");
        isTold(ada, "bob", false);
        hearsNothing(ada);
    }

    private void hearsNothing(TestClient client) {
        TestClient bob = nodes.connectToTwo("bob");
        isTold(client, "bob", true);
        bob.close();
        isTold(client, "bob", false);
    }

    @Test
    void aFlushIsNoNews() {
        TestClient ada = nodes.connectToOne("ada");
        nodes.connectToTwo("bob");
        isTold(ada, "bob", true);

        String flushed = nodes.redis.ask(commands -> commands.flushall());
        assertThat(flushed).isEqualTo("OK");
        nodes.awaitPlaces("bob", 1);
        nodes.awaitPlaces("ada", 1);

        hearsNothingBeforeCarol(ada);
    }

    @Test
    void whoHidesIsGoneForOthersOnEveryNodeAndLeavesNoTrace() {
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");
        isTold(ada, "bob", true);

        hide("bob", true);
        hidden = true;
        isTold(ada, "bob", false);
        hidden = false;

        TestClient phone = nodes.connectToOne("bob");
        hearsNothingBeforeCarol(ada);
        TestClient fresh = nodes.connectToTwo("ada");
        // The phone's node may look later who hid, and then tell of it once more.
        shown.put(fresh, new HashMap<>(Map.of("bob", false)));
        phone.close();
        bob.close();
        nodes.awaitPlaces("bob", 0);
        hearsNothingBeforeCarol(ada, fresh);

        nodes.connectToTwo("bob");
        hide("bob", false);
        isTold(ada, "bob", true);
    }

    private void hide(String user, boolean hidden) {
        nodes.one.database.database().presence().update(new UserId(user), new UpdatePresence(!hidden));
    }

    @Test
    void whoHidesAndComesWithAnotherDeviceAtOnceIsGone() {
        TestClient ada = nodes.connectToOne("ada");
        nodes.connectToTwo("bob");
        isTold(ada, "bob", true);

        hide("bob", true);
        nodes.one.connectTo(nodes.two, "bob");

        hidden = true;
        isTold(ada, "bob", false);
    }

    /** Where they are, another node may have told from Redis before their own node asked whether they hide. */
    @Test
    void whoHidesWhileTheyComeIsGoneEvenWhereTheirNodeDidNotTellOfThem() throws Exception {
        TestClient ada = nodes.connectToOne("ada");
        try (Connection connection = nodes.one.database.connect();
                Statement transaction = connection.createStatement()) {
            connection.setAutoCommit(false);
            // What changes from now on is news until this ends.
            transaction.execute("SELECT pg_current_xact_id()");
            hide("bob", true);
            nodes.connectToTwo("bob");

            hidden = true;
            isTold(ada, "bob", false);
        }
    }

    @Test
    void whoHidesWhileRedisIsAwayIsGoneHereAtOnceAndElsewhereOnceItIsBack() throws Exception {
        TestClient ada = nodes.connectToOne("ada");
        TestClient adaThere = nodes.connectToTwo("ada");
        nodes.connectToTwo("bob");
        isTold(ada, "bob", true);
        isTold(adaThere, "bob", true);
        nodes.redis.kill();
        nodes.awaitHealth("down");

        hide("bob", true);
        hidden = true;
        isTold(adaThere, "bob", false);
        nodes.redis.restart();

        isTold(ada, "bob", false);
    }

    /** Bob was known to be gone; before anybody was told, Redis went away, and he came back. */
    @Test
    void aDepartureThatCouldNotBeToldIsNotToldOnceItIsNotTrue() throws Exception {
        TestClient ada = nodes.connectToTwo("ada");
        TestClient bob = nodes.connectToTwo("bob");
        isTold(ada, "bob", true);
        try (Connection locks = nodes.one.database.connect();
                Statement lock = locks.createStatement()) {
            locks.setAutoCommit(false);
            lock.execute("SELECT FROM app_user WHERE id = 'bob' FOR UPDATE");
            bob.close();
            nodes.one.awaitLockedOut();
            nodes.redis.kill();
            nodes.awaitHealth("down");
            locks.rollback();
        }

        isTold(nodes.one.connectTo(nodes.two, "bob"), "ada", true);
        nodes.redis.restart();
        nodes.awaitHealth("up");

        hearsNothingBeforeCarol(ada);
    }

    @Test
    void typingIsSeenOnOtherNodesAndEndsThereWithTheMessage() {
        TestClient ada = nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");

        ada.ok("typing_start", Map.of("threadId", thread.value()));
        isTyping(bob, true);
        ada.ok("typing_stop", Map.of("threadId", thread.value()));
        isTyping(bob, false);
        ada.ok("typing_start", Map.of("threadId", thread.value()));
        isTyping(bob, true);
        ada.send(thread, "what was typed");
        isTyping(bob, false);
        TwoNodes.gets(bob, thread, 1, 1);
    }

    /** A node that is killed says nothing more: what it began ends where it is shown. */
    @Test
    void typingEndsByItselfWhereItIsShown() {
        nodes.connectToOne("ada");
        TestClient bob = nodes.connectToTwo("bob");
        String payload = "{\"threadId\":\"" + thread.value() + "\",\"userId\":\"ada\",\"isTyping\":true}";
        nodes.redis.ask(commands -> {
            for (String channel : commands.pubsubShardChannels("cove:*:node:*")) {
                commands.spublish(
                        channel,
                        "~{\"signals\":[{\"recipients\":[\"bob\"],\"event\":\"user_typing\",\"payload\":" + payload
                                + "}]}");
            }
            return "sent";
        });
        isTyping(bob, true);

        isTyping(bob, false);
    }

    private static void isTyping(TestClient client, boolean typing) {
        JsonNode news = client.await("user_typing");
        assertThat(news.path("userId").asText()).isEqualTo("ada");
        assertThat(news.path("isTyping").asBoolean()).isEqualTo(typing);
    }
}
