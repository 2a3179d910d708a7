package com.cove.bench.people;

import com.cove.bench.run.Run;

/** Of clients that only are there: none may leave before the end. */
final class Staying implements Client.Listener {
    private final Run run;

    Staying(Run run) {
        this.run = run;
    }

    @Override
    public void ready(Client client) {
        // That is all it wants.
    }

    @Override
    public void gone(Client client, String reason) {
        run.fail(client.describe() + " is gone: " + reason + ".");
    }
}
