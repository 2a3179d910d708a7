package com.cove.socket;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;

/**
 * Every call that may wait – sleeping, parking, files, sockets – on one of Netty's threads, with its stack. A wait for a
 * monitor goes unnoticed. BlockHound rewrites the JDK's methods; Netty says which of its own threads and calls are meant.
 */
final class BlockedLoops {
    /** One fault comes again with every packet. */
    private static final int MAX_SEEN = 20;

    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private BlockedLoops() {}

    static void watch() {
        BlockHound.builder()
                .loadIntegrations()
                // Reads /dev/urandom, which never waits.
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
                // Threads that share an arena of buffers wait for each other, for as long as it takes to look into a
                // queue.
                .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
                // Lettuce closes the links of a cluster on a loop of its own, behind a lock that is held while one is
                // looked up.
                .allowBlockingCallsInside("io.lettuce.core.cluster.PooledClusterConnectionProvider", "closeAsync")
                // Lettuce's own lock around its queue of commands, taken on its own loops: by a link that breaks and is
                // closed, and by a command that follows from an answer. Others hold it while they queue a command.
                .allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "doExclusive")
                .allowBlockingCallsInside("io.lettuce.core.protocol.SharedLock", "incrementWriters")
                // A test's own log lines go to a console.
                .allowBlockingCallsInside("ch.qos.logback.core.OutputStreamAppender", "append")
                .blockingMethodCallback(method -> note(new IllegalStateException(
                        method + " on " + Thread.currentThread().getName())))
                .install();
    }

    private static void note(Exception call) {
        if (SEEN.size() < MAX_SEEN) {
            StringWriter stack = new StringWriter();
            call.printStackTrace(new PrintWriter(stack));
            SEEN.add(stack.toString());
        }
    }

    /** What was seen since the last call. */
    static List<String> seen() {
        List<String> seen = new ArrayList<>();
        for (String call = SEEN.poll(); call != null; call = SEEN.poll()) {
            seen.add(call);
        }
        return seen;
    }
}
