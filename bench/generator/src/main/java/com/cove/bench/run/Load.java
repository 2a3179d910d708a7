package com.cove.bench.run;

/** What a server is asked to do while it is measured. On the event loop. */
public interface Load {
    void begin();

    /** Asks for nothing more. */
    void stop();

    /** Whether all that was asked for is done. */
    boolean isQuiet();

    /** What is not, in a sentence. */
    String describeMissing();
}
