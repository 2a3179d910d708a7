package com.cove.bench.talk;

import com.cove.bench.people.Client;
import com.cove.bench.run.Run;

/** Hands what members get to the talk; nobody may leave before the end. */
record Members(Run run, Talk talk) implements Client.Listener {
    @Override
    public void ready(Client client) {
        // The crowd counts them.
    }

    @Override
    public void event(Client client, byte[] bytes, int from, int to) {
        talk.event(client, bytes, from, to);
    }

    @Override
    public void acknowledged(Client client, long id, byte[] bytes, int from, int to) {
        talk.acknowledged(client, id, bytes, from, to);
    }

    @Override
    public void gone(Client client, String reason) {
        run.fail(client.describe() + " is gone: " + reason + ".");
    }
}
