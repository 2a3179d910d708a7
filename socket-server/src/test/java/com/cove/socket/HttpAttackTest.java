package com.cove.socket;

import static com.cove.socket.Bystanders.MARK;
import static org.assertj.core.api.Assertions.assertThat;

import com.cove.socket.Stranger.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are none, never end, or mean two things; sessions of nobody and of somebody else. */
class HttpAttackTest extends UnderAttack {
    private static final String HOST = "Host: x\r\n";
    private static final String GET = "GET " + Stranger.path("") + " HTTP/1.1\r\n" + HOST;

    static Stream<String> heads() {
        return Stream.of(
                GET + "X-" + MARK + ": " + "x".repeat(100_000) + "\r\n\r\n",
                GET + ("X-" + MARK + ": x\r\n").repeat(10_000) + "\r\n",
                GET + MARK + "\r\n\r\n",
                GET + "X-\0: x\r\n\r\n",
                GET + "X: a\0b\r\n\r\n",
                "GET " + Stranger.path("x".repeat(100_000)) + " HTTP/1.1\r\n" + HOST + "\r\n",
                "X".repeat(60_000) + " / HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /\r\n\r\n",
                "GET\r\n\r\n",
                "\r\n".repeat(50_000),
                "\0".repeat(10_000),
                MARK.repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void aHeadThatIsNoneIsAnsweredAtMostOnceAndTheConnectionCloses(String head) {
        String answer = stranger().tcp().send(head).readUntilClosed();

        assertThat(answer.split("HTTP/1.1 ", -1)).hasSizeLessThanOrEqualTo(2);
        assertThat(answer).doesNotContain(" 200 ");
    }

    @Test
    void anotherProtocolIsNotSpoken() {
        stranger().tcp().send(HexFormat.of().parseHex("16030100c8010000c40303")).readUntilClosed();
        stranger().tcp().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").readUntilClosed();
        stranger().tcp().send("SSH-2.0-OpenSSH_9.9\r\n").readUntilClosed();
        stranger().tcp().send("*1\r\n$4\r\nPING\r\n").readUntilClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/socket.io",
                "/socket.io//",
                "/SOCKET.IO/?EIO=4&transport=polling",
                "/socket.io/../health",
                "//socket.io/?EIO=4",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/socket.io/%00?EIO=4&transport=polling",
                "http://q7Zx.example/socket.io/?EIO=4",
                "/internal/notify",
                "/metrics",
                "/socket.io/?",
                "/socket.io/?EIO=4&transport=%",
                "/socket.io/?EIO=4&transport=%zz&sid=%u0041",
                "/socket.io/?EIO=4&transport=flashsocket",
                "/socket.io/?EIO=4&EIO=3&transport=websocket",
                "/socket.io/?EIO=3&transport=polling",
                "/socket.io/?EIO=q7Zx&transport=polling",
                "/socket.io/?transport=polling",
                "*"
            })
    void whatIsNotThereIsRefused(String path) {
        Answer answer =
                stranger().request("GET " + path + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n", new byte[0]);

        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain(MARK);
    }

    @Test
    void queriesWithoutEndCostNoSession() {
        String parameters = "&a=1".repeat(1_000);
        stranger()
                .request(
                        "GET /socket.io/?EIO=4" + parameters + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
                        new byte[0]);
        for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "HEAD", "POST", MARK)) {
            Answer answer = stranger()
                    .request(
                            method + " " + Stranger.path("") + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
                            new byte[0]);
            assertThat(answer.status()).as(method).isEqualTo(400);
        }
    }

