package com.cove.bench.wire;

import com.cove.bench.run.Run;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One websocket, as its client. Written by hand, because a codec makes objects of every frame: here a frame is a range of an array
 * that all websockets of the loop share.
 */
public final class WebSocket extends ChannelInboundHandlerAdapter {
    private static final byte[] NOTHING = {};
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int MAX_SHORT_LENGTH = 125;
    private static final int LENGTH_OF_16_BITS = 126;
    /** First two bytes, 16 bits of length, mask. */
    private static final int MAX_HEADER_BYTES = 8;

    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;

    /** Whose websocket it is. Called on the event loop. */
    public interface Owner {
        void opened();

        /** A text message: that range of bytes, until the method returns. */
        void text(byte[] bytes, int from, int to);

        /** It was open, or never came to be, and is no more. */
        void closed(String reason);
    }

    private final Run run;
    private final Upgrade upgrade;
    private final Received received;
    private final Owner owner;
    private byte[] rest = NOTHING;
    private @Nullable ChannelHandlerContext ctx;
    private boolean open;
    private @Nullable String ending;

    public WebSocket(Run run, Upgrade upgrade, Received received, Owner owner) {
        this.run = run;
        this.upgrade = upgrade;
        this.received = received;
        this.owner = owner;
    }

    /** Sends that much of the array as one text message. */
    public void send(byte[] text, int length) {
        frame(FINAL | TEXT, text, 0, length);
    }

    /** Closes without a word, as a network does. */
    public void close() {
        if (ctx != null) {
            ctx.close();
        }
    }

    /** Masked with zeroes, which is a mask like any other and leaves the bytes as they are. */
    private void frame(int first, byte[] bytes, int from, int length) {
        if (ctx == null) {
            return;
        }
        ByteBuf frame = ctx.alloc().directBuffer(MAX_HEADER_BYTES + length);
        frame.writeByte(first);
        if (length <= MAX_SHORT_LENGTH) {
            frame.writeByte(MASKED | length);
        } else {
            frame.writeByte(MASKED | LENGTH_OF_16_BITS).writeShort(length);
        }
        frame.writeInt(0).writeBytes(bytes, from, length);
        ctx.writeAndFlush(frame, ctx.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ctx = context;
        context.writeAndFlush(context.alloc().buffer().writeBytes(upgrade.request()), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        int length = rest.length + buffer.readableBytes();
        byte[] bytes = received.room(length);
        System.arraycopy(rest, 0, bytes, 0, rest.length);
        buffer.readBytes(bytes, rest.length, length - rest.length);
        buffer.release();
        int taken = open ? frames(bytes, 0, length) : head(bytes, length);
        rest = taken == length ? NOTHING : Arrays.copyOfRange(bytes, taken, length);
    }

    private int head(byte[] bytes, int length) {
        int end = Upgrade.endOfHead(bytes, length);
        if (end < 0) {
            return 0;
        }
        String refusal = upgrade.refusal(bytes, end);
        if (refusal != null) {
            end(refusal);
            return length;
        }
        open = true;
        owner.opened();
        return frames(bytes, end, length);
    }

    /** Hands over what is complete; answers where the rest begins. */
    private int frames(byte[] bytes, int from, int to) {
        int at = from;
        while (to - at >= 2) {
            int length = bytes[at + 1] & 0xff;
            int payload = at + 2;
            if (length == LENGTH_OF_16_BITS) {
                payload += Short.BYTES;
                length = to < payload ? Integer.MAX_VALUE : ((bytes[at + 2] & 0xff) << 8) | (bytes[at + 3] & 0xff);
            } else if (length > LENGTH_OF_16_BITS) {
                payload += Long.BYTES;
                length = to < payload ? Integer.MAX_VALUE : longLength(bytes, at + 2);
            }
            if (to - payload < length) {
                break;
            }
            take(bytes[at] & 0xff, bytes, payload, payload + length);
            at = payload + length;
        }
        return at;
    }

    private static int longLength(byte[] bytes, int at) {
        int length = 0;
        for (int i = at + Integer.BYTES; i < at + Long.BYTES; i++) {
            length = (length << 8) | (bytes[i] & 0xff);
        }
        return length < 0 ? Integer.MAX_VALUE : length;
    }

    private void take(int first, byte[] bytes, int from, int to) {
        if (first == (FINAL | TEXT)) {
            owner.text(bytes, from, to);
        } else if (first == (FINAL | PING)) {
            frame(FINAL | PONG, bytes, from, to - from);
        } else if (first == (FINAL | CLOSE)) {
            end("the server closed the websocket");
        } else if (first != (FINAL | PONG)) {
            run.fail("A frame came that begins with 0x" + Integer.toHexString(first) + ".");
        }
    }

    private void end(String reason) {
        ending = reason;
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ctx = null;
        owner.closed(ending != null ? ending : "the connection ended");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            end("the connection broke");
        } else {
            run.fail("The generator itself is at fault: " + cause);
        }
    }
}
