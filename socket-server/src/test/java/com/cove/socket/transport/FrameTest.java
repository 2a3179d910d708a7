package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;

    /** On both sides of the lengths at which the header changes its form. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 100_000})
    void aDecoderReadsWhatWasWritten(int length) {
        String text = "é".repeat(length / 2) + "x".repeat(length % 2);

        assertThat(decoded(Frame.text(text).forWebSocket(ALLOCATOR), TextWebSocketFrame.class))
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(decoded(Frame.binary(new byte[length]).forWebSocket(ALLOCATOR), BinaryWebSocketFrame.class))
                .isEqualTo(new byte[length]);
    }

    private static byte[] decoded(ByteBuf bytes, Class<? extends WebSocketFrame> type) {
        EmbeddedChannel client = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(false)
                .maxFramePayloadLength(200_000)
                .build()));
        client.writeInbound(bytes);
        WebSocketFrame frame = client.readInbound();
        try {
            assertThat(frame).isInstanceOf(type);
            assertThat(frame.isFinalFragment()).isTrue();
            byte[] content = new byte[frame.content().readableBytes()];
            frame.content().readBytes(content);
            return content;
        } finally {
            frame.release();
            client.finishAndReleaseAll();
        }
    }

    @Test
    void allWritesOfASharedFrameReadOneBufferThatIsFreedAfterTheLast() {
        Frame frame = Frame.text("42[\"hello\"]");
        frame.share();
        ByteBuf first = frame.forWebSocket(ALLOCATOR);
        ByteBuf second = frame.forWebSocket(ALLOCATOR);
        frame.unshare();

        assertThat(first.isDirect()).isTrue();
        first.setByte(first.writerIndex() - 1, '!');
        assertThat(second.getByte(second.writerIndex() - 1)).isEqualTo((byte) '!');
        first.release();
        assertThat(second.refCnt()).isEqualTo(1);
        second.release();
        assertThat(first.refCnt()).isZero();
    }

    /** Such as what was held back until the reply to CONNECT was written. */
    @Test
    void aFrameIsStillRightOnceItIsNoLongerShared() {
        Frame frame = Frame.text("42[\"hello\"]");
        frame.share();
        frame.forWebSocket(ALLOCATOR).release();
        frame.unshare();

        assertThat(decoded(frame.forWebSocket(ALLOCATOR), TextWebSocketFrame.class))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("42[\"hello\"]");
    }
}
