package com.cove.auth.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.cove.auth.FirebaseApps;
import com.cove.auth.FirebaseAuthConfig;
import com.cove.auth.NoServiceAccountException;
import com.cove.model.message.MessageId;
import com.cove.model.push.Push;
import com.cove.model.thread.ThreadId;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SDK as it comes, over TLS and HTTP/2. */
class FcmClientTest {
    private static final ThreadId THREAD = new ThreadId("0199d3a1-7c1e-7d5a-9b2f-0123456789ab");
    private static final String TOKEN = "token-of-anns-phone";
    private static final String TEXT = "the text of the message";
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final FcmConfig CONFIG = new FcmConfig(false, "chat", Optional.empty(), Duration.ofHours(2));

    private final FakeFcm fcm = FakeFcm.start();
    private final List<FcmClient> opened = new ArrayList<>();
    private FcmClient client;

    @BeforeEach
    void open() {
        client = keep(fcm.client());
    }

    @AfterEach
    void close() {
        opened.forEach(FcmClient::close);
        fcm.close();
    }

    @Test
    void whatFcmTakesStandsOnTheDevice() {
        assertThat(client.send(TOKEN, push(5))).isEqualTo(new PushResult.Accepted());

        assertThat(fcm.shown(TOKEN)).containsExactly(new FakeFcm.Shown(THREAD.value(), "Ann", TEXT, "m-5", 5));
        assertThat(fcm.badge(TOKEN)).contains(3);
        assertThat(fcm.protocols()).containsExactly("h2");
    }

    @Test
    void aLaterMessageTakesThePlaceOfAnEarlierOne() {
        client.send(TOKEN, push(5));
        client.send(TOKEN, push(6));

        assertThat(fcm.shown(TOKEN)).extracting(FakeFcm.Shown::seq).containsExactly(6L);
    }

