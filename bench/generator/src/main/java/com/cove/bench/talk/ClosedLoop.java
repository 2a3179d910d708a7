package com.cove.bench.talk;

/** So many messages are under way at any time: the next is sent when one is acknowledged and with everybody. */
final class ClosedLoop extends Pace {
    private final int window;
    private boolean stopped;

    ClosedLoop(Talk talk, int window) {
        super(talk);
        this.window = window;
    }

    @Override
    public void begin() {
        talk.tell(this);
        for (int i = 0; i < window; i++) {
            next();
        }
    }

    @Override
    public void done() {
        next();
    }

    private void next() {
        if (!stopped) {
            talk.say(System.nanoTime());
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
