package com.cove.bench.talk;

/** When the next message is sent. On the event loop. */
sealed interface Pace permits ClosedLoop, OpenLoop {
    void begin();

    /** Nothing more is sent. */
    void stop();
}