    /** The first is answered by another thread, which takes its time. */
    @Test
    void answersComeInTheOrderOfTheirRequests() {
        String health = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
        String nowhere = "GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n";
        for (int i = 0; i < 20; i++) {
            String answers = stranger()
                    .tcp()
                    .send(health + nowhere + health + nowhere.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                    .readUntilClosed();

            assertThat(Pattern.compile("HTTP/1.1 (\\d+) ").matcher(answers).results())
                    .extracting(found -> found.group(1))
                    .containsExactly("200", "404", "200", "404");
        }
    }

    @Test
    void whatIsBehindTheLastRequestOfAConnectionIsNotRead() {
        String last = "GET /health HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

        assertThat(stranger().tcp().send(last + last).readUntilClosed().split("HTTP/1.1 200 ", -1))
                .hasSize(2);
    }

    /** Each is read as one request or none: what a proxy might take for a second one is never answered. */
    static Stream<String> smuggling() {
        String post = "POST /nowhere HTTP/1.1\r\n" + HOST;
        String second = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
        String chunked = "0\r\n\r\n" + second;
        List<String> all = new ArrayList<>();
        for (String lengths : List.of(
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 5, 6\r\n",
                "Content-Length: -5\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length: 5 5\r\n",
                "Content-Length: " + MARK + "\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length : 5\r\n",
                "Content-Length: 5\r\n Transfer-Encoding: chunked\r\n")) {
            all.add(post + lengths + "\r\n" + chunked);
        }
        for (String coding : List.of(
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
                "Transfer-Encoding: x" + MARK + "\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "Transfer-Encoding: \u000bchunked\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n")) {
            all.add(post + coding + "\r\n" + chunked);
        }
        for (String chunk : List.of(
                "-1\r\n",
                "FFFFFFFFFFFFFFFF\r\n",
                "0x5\r\n",
                MARK + "\r\n",
                "5;" + "x".repeat(100_000) + "\r\n",
                "\r\n",
                "5\r\nxxxxxyy\r\n")) {
            all.add(post + "Transfer-Encoding: chunked\r\n\r\n" + chunk + second);
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("smuggling")
    void aRequestThatMeansTwoThingsIsNotFollowedByAnother(String request) {
        String answers = stranger().tcp().send(request).readUntilClosed();

        assertThat(answers).doesNotContain("\"status\":\"up\"");
    }

    @Test
    void aThousandPipelinedRequestsAreAnsweredOnceEach() {
        String one = "GET " + Stranger.path(MARK) + " HTTP/1.1\r\n" + HOST;

        String answers = stranger()
                .tcp()
                .send((one + "\r\n").repeat(1_000) + one + "Connection: close\r\n\r\n")
                .readUntilClosed();

        assertThat(answers.split("Session ID unknown", -1)).hasSize(1_002);
    }

    @Test
    void bodiesThatAreTooLargeAreNotRead() {
        String sid = stranger().connectedPolling();
        String head = "POST " + Stranger.path(sid) + " HTTP/1.1\r\n" + HOST;
        for (String body : List.of(
                "Content-Length: 2097153\r\n\r\n",
                "Content-Length: 9999999999\r\n\r\n" + MARK,
                "Content-Length: 2097153\r\nExpect: 100-continue\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n" + ("10000\r\n" + "x".repeat(65_536) + "\r\n").repeat(40))) {
            RawHttp tcp = stranger().tcp();
            tcp.trySend((head + body).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(tcp.readHead()).as(body.substring(0, 20)).doesNotContain(" 200 ", " 100 ");
        }
        stranger().post(sid, "427[\"sync\",{}]");
        stranger().pollFor(sid, "437");
    }

    /** Answered by their head: nobody waits for what follows, nor keeps it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "404 POST /nowhere",
                "404 POST /",
                "200 GET /health",
                "400 POST /socket.io/?EIO=4&transport=polling",
                "400 POST /socket.io/?EIO=4&transport=websocket&sid={sid}",
                "400 PUT /socket.io/?EIO=4&transport=polling&sid={sid}",
                "400 POST /socket.io/?EIO=4&transport=polling&sid=5f1c6a0e-5d0b-4a34-9d0a-0a3f5c6f1d11",
                "400 POST /socket.io/?EIO=4&transport=%zz&sid={sid}",
            })
    void aBodyThatNobodyWantsIsNotWaitedFor(String request) {
        String start = request.substring(4).replace("{sid}", stranger().connectedPolling()) + " HTTP/1.1\r\n" + HOST;
        for (String body :
                List.of("Content-Length: 2000000\r\n\r\n" + MARK, "Transfer-Encoding: chunked\r\n\r\n5\r\n" + MARK)) {
            assertThat(stranger().tcp().send(start + body).readHead())
                    .as(body.substring(0, 8))
                    .startsWith("HTTP/1.1 " + request.substring(0, 3));
        }
    }

    @Test
    void whatFollowsABodyThatNobodyWantedIsAnswered() {
        RawHttp tcp = stranger().tcp();
        for (int i = 0; i < 3; i++) {
            tcp.send("POST /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\n" + "x".repeat(100_000));
        }

        assertThat(tcp.send("GET /health HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
                        .readUntilClosed())
                .containsOnlyOnce(" 200 ")
                .endsWith("}")
                .satisfies(answers -> assertThat(answers.split(" 404 ", -1)).hasSize(4));
    }

    @Test
    void beforeItIsVerifiedASessionTakesLittle() {
        String sid = stranger().polling();
        String head = "POST " + Stranger.path(sid) + " HTTP/1.1\r\n" + HOST;
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";

        assertThat(stranger().tcp().send(head + "Content-Length: 66561\r\n\r\n").readHead())
                .contains(" 413 ");
        assertThat(stranger()
                        .tcp()
                        .send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5))
                        .readHead())
                .contains(" 413 ");
        assertThat(stranger()
                        .post(sid, stranger().connect() + " ".repeat(60_000))
                        .status())
                .isEqualTo(200);
        stranger().pollFor(sid, "40{\"sid\"");
        assertThat(stranger()
                        .post(sid, "427[\"sync\",\"" + "x".repeat(100_000) + "\"]")
                        .status())
                .isEqualTo(200);
    }

    /** As in Node: two at a time end the session, and with it both. */
    @Test
    void aSessionTakesOneBodyAtATime() {
        String sid = stranger().connectedPolling();
        RawHttp first = stranger().tcp().send(Stranger.head(sid, 1_000) + "4");
        RawHttp second = stranger().tcp();
        // Whichever comes first stays until the other does.
        second.send(Stranger.head(sid, 1_000) + "4");

        String answers = first.readUntilClosed() + second.readUntilClosed();

        assertThat(answers).containsOnlyOnce("Session ID unknown").containsOnlyOnce("HTTP/1.1");
        assertThat(stranger().post(sid, "3").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "34f09f98", "343280"})
    void aBodyThatIsNotUtf8EndsItsSession(String hex) {
        String sid = stranger().connectedPolling();

        assertThat(stranger().post(sid, HexFormat.of().parseHex(hex)).status()).isEqualTo(400);
        assertThat(stranger().post(sid, "3").status()).isEqualTo(400);
    }

    /** Connections that say nothing, little, or little at a time, and bodies that never come. */
    @Test
    void whoTakesItsTimeIsClosed() {
        List<RawHttp> all = new ArrayList<>();
        String sid = stranger().connectedPolling();
        for (int i = 0; i < 50; i++) {
            all.add(stranger().tcp());
            all.add(stranger().tcp().send("G"));
            all.add(stranger().tcp().send(GET));
            all.add(stranger().tcp().send(GET + "X-" + MARK));
            all.add(stranger().tcp().send(Stranger.head(sid, 1_000) + "42"));
            all.add(stranger()
                    .tcp()
                    .send("POST " + Stranger.path(sid) + " HTTP/1.1\r\n" + HOST
                            + "Transfer-Encoding: chunked\r\n\r\n1\r\n4\r\n"));
        }
        bystanders().talk();
        all.forEach(RawHttp::readUntilClosed);
    }

    @Test
    void aHeadByteByByteIsCutOff() {
        RawHttp tcp = stranger().tcp();
        long end = System.nanoTime() + 8_000_000_000L;
        int sent = 0;
        while (System.nanoTime() < end && tcp.trySend(new byte[] {'G'})) {
            sent++;
            bystanders().talk();
        }
        assertThat(System.nanoTime()).as("cut off after %s bytes", sent).isLessThan(end);
    }

    @Test
    void sessionsThatNeverConnectEnd() {
        for (int i = 0; i < 100; i++) {
            RawWebSocket _ = stranger().webSocket();
            stranger().polling();
        }
        stranger().webSocket().awaitClosed();
    }

    @Test
    void anUpgradeThatIsNeverFinishedLeavesTheSessionWhereItWas() {
        String sid = stranger().connectedPolling();
        RawWebSocket silent = stranger().upgrade(sid).read();
        silent.awaitClosed();
        RawWebSocket probing = stranger().upgrade(sid).read().text("2probe");
        assertThat(probing.next()).isEqualTo("3probe");
        RawWebSocket second = stranger().upgrade(sid).read();
        second.awaitClosed();
        probing.awaitClosed();
        for (String instead : List.of("2prob", "2probe2probe", "42[\"" + MARK + "\"]", "3", "")) {
            stranger().upgrade(sid).read().text(instead).awaitClosed();
        }
        stranger().post(sid, "427[\"sync\",{}]");
        stranger().pollFor(sid, "437");
    }

    @Test
    void aSessionOfNobodyIsUnknown() {
        for (String sid : List.of(
                MARK,
                UUID.randomUUID().toString(),
                "%00",
                "..%2f..%2f",
                "null",
                "0",
                "a&sid=b",
                "x".repeat(3_000),
                "'%20OR%201=1")) {
            assertThat(stranger().get(sid).status()).as(sid).isEqualTo(400);
            assertThat(stranger().post(sid, "42[\"" + MARK + "\"]").status()).isEqualTo(400);
            assertThat(stranger().upgrade(sid).head()).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void whoLearnsTheIdOfASessionOnAWebSocketGainsNothing() {
        RawWebSocket victim = new RawWebSocket(stranger().tcp(), "", "").read();
        String open = victim.next();
        String sid = open.substring(9, open.indexOf('"', 9));
        victim.text(stranger().connect());
        victim.await("40{\"sid\"");

        assertThat(stranger().get(sid).status()).isEqualTo(400);
        assertThat(stranger().post(sid, "41").status()).isEqualTo(400);
        assertThat(stranger().post(sid, "1").status()).isEqualTo(400);
        RawWebSocket thief =
                stranger().upgrade(sid).read().text("2probe").text("5").text("41");
        assertThat(thief.awaitClosed()).as("frames to somebody else").isZero();
        RawHttp cookie = stranger().tcp();
        cookie.send(GET + "Cookie: io=" + sid + "\r\nio: " + sid + "\r\nConnection: close\r\n\r\n");
        assertThat(cookie.readUntilClosed()).doesNotContain(sid);

        victim.text("427[\"sync\",{}]").await("437");
    }

    @Test
    void theIdIsTakenAsItWasGiven() {
        String sid = stranger().connectedPolling();

        assertThat(stranger().get(sid.toUpperCase(java.util.Locale.ROOT)).status())
                .isEqualTo(400);
        assertThat(stranger().get(sid.substring(1)).status()).isEqualTo(400);
        assertThat(stranger().get("{" + sid + "}").status()).isEqualTo(400);
    }
}
