package com.cove.socket.event;

import com.cove.bench.Microbenchmark;
import com.cove.model.event.ClientEvent;
import com.cove.socket.transport.FramesBenchmark;
import com.cove.socket.transport.InboundEvent;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** Events as clients send them. */
@SuppressWarnings("NullAway") // nobody answers it
public class EventsBenchmark extends Microbenchmark {
    private final EventReader reader =
            new EventReader(List.of(new EventBinding<>(ClientEvent.SEND_MESSAGE, (_, _) -> new Answer("{}"))), 16, 32);
    private final InboundEvent event = new InboundEvent(FramesBenchmark.PACKET, FramesBenchmark.JSON, List.of(), null);

    /** From the packet's JSON to the record that a handler gets. */
    @Benchmark
    public Object readSend() {
        return reader.read(event);
    }
}
