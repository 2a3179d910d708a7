package com.cove.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What Netty's leak detector finds at its strictest level: every buffer is followed. */
final class BufferLeaks {
    /** The library's own pipeline, which a test of it runs: ours has none of its handlers. It shows whenever memory is collected. */
    private static final String NOT_OURS = "com.corundumstudio.socketio.protocol.";

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    private BufferLeaks() {}

    /** To be called before the first buffer is made. */
    static void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            // Abstract, though deprecated: there is no factory without it.
            @SuppressWarnings("deprecation")
            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Detector<>(resource, samplingInterval);
            }
        });
    }

    /** Netty's own only writes to the log, and only if that is open for errors. */
    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            LEAKS.add(resource + records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            LEAKS.add(resource);
        }
    }

    /** What was found since the last call. A leak shows once its buffer was collected and another one is made. */
    static List<String> found() {
        System.gc();
        for (ByteBuf buffer : List.of(ByteBufAllocator.DEFAULT.directBuffer(), ByteBufAllocator.DEFAULT.heapBuffer())) {
            buffer.release();
        }
        List<String> found = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            if (!leak.contains(NOT_OURS)) {
                found.add(leak);
            }
        }
        return found;
    }
}
