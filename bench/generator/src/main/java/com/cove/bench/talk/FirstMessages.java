package com.cove.bench.talk;

import com.cove.bench.people.Groups;
import java.util.concurrent.CompletableFuture;

/** One message to each thread, so that every client has an offset to come back with. On the event loop. */
final class FirstMessages implements TalkObserver {
    private final Talk talk;
    private final Groups groups;
    private final CompletableFuture<Void> complete;
    private int begun;
    private int done;

    FirstMessages(Talk talk, Groups groups, CompletableFuture<Void> complete) {
        this.talk = talk;
        this.groups = groups;
        this.complete = complete;
    }

    void begin(int atATime) {
        talk.tell(this);
        for (int i = 0; i < atATime; i++) {
            next();
        }
    }

    private void next() {
        if (begun < groups.threads()) {
            talk.say(groups.firstMemberOf(begun++), System.nanoTime());
        }
    }

    @Override
    public void done() {
        if (++done == groups.threads()) {
            complete.complete(null);
        }
        next();
    }
}
