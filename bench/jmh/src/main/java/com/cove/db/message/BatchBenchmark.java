package com.cove.db.message;

import com.cove.model.message.ClientMessageId;
import com.cove.model.message.SendMessage;
import com.cove.model.thread.ThreadId;
import com.cove.model.user.UserId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a send costs on its way into a batch and out of it, its transaction left out: 64 of them, in 32 threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchBenchmark {
    private static final int SENDS = 64;
    private static final int THREADS = 32;

    private final WaitingSends waiting = new WaitingSends();
    private final List<WaitingSend> sends = IntStream.range(0, SENDS)
            .mapToObj(i -> new WaitingSend(
                    new Send(
                            new UserId("u" + i),
                            new SendMessage(
                                    new ThreadId("01935c2e-5a00-7000-8000-%012x".formatted(i % THREADS)),
                                    "hello",
                                    new ClientMessageId("m" + i))),
                    Long.MAX_VALUE))
            .toList();

    @Benchmark
    @OperationsPerInvocation(SENDS)
    public int assembleBatch() {
        sends.forEach(waiting::add);
        List<WaitingSend> batch = waiting.take(SENDS);
        waiting.release(batch, true);
        return batch.size();
    }
}
