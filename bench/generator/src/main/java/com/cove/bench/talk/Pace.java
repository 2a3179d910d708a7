package com.cove.bench.talk;

import com.cove.bench.run.Load;

/** Messages, each sent when it is its turn: when that is, is what kinds of this differ in. */
abstract sealed class Pace implements Load, TalkObserver permits ClosedLoop, OpenLoop {
    final Talk talk;

    Pace(Talk talk) {
        this.talk = talk;
    }

    @Override
    public final boolean isQuiet() {
        return talk.flights().open() == 0;
    }

    @Override
    public final String describeMissing() {
        return talk.describeMissing();
    }
}
