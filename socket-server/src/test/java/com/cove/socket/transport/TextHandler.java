package com.cove.socket.transport;

import java.util.function.Consumer;

/** What a test does with the messages of a session, on its event loop. */
record TextHandler(Consumer<String> received) implements PacketHandler {
    @Override
    public void text(String message) {
        received.accept(message);
    }

    @Override
    public void binary(byte[] message) {
        throw new AssertionError("not sent here");
    }

    @Override
    public void afterAll(Runnable last) {
        last.run();
    }

    @Override
    public long waitingBytes() {
        return 0;
    }

    @Override
    public void closed(CloseReason reason) {
        // nothing to forget
    }
}