    @Test
    void aWithdrawalTakesTheNotificationAwayUnlessThatIsNewer() {
        client.send(TOKEN, push(5));
        client.send(TOKEN, new Push.Withdrawal(THREAD, 4, 0));
        assertThat(fcm.shown(TOKEN)).hasSize(1);

        client.send(TOKEN, new Push.Withdrawal(THREAD, 5, 0));
        assertThat(fcm.shown(TOKEN)).isEmpty();
        assertThat(fcm.badge(TOKEN)).contains(0);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("404 with FcmError", FakeFcmAnswer.unregistered(), dead("UNREGISTERED")),
                failure("404 without", FakeFcmAnswer.notFound(), later("NOT_FOUND", true)),
                failure("404 of no FCM", FakeFcmAnswer.reply(404, "<html>"), later("NOT_FOUND", true)),
                failure("403 with FcmError", FakeFcmAnswer.senderIdMismatch(), dead("SENDER_ID_MISMATCH")),
                failure("403 without", FakeFcmAnswer.permissionDenied(), later("PERMISSION_DENIED", true)),
                failure("400, the token", FakeFcmAnswer.invalidToken(), dead("INVALID_TOKEN")),
                failure("400, the token's field", FakeFcmAnswer.invalidTokenField(), dead("INVALID_TOKEN")),
                failure("400, too big", FakeFcmAnswer.tooBig(), refused("INVALID_ARGUMENT")),
                failure(
                        "400, another field",
                        FakeFcmAnswer.invalid("message.data[0].value", "Invalid value"),
                        refused("INVALID_ARGUMENT")),
                failure("400 of no FCM", FakeFcmAnswer.reply(400, "Bad Request"), refused("INVALID_ARGUMENT")),
                failure("413", FakeFcmAnswer.reply(413, ""), refused("HTTP_413")),
                failure("401", FakeFcmAnswer.unauthenticated(), later("UNAUTHENTICATED", true)),
                failure("401 of APNs", FakeFcmAnswer.thirdPartyAuthError(), later("THIRD_PARTY_AUTH_ERROR", false)),
                failure("429", FakeFcmAnswer.quotaExceeded(), later("QUOTA_EXCEEDED", 60, true)),
                failure(
                        "429 with Retry-After",
                        FakeFcmAnswer.quotaExceeded().withRetryAfter("17"),
                        later("QUOTA_EXCEEDED", 17, true)),
                failure(
                        "429 of one device",
                        FakeFcmAnswer.deviceQuotaExceeded().withRetryAfter("17"),
                        later("DEVICE_QUOTA_EXCEEDED", 17, false)),
                failure("500", FakeFcmAnswer.internal(), later("INTERNAL", false)),
                failure("502 of a proxy", FakeFcmAnswer.reply(502, "<html>"), later("HTTP_502", false)),
                failure("503", FakeFcmAnswer.unavailable(), later("UNAVAILABLE", false)),
                failure(
                        "503 with Retry-After",
                        FakeFcmAnswer.unavailable().withRetryAfter("30"),
                        later("UNAVAILABLE", 30, false)),
                failure("503 of a proxy", FakeFcmAnswer.reply(503, ""), later("UNAVAILABLE", false)),
                failure("301", FakeFcmAnswer.reply(301, ""), later("HTTP_301", false)),
                failure("408", FakeFcmAnswer.reply(408, ""), later("HTTP_408", false)),
                failure("200 that is no JSON", FakeFcmAnswer.reply(200, "<html>"), later("UNREADABLE_ANSWER", false)),
                failure("200 without a body", FakeFcmAnswer.reply(200, ""), later("UNREADABLE_ANSWER", false)),
                failure("200 without a name", FakeFcmAnswer.reply(200, "{}"), later("UNREADABLE_ANSWER", false)),
                failure("200 of a list", FakeFcmAnswer.reply(200, "[7]"), later("UNREADABLE_ANSWER", false)),
                failure(
                        "a status that the SDK does not know",
                        FakeFcmAnswer.reply(501, "{\"error\":{\"status\":\"UNIMPLEMENTED\"}}"),
                        later("UNREADABLE_ANSWER", false)),
                failure(
                        "an error of the wrong shape",
                        FakeFcmAnswer.reply(404, "{\"error\":\"no\"}"),
                        later("UNREADABLE_ANSWER", false)),
                failure("a reset stream", FakeFcmAnswer.reset(), later("CONNECTION", false)),
                failure("a closed connection", FakeFcmAnswer.close(), later("CONNECTION", false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void everyFailureHasAMeaningAndTheNextPushArrives(String name, FakeFcmAnswer answer, PushResult result) {
        assertThat(client.send("token-of-bobs-phone", push(5))).isEqualTo(new PushResult.Accepted());
        fcm.always(TOKEN, answer);
        assertThat(client.send(TOKEN, push(5))).isEqualTo(result);
        assertThat(fcm.accepted(TOKEN)).isEmpty();

        fcm.recover();
        assertThat(client.send(TOKEN, push(5))).isEqualTo(new PushResult.Accepted());
    }

    /** With the service account of a wrong project it is so for every token. */
    @Test
    void tokensOfAnotherProjectAreForgottenOnlyOnceFcmTookAPushOfOurs() {
        fcm.script(TOKEN, FakeFcmAnswer.senderIdMismatch(), FakeFcmAnswer.senderIdMismatch());
        assertThat(client.send(TOKEN, push(5))).isEqualTo(refused("SENDER_ID_MISMATCH"));

        client.send("token-of-bobs-phone", push(5));
        assertThat(client.send(TOKEN, push(5))).isEqualTo(dead("SENDER_ID_MISMATCH"));
    }

    @Test
    void aDateInRetryAfterIsUnderstood() {
        fcm.script(TOKEN, FakeFcmAnswer.quotaExceeded().withRetryAfter("Fri, 01 Jan 2100 00:00:00 GMT"));

        assertThat(client.send(TOKEN, push(5))).isEqualTo(later("QUOTA_EXCEEDED", 86_400, true));
    }

    @Test
    void whoRefusesConnectionsFailsEverybody() {
        fcm.hangUp();
        assertThat(client.send(TOKEN, push(5))).isEqualTo(later("UNREACHABLE", true));

        fcm.listen();
        assertThat(client.send(TOKEN, push(5))).isEqualTo(new PushResult.Accepted());
    }

    @Test
    @Timeout(10)
    void silenceIsNotWaitedForLong() {
        FcmClient hasty = keep(fcm.client(CONFIG, SHORT));
        fcm.script(TOKEN, FakeFcmAnswer.stall());

        assertThat(hasty.send(TOKEN, push(5))).isEqualTo(later("TIMEOUT", false));
        assertThat(hasty.send(TOKEN, push(5))).isEqualTo(new PushResult.Accepted());
    }

    @Test
    void aSlowAnswerIsWaitedFor() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        fcm.script(TOKEN, FakeFcmAnswer.when(gate, FakeFcmAnswer.judged()));
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PushResult> slow = senders.submit(() -> client.send(TOKEN, push(5)));
            client.send("another", push(5));
            assertThat(slow.isDone()).isFalse();
            gate.complete(null);

            assertThat(slow.get()).isEqualTo(new PushResult.Accepted());
        }
    }

    @Test
    void oneTokenThatStallsKeepsNobodyWaiting() throws Exception {
        fcm.always(TOKEN, FakeFcmAnswer.stall());
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PushResult> stalled = senders.submit(() -> client.send(TOKEN, push(5)));
            List<Future<PushResult>> others = IntStream.range(0, 200)
                    .mapToObj(i -> senders.submit(() -> client.send("token-" + i, push(5))))
                    .toList();

            for (Future<PushResult> other : others) {
                assertThat(other.get()).isEqualTo(new PushResult.Accepted());
            }
            assertThat(stalled.isDone()).isFalse();
            senders.shutdownNow();
            assertThat(stalled.get()).isEqualTo(later("INTERRUPTED", false));
        }
    }

