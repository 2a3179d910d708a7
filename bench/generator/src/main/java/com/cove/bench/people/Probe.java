package com.cove.bench.people;

import com.cove.bench.run.Run;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Knocks at a port until it answers again. On the event loop. */
public final class Probe {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** An address that no client has. */
    private static final InetSocketAddress SOURCE = new InetSocketAddress("127.0.0.254", 0);

    private final Run run;
    private final InetSocketAddress target;
    private final Runnable answers;
    private boolean refused;
    private boolean ended;

    /** @param answers run once, when the port answers after it did not */
    public Probe(Run run, InetSocketAddress target, Runnable answers) {
        this.run = run;
        this.target = target;
        this.answers = answers;
    }

    public void begin() {
        run.connect(target, SOURCE, new ChannelInboundHandlerAdapter()).addListener(future -> {
            refused |= !future.isSuccess();
            if (ended) {
                return;
            }
            if (future.isSuccess() && refused) {
                ended = true;
                answers.run();
            } else {
                run.after(INTERVAL_NANOS, this::begin);
            }
        });
    }

    public void end() {
        ended = true;
    }
}
