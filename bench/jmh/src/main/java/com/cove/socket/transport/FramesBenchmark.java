package com.cove.socket.transport;

import com.cove.bench.Microbenchmark;
import com.cove.model.event.ServerEvent;
import com.cove.model.json.Json;
import com.cove.model.message.ClientMessageId;
import com.cove.model.message.Message;
import com.cove.model.message.MessageId;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import com.cove.model.user.UserProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** What a message of 120 characters costs on its way in and out, its database left out. */
public class FramesBenchmark extends Microbenchmark {
    private static final String CONTENT = "x".repeat(120);
    /** Of a client that sends a message; its JSON begins at {@link #JSON}. */
    public static final String PACKET =
            "42123[\"send_message\",{\"threadId\":\"01935c2e-5a00-7000-8000-000000000001\",\"content\":\"" + CONTENT
                    + "\",\"clientMessageId\":\"m3f8k2-123\"}]";

    /** Behind the packet's head. */
    public static final int JSON = PACKET.indexOf('[');

    private final TransportConfig.Packets limits = new TransportConfig.Packets(2 << 20, 64 << 10, 16, 15);
    private final ServerEvent event = new ServerEvent.NewMessage(new Message(
            new MessageId("01935c2e-5a00-7000-8000-0000000000aa"),
            new ThreadId("01935c2e-5a00-7000-8000-000000000001"),
            42,
            new UserId("u1"),
            CONTENT,
            new ClientMessageId("m3f8k2-123"),
            Instant.parse("2026-11-22T09:30:00.123Z"),
            new UserProfile(new UserId("u1"), "u1", null)));
    private final String json = "[\"new_message\"," + Json.text(event) + "]";

    /** The packet's parts; its JSON is left unread. */
    @Benchmark
    public Object decodePacket() {
        return SocketPacket.parse(PACKET, limits);
    }

    @Benchmark
    public String messageToJson() {
        return Json.text(event);
    }

    /** From finished JSON to the bytes of a websocket frame, for one connection. */
    @Benchmark
    public int encodeFrame() {
        Frame frame = SocketPacket.event("/", List.of(), json).getFirst();
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(frame.maxBytes());
        frame.write(buffer);
        int length = buffer.readableBytes();
        buffer.release();
        return length;
    }
}
