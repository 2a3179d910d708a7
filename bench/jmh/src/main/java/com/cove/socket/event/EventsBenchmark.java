package com.cove.socket.event;

import com.cove.model.event.ClientEvent;
import com.cove.socket.transport.FramesBenchmark;
import com.cove.socket.transport.InboundEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Events as clients send them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway") // nobody answers it
public class EventsBenchmark {
    private final EventReader reader =
            new EventReader(List.of(new EventBinding<>(ClientEvent.SEND_MESSAGE, (_, _) -> new Answer("{}"))), 16, 32);
    private final InboundEvent event = new InboundEvent(FramesBenchmark.PACKET, FramesBenchmark.JSON, List.of(), null);

    /** From the packet's JSON to the record that a handler gets. */
    @Benchmark
    public Object readSend() {
        return reader.read(event);
    }
}
