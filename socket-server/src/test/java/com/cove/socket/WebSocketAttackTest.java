package com.cove.socket;

import static com.cove.socket.Bystanders.MARK;
import static com.cove.socket.RawWebSocket.BINARY;
import static com.cove.socket.RawWebSocket.CLOSE;
import static com.cove.socket.RawWebSocket.CONTINUATION;
import static com.cove.socket.RawWebSocket.FINAL;
import static com.cove.socket.RawWebSocket.PING;
import static com.cove.socket.RawWebSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames and handshakes that no websocket library makes. */
class WebSocketAttackTest extends UnderAttack {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final String EVENT = "427[\"sync\",{}]";
    private static final String ANSWER = "437[{\"ok\":false";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits=8, x-webkit-deflate-frame",
                "permessage-deflate; q7Zx=\"\\",
            })
    void compressionIsNotNegotiated(String offer) {
        RawWebSocket socket =
                new RawWebSocket(stranger().tcp(), "", "Sec-WebSocket-Extensions: " + offer + "\r\n").read();

        assertThat(socket.head()).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
        assertThat(socket.next()).startsWith("0{");
        socket.frame(FINAL | 0x40 | TEXT, HexFormat.of().parseHex("caceca0400")).awaitClosed();
    }

    /** Reserved bits and opcodes. */
    @ParameterizedTest
    @ValueSource(ints = {0xc1, 0xa1, 0x91, 0xf1, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0xc9})
    void aFrameOfNoKnownKindEndsTheSession(int first) {
        stranger().connected().frame(first, EVENT).awaitClosed();
    }

    /** Not masked; longer than it may be; a length that is negative, or written in more bytes than it takes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "810234322a2a",
                "8100",
                "81ff0000000000200001",
                "81ff7fffffffffffffff",
                "81ffffffffffffffffff",
                "81fe000501020304",
                "81ff000000000000000501020304",
                "8900",
                "89fe007e01020304",
                "89ff000000000000007e01020304",
                "09820102030400",
                "0882010203040000",
            })
    void aFrameWithAWrongHeadEndsTheSession(String hex) {
        stranger().connected().bytes(HexFormat.of().parseHex(hex)).awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "0000", "03e7", "03ed", "03ee", "03f7", "ffff", "03e8ff", "03e8c080", "03e8eda080"})
    void aGoodbyeThatIsNoneEndsTheSession(String hex) {
        stranger()
                .connected()
                .frame(FINAL | CLOSE, HexFormat.of().parseHex(hex))
                .awaitClosed();
    }

    @Test
    void whatFollowsAGoodbyeIsNotRead() {
        stranger()
                .connected()
                .frame(FINAL | CLOSE, HexFormat.of().parseHex("03e8"))
                .text("42[\"" + MARK + "\"]")
                .awaitClosed();
    }

    /** Neither on its own nor cut in two. */
    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "e28228", "f09f98", "80", "fe", "c3"})
    void textThatIsNotUtf8EndsTheSession(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] event = ("42[\"" + MARK + "??????\"]").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bad, 0, event, 10, bad.length);

        stranger().connected().frame(FINAL | TEXT, event).awaitClosed();
        stranger()
                .connected()
                .frame(TEXT, Arrays.copyOf(event, 11))
                .frame(FINAL | CONTINUATION, Arrays.copyOfRange(event, 11, event.length))
                .awaitClosed();
    }

    @Test
    void aCharacterMayBeCutInTwo() {
        byte[] event = "427[\"sync\",{\"cursor\":\"😀\"}]".getBytes(StandardCharsets.UTF_8);
        RawWebSocket socket = stranger().connected();

        socket.frame(TEXT, Arrays.copyOf(event, event.length - 6));
        socket.frame(CONTINUATION, "");
        socket.frame(FINAL | PING, "are you there");
        socket.frame(FINAL | CONTINUATION, Arrays.copyOfRange(event, event.length - 6, event.length));

        assertThat(socket.next()).isEqualTo("opcode 10 are you there");
        socket.await("437[{\"ok\":true");
    }

    @Test
    void fragmentsOutOfTurnEndTheSession() {
        stranger().connected().frame(FINAL | CONTINUATION, EVENT).awaitClosed();
        stranger().connected().frame(CONTINUATION, EVENT).awaitClosed();
        stranger().connected().frame(TEXT, "42").frame(FINAL | TEXT, EVENT).awaitClosed();
        stranger().connected().frame(TEXT, "42").frame(TEXT, "42").awaitClosed();
        stranger().connected().frame(TEXT, "42").frame(BINARY, "42").awaitClosed();
    }

    @Test
    void aMessageThatNeverEndsIsCutOffAtTheLimit() {
        RawWebSocket socket = stranger().connected().frame(TEXT, "42[\"" + MARK);
        byte[] more = new byte[1024];
        for (int i = 0; i < 4 * 1024; i++) {
            socket.frame(CONTINUATION, more);
        }
        socket.awaitClosed();
    }

    @Test
    void fragmentsOfNothingAreNothing() {
        RawWebSocket socket = stranger().connected().frame(TEXT, "");
        byte[] empty = RawWebSocket.encode(CONTINUATION, new byte[0]);
        ByteBuffer many = ByteBuffer.allocate(empty.length * 100_000);
        while (many.hasRemaining()) {
            many.put(empty);
        }
        socket.bytes(many.array()).frame(FINAL | CONTINUATION, EVENT);

        socket.await(ANSWER);
    }

    @Test
    void aMessageMayComeByteByByte() {
        RawWebSocket socket = stranger().connected().frame(TEXT, "427[\"sync\",{\"cursor\":\"");
        byte[] one = RawWebSocket.encode(CONTINUATION, "x".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer many = ByteBuffer.allocate(one.length * 20_000);
        while (many.hasRemaining()) {
            many.put(one);
        }
        socket.bytes(many.array()).frame(FINAL | CONTINUATION, "\"}]");

        socket.await(ANSWER);
    }

    @Test
    void aMessageBeyondTheLimitEndsTheSession() {
        stranger().connected().text("42[\"" + "x".repeat(2 * MEBIBYTE)).awaitClosed();
        stranger().connected().frame(FINAL | BINARY, new byte[2 * MEBIBYTE + 1]).awaitClosed();
    }

    /** Neither in one frame, of which most never comes, nor in many. */
    @Test
    void beforeItIsVerifiedASessionTakesLittle() {
        byte[] frame = RawWebSocket.encode(FINAL | TEXT, new byte[MEBIBYTE]);
        stranger().webSocket().bytes(Arrays.copyOf(frame, 80_000)).awaitClosed();
        RawWebSocket fragments = stranger().webSocket().frame(TEXT, "40");
        for (int i = 0; i < 80; i++) {
            fragments.frame(CONTINUATION, new byte[1024]).frame(FINAL | PING, MARK);
        }
        fragments.awaitClosed();

        RawWebSocket verified = stranger().webSocket().text(stranger().connect() + " ".repeat(60_000));
        verified.await("40{\"sid\"");
        verified.text("427[\"" + "x".repeat(MEBIBYTE) + "\"]").await("437[");
    }

    @Test
    void attachmentsAreTooManyTooLargeOrNeverSent() {
        stranger().connected().text("4516-[\"photos\"]"); // and nothing more: left to its heartbeat
        stranger().connected().text("451-[\"photos\"]").text(EVENT).awaitClosed();
        stranger().connected().frame(FINAL | BINARY, MARK).awaitClosed();
        RawWebSocket large = stranger().connected().text("4516-[\"photos\"]");
        for (int i = 0; i < 16; i++) {
            large.frame(FINAL | BINARY, new byte[MEBIBYTE]);
        }
        large.awaitClosed();
    }

    @Test
    void attachmentsOfAnEventThatDoesNotExistAreAnsweredAndForgotten() {
        RawWebSocket socket = stranger().connected().text("451-7[\"" + MARK + "\",{\"_placeholder\":true,\"num\":99}]");
        socket.frame(FINAL | BINARY, new byte[60_000]);
        assertThat(socket.await("437")).contains("invalid_request");

        socket.text("451-8[\"" + MARK + "\"]").frame(FINAL | BINARY, new byte[2 * MEBIBYTE - 1_000]);
        assertThat(socket.await("438")).contains("payload_too_large");
    }

    @Test
    void polledAttachmentsAreJudgedAlike() {
        String sid = stranger().connectedPolling();
        String part = "b" + Base64.getEncoder().encodeToString(new byte[MEBIBYTE]);
        stranger().post(sid, "452-[\"photos\"]");
        stranger().post(sid, part);
        stranger().post(sid, part);
        assertThat(stranger().post(sid, "3").status()).isEqualTo(400);

        for (String bad : new String[] {"b", "b" + MARK, "b!!!!", "bAA=", "bAA==AA==", "b" + "=".repeat(900_000)}) {
            String other = stranger().connectedPolling();
            stranger().post(other, "451-[\"photos\"]" + Stranger.SEPARATOR + bad + Stranger.SEPARATOR + "44");
            assertThat(stranger().post(other, "3").status())
                    .as(bad.substring(0, 1))
                    .isEqualTo(400);
        }
    }

    /** A handshake that lacks something is answered and leaves nothing behind. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket\r\n",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99\r\n",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 8\r\n",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\n",
                "Upgrade: h2c\r\nConnection: Upgrade\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
                "Upgrade: websocket, q7Zx\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n",
            })
    void aHandshakeThatIsNoneLeavesNothing(String headers) {
        RawHttp tcp = stranger().tcp();
        tcp.send("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
        tcp.readHead();
    }
}