    @Test
    void connectionsAndThreadsAreFew() throws Exception {
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PushResult>> sends = IntStream.range(0, 200)
                    .mapToObj(i -> senders.submit(() -> client.send("token-" + i, push(5))))
                    .toList();
            for (Future<PushResult> send : sends) {
                assertThat(send.get()).isEqualTo(new PushResult.Accepted());
            }
        }

        assertThat(fcm.connections()).isLessThanOrEqualTo(FcmClient.CONCURRENT_SENDS);
        assertThat(threads("firebase-")).isZero();
        assertThat(threads("httpclient-")).isLessThanOrEqualTo(3);
    }

    @Test
    @Timeout(10)
    void anAccessTokenThatDoesNotComeIsNotWaitedForLong() {
        CountDownLatch never = new CountDownLatch(1);
        FcmClient hasty = keep(fcm.client(CONFIG, SHORT, credentials(() -> {
            never.await();
            throw new AssertionError("interrupted");
        })));

        assertThat(hasty.send(TOKEN, push(5))).isEqualTo(later("TIMEOUT", false));
        assertThat(fcm.requests()).isZero();
    }

    @Test
    void withoutAServiceAccountNobodyIsPushed() {
        FcmClient poor = keep(fcm.client(CONFIG, FcmClient.PATIENCE, credentials(() -> {
            throw new NoServiceAccountException("There is no service account");
        })));

        assertThat(poor.send(TOKEN, push(5))).isEqualTo(later("NO_SERVICE_ACCOUNT", true));
    }

    @Test
    void whereGoogleGivesNoAccessTokenNobodyIsPushed() throws Exception {
        HttpServer google = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        google.createContext("/token", exchange -> {
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        });
        google.start();
        URI tokens = URI.create("http://127.0.0.1:" + google.getAddress().getPort() + "/token");
        FcmClient poor = keep(fcm.client(CONFIG, FcmClient.PATIENCE, account(tokens)));

        assertThat(poor.send(TOKEN, push(5))).isEqualTo(later("NO_ACCESS_TOKEN", true));
        assertThat(fcm.requests()).isZero();
        google.stop(0);
    }

    /** What the SDK does by itself, and at most so often; a stale token is renewed unseen. */
    @Test
    void anAccessTokenThatGoogleTakesNoMoreIsRenewed() {
        AtomicInteger fetched = new AtomicInteger();
        FcmClient renewing = keep(fcm.client(
                CONFIG,
                FcmClient.PATIENCE,
                credentials(() -> accessToken(fetched.incrementAndGet() == 1 ? "stale" : FakeFcm.ACCESS_TOKEN))));

        assertThat(renewing.send(TOKEN, push(5))).isEqualTo(new PushResult.Accepted());
        assertThat(fcm.requests()).isEqualTo(2);

        fcm.always(FakeFcmAnswer.unauthenticated());
        assertThat(renewing.send(TOKEN, push(5))).isEqualTo(later("UNAUTHENTICATED", true));
        assertThat(fcm.requests()).isEqualTo(7);
    }

    @Test
    void aCertificateOfSomebodyElseIsNotTrusted() {
        FcmClient trusting = keep(new FcmClient(
                () -> FirebaseApps.open(
                        new FirebaseAuthConfig(FakeFcm.PROJECT, null, false),
                        credentials(() -> accessToken(FakeFcm.ACCESS_TOKEN)),
                        FcmTransport.to(fcm.address(), systemTls()),
                        FcmClient.PATIENCE),
                CONFIG,
                Clock.systemUTC(),
                FcmClient.PATIENCE));

        assertThat(trusting.send(TOKEN, push(5))).isEqualTo(later("UNREACHABLE", true));
        assertThat(fcm.requests()).isZero();
    }

    @Test
    void aTokenThatIsNoneIsRefusedHere() {
        assertThat(client.send("", push(5))).isEqualTo(refused("UNSENDABLE"));
        assertThat(fcm.requests()).isZero();
    }

    @Test
    void afterItsEndNothingIsSent() {
        client.close();
        client.close();

        assertThat(client.send(TOKEN, push(5))).isEqualTo(later("CLOSED", false));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 500, 503, 200})
    void nothingThatIsSaidOrLoggedTellsTokenTextOrKey(int status) {
        fcm.always(FakeFcmAnswer.reply(status, "{\"error\":{\"message\":\"" + TOKEN + TEXT + "\",\"code\":{}}"));
        try (Log log = new Log()) {
            PushResult answered = client.send(TOKEN, push(5));
            fcm.always(FakeFcmAnswer.reset());
            PushResult reset = client.send(TOKEN, push(5));

            assertThat(answered + " " + reset + " " + push(5) + log.text())
                    .doesNotContain(TOKEN, TEXT, FakeFcm.ACCESS_TOKEN);
        }
    }

    private FcmClient keep(FcmClient opening) {
        opened.add(opening);
        return opening;
    }

    private static long threads(String prefix) {
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        return threads.stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static Arguments failure(String name, FakeFcmAnswer answer, PushResult result) {
        return Arguments.of(name, answer, result);
    }

    private static PushResult dead(String code) {
        return new PushResult.DeadToken(code);
    }

    private static PushResult refused(String code) {
        return new PushResult.Refused(code);
    }

    private static PushResult later(String code, boolean everybody) {
        return new PushResult.Later(code, Optional.empty(), everybody);
    }

    private static PushResult later(String code, int seconds, boolean everybody) {
        return new PushResult.Later(code, Optional.of(Duration.ofSeconds(seconds)), everybody);
    }

    private static Push push(long seq) {
        return new Push.Notification(THREAD, new MessageId("m-" + seq), seq, "Ann", TEXT, 3);
    }

    private static SSLContext systemTls() {
        return SSLContexts.createSystemDefault();
    }

    private static AccessToken accessToken(String value) {
        return new AccessToken(value, Date.from(Instant.now().plusSeconds(3_600)));
    }

    private static GoogleCredentials account(URI tokens) throws Exception {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2_048);
        return ServiceAccountCredentials.newBuilder()
                .setClientEmail("cove@cove-test.iam.gserviceaccount.com")
                .setPrivateKey(keys.generateKeyPair().getPrivate())
                .setPrivateKeyId("key")
                .setTokenServerUri(tokens)
                .setScopes(List.of("https://www.googleapis.com/auth/firebase.messaging"))
                .build();
    }

    private static GoogleCredentials credentials(Fetch fetch) {
        return new GoogleCredentials() {
            @Override
            public AccessToken refreshAccessToken() throws IOException {
                try {
                    return fetch.token();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        };
    }

    private interface Fetch {
        AccessToken token() throws IOException, InterruptedException;
    }

    /** What libraries log, and what anybody prints. */
    private static final class Log extends Handler implements AutoCloseable {
        private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        private final StringBuilder logged = new StringBuilder();
        private final PrintStream out = System.out;
        private final PrintStream err = System.err;

        Log() {
            PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
            System.setOut(both);
            System.setErr(both);
            Logger.getLogger("").addHandler(this);
        }

        synchronized String text() {
            return printed.toString(StandardCharsets.UTF_8) + logged;
        }

        @Override
        public synchronized void publish(LogRecord line) {
            logged.append(line.getMessage()).append(line.getThrown()).append('\n');
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            Logger.getLogger("").removeHandler(this);
            System.setOut(out);
            System.setErr(err);
        }
    }
}
