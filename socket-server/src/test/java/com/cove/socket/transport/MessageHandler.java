package com.cove.socket.transport;

import java.util.function.Consumer;

/** What a test does with the messages of a session, on its event loop. */
record MessageHandler(Consumer<String> texts, Consumer<byte[]> binaries) implements PacketHandler {
    /** Where no binary message is sent. */
    static MessageHandler ofTexts(Consumer<String> texts) {
        return new MessageHandler(texts, _ -> {
            throw new AssertionError("not sent here");
        });
    }

    @Override
    public void text(String packet) {
        texts.accept(packet.substring(1));
    }

    @Override
    public void binary(byte[] message) {
        binaries.accept(message);
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
        // What comes behind the end is the protocol's to ignore, and there is nothing to forget.
    }
}
