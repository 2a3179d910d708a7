package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.cove.auth.FakeTokens;
import com.cove.model.json.Json;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.socket.session.RevocationCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What happens to the connections of users whose tokens are taken back. */
@Timeout(60)
class RevocationTest {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Map<String, String> ON = Map.of("TOKEN_REVOCATION_CHECK_MS", "1000");
    private static final Map<String, String> RARELY = Map.of("TOKEN_REVOCATION_CHECK_MS", "600000");

    private final HeldTokens held = new HeldTokens();
    private final List<TestServer> started = new ArrayList<>(1);

    private void start(Map<String, String> settings) throws Exception {
        started.add(TestServer.start(settings, held::around));
    }

    private TestServer server() {
        return started.getFirst();
    }

    private FakeTokens tokens() {
        return server().tokens;
    }

    @AfterEach
    void stop() {
        held.release();
        started.forEach(TestServer::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aRevokedUserIsClosedInTimeAndComesBackWithAFreshTokenOnly(String transport) throws Exception {
        start(ON);
        ThreadId thread = server().thread("bob", "carol");
        TestClient bob = server().connect("bob");
        TestClient carol = server().connect("carol");
        String old = tokens().issue("ada");
        TestClient ada = server().client(old, transport);
        ada.connect();

        long revoked = System.nanoTime();
        tokens().revoke("ada");

        assertThat(ada.await("disconnect").asText()).isIn("transport close", "transport error");
        assertThat(Duration.ofNanos(System.nanoTime() - revoked)).isLessThan(INTERVAL.plusSeconds(3));
        for (int attempt = 0; attempt < 3; attempt++) {
            assertRefused(old, transport);
        }
        server().connect("ada", transport);
        bob.send(thread, "still here");
        assertThat(carol.await("new_message").at("/message/content").asText()).isEqualTo("still here");
        assertThat(names(bob)).doesNotContain("disconnect");
        assertThat(names(carol)).doesNotContain("disconnect");
    }

    @Test
    void allConnectionsOfADisabledUserAreClosedAndNoTokenLetsItIn() throws Exception {
        start(ON);
        TestClient phone = server().connect("ada", "websocket");
        TestClient laptop = server().connect("ada", "polling");

        tokens().disable("ada");

        phone.await("disconnect");
        laptop.await("disconnect");
        assertRefused(tokens().issue("ada"), "websocket");
    }

    @Test
    void aTokenThatWasTakenBackDoesNotRefreshAConnection() throws Exception {
        start(RARELY);
        TestClient ada = server().connect("ada");
        String old = tokens().issue("ada");
        tokens().revoke("ada");

        assertThat(ada.error("refresh_token", Map.of("token", old)).path("code").asText())
                .isEqualTo("unauthenticated");
        ada.ok("refresh_token", Map.of("token", tokens().issue("ada")));
    }

    /** What counts is the token that the connection rests on now. */
    @Test
    void whoRefreshedWithALaterTokenStays() throws Exception {
        start(ON);
        TestClient ada = server().connect("ada");
        Instant later = Instant.now().plusSeconds(60);
        String fresh = tokens().issue(new UserId("ada"), "ada", null, later, later.plusSeconds(60));
        ada.ok("refresh_token", Map.of("token", fresh));
        tokens().revoke("ada");
        TestClient bob = server().connect("bob");
        tokens().revoke("bob");

        bob.await("disconnect");
        awaitRounds(2);

        assertThat(names(ada)).doesNotContain("disconnect");
    }

    @Test
    void whileGoogleIsAwayNobodyIsClosedAndWhoeverHasAValidTokenComesIn() throws Exception {
        start(ON);
        TestClient ada = server().connect("ada");
        tokens().revocationsOutOfReach(true);
        tokens().revoke("ada");
        List<ILoggingEvent> warnings;
        TestClient again =
                server().client(tokens().issue(new UserId("ada"), null, null, Instant.EPOCH, nextHour()), "polling");
        int mostRounds = 1 - tokens().questions();
        try (Warnings log = new Warnings()) {
            again.connect();
            awaitRounds(2);
            warnings = log.seen();
            mostRounds += tokens().questions();
        }

        assertThat(warnings).hasSizeBetween(1, mostRounds).allSatisfy(warning -> {
            assertThat(warning.getMessage()).isEqualTo("revocations were not checked");
            assertThat(warning.getKeyValuePairs())
                    .extracting(Object::toString)
                    .containsExactly("users=\"1\"", "problem=\"Google does not answer\"");
        });
        assertThat(names(ada)).doesNotContain("disconnect");
        assertThat(names(again)).doesNotContain("disconnect");
        tokens().revocationsOutOfReach(false);
        ada.await("disconnect");
        again.await("disconnect");
    }

    @Test
    void whereTheChecksAreOffNobodyIsAsked() throws Exception {
        start(Map.of());
        TestClient ada = server().connect("ada");
        tokens().revoke("ada");

        server().client(tokens().issue(new UserId("ada"), null, null, Instant.EPOCH, nextHour()), "websocket")
                .connect();
        ada.ok("refresh_token", Map.of("token", tokens().issue("ada")));

        assertThat(tokens().questions()).isZero();
    }

    @Test
    void hundredsOfUsersAreAskedForInBatches() throws Exception {
        start(ON);
        List<String> users = new ArrayList<>(
                IntStream.range(0, 250).mapToObj(i -> "user-" + i).toList());
        users.forEach(user -> RawPolling.connect(server().port(), tokens().issue(user)));
        long seed = System.nanoTime();
        Collections.shuffle(users, new Random(seed));

        users.subList(0, 7).forEach(tokens()::disable);

        await("seven are gone, seed " + seed, () -> onlineUsers() <= 243);
        awaitRounds(2);
        assertThat(onlineUsers()).isEqualTo(243);
    }

    @Test
    void aRoundThatHangsHoldsUpNobodyAndEndsWithTheServer() throws Exception {
        start(ON);
        ThreadId thread = server().thread("ada", "bob");
        TestClient ada = server().connect("ada");
        TestClient bob = server().connect("bob");
        held.holdQuestions();
        held.awaitHeld(1);

        ada.send(thread, "hello");
        assertThat(bob.await("new_message").at("/message/content").asText()).isEqualTo("hello");

        long start = System.nanoTime();
        server().stop();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        for (Thread caller : held.threads) {
            assertThat(caller.isVirtual()).isTrue();
            assertThat(caller.join(Duration.ofSeconds(2))).as("it ended").isTrue();
        }
    }

    /** Everybody coming back at once neither waits in line for Google nor floods it. */
    @Test
    void onlySoManyQuestionsAreAskedAtOnceAndTheOthersAreLetIn() throws Exception {
        start(RARELY);
        held.holdQuestions();
        List<RawPolling> waiting = IntStream.range(0, 32)
                .mapToObj(i -> RawPolling.open(server().port()))
                .toList();
        waiting.forEach(socket -> socket.send("40{\"token\":\"" + tokens().issue("ada") + "\"}"));
        held.awaitHeld(32);

        server().connect("bob");

        held.release();
        waiting.forEach(socket -> assertThat(socket.next()).startsWith("40{\"sid\":"));
    }

    /** Google answers a project so many questions a day. */
    @Test
    void theSameTokenAgainAndAgainIsAskedForOnce() throws Exception {
        start(RARELY);
        String token = tokens().issue("ada");
        TestClient ada = server().client(token, "websocket");
        ada.connect();

        for (int i = 0; i < 20; i++) {
            ada.ok("refresh_token", Map.of("token", token));
        }

        assertThat(tokens().questions()).isEqualTo(1);
    }

    private void assertRefused(String token, String transport) {
        TestClient client = server().client(token, transport);
        client.open();
        assertThat(client.expect("connect_error").path("message").asText()).isEqualTo("unauthenticated");
        client.close();
    }

    /** Until this many more rounds were begun and, but for the last, ended. */
    private void awaitRounds(int rounds) {
        int before = tokens().questions();
        await(rounds + " rounds", () -> tokens().questions() > before + rounds);
    }

    private int onlineUsers() {
        String health = server().get("/health").body();
        return Json.parse(health).path("onlineUsers").asInt();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static List<String> names(TestClient client) {
        return client.received().stream().map(TestClient.Received::event).toList();
    }

    private static Instant nextHour() {
        return Instant.now().plusSeconds(3_600);
    }

    /** What the rounds say from WARN on. */
    private static final class Warnings implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(RevocationCheck.class);
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        Warnings() {
            appender.start();
            logger.addAppender(appender);
        }

        List<ILoggingEvent> seen() {
            return appender.list.stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
        }
    }
}
