package com.cove.bench.measure;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this process costs and may have. */
public final class ThisProcess {
    private static final UnixOperatingSystemMXBean SYSTEM =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    /** Jars, the event loop, standard streams. */
    private static final int OWN_FILES = 100;

    private ThisProcess() {}

    public static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /** Seconds of a processor since then. */
    public static double secondsSince(long nanos) {
        return Math.round((nanos() - nanos) / 1e6) / 1e3;
    }

    /** Each connection is an open file. Nothing is raised here: whoever starts us decides. */
    public static void requireFilesFor(int connections) throws Trouble {
        long needed = (long) connections + OWN_FILES;
        long allowed = SYSTEM.getMaxFileDescriptorCount();
        if (allowed < needed) {
            throw new Trouble("%d connections need %d open files and this process may have %d: raise `ulimit -n`."
                    .formatted(connections, needed, allowed));
        }
    }
}
