package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
    /** On both sides of the lengths at which the header changes its form. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 100_000})
    void aDecoderReadsWhatWasWritten(int length) {
        String text = "é".repeat(length / 2) + "x".repeat(length % 2);

        assertThat(decoded(written(Frame.text(text)), TextWebSocketFrame.class))
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(decoded(written(Frame.binary(new byte[length])), BinaryWebSocketFrame.class))
                .isEqualTo(new byte[length]);
    }

    /** Half of a pair is what String itself makes of it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "é", "漢字", "\ud83d\ude00", "a\ud83d", "\ude00b", "\ud83dx\ud83d\ude00"})
    void partsAreOneText(String part) {
        String text = "42" + part + "[" + part + "]";

        assertThat(decoded(written(Frame.text("42", part, "", "[", part, "]")), TextWebSocketFrame.class))
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFrameIsTheSameForEveryClient() {
        Frame frame = Frame.binary(new byte[] {1, 2, 3});

        assertThat(decoded(written(frame), BinaryWebSocketFrame.class)).containsExactly(1, 2, 3);
        assertThat(frame.forPolling()).asString(StandardCharsets.US_ASCII).isEqualTo("bAQID");
        assertThat(decoded(written(frame), BinaryWebSocketFrame.class)).containsExactly(1, 2, 3);
    }

    private static ByteBuf written(Frame frame) {
        ByteBuf buffer = Unpooled.buffer(0, frame.maxBytes());
        frame.write(buffer);
        return buffer;
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
}
