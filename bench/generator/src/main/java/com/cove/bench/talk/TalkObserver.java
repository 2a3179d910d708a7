package com.cove.bench.talk;

/** Who is told, on the event loop, of what was right. */
interface TalkObserver {
    /** Somebody got a message that was due then. */
    default void delivered(int member, long due) {}

    /** The sender knows that it is stored. */
    default void acknowledged(int sender, long number) {}

    /** It is acknowledged and with everybody. */
    default void done() {}

    /**
     * The server could not store it now ({@code unavailable}) or not so many at once ({@code rate_limited}). Whoever answers true
     * sends it again.
     */
    default boolean refused(int sender, long number) {
        return false;
    }
}
