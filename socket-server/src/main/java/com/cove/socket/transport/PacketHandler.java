package com.cove.socket.transport;

/** The protocol above one Engine.IO session. Called on event loops: never blocks. */
interface PacketHandler {
    /**
     * A text message.
     *
     * @param packet with the message's Engine.IO type digit
     * @throws ProtocolException ends the session
     */
    void text(String packet);

    /**
     * A binary message.
     *
     * @throws ProtocolException ends the session
     */
    void binary(byte[] message);

    /** Runs something once all that the client asked for so far is done and answered. */
    void afterAll(Runnable last);

    /** Of what was received and is not yet handled. */
    long waitingBytes();

    /** The session is over; comes once. What was read before and arrives after it is to be ignored. */
    void closed(CloseReason reason);

    /** Makes the protocol for a session that begins. */
    interface Factory {
        PacketHandler open(EngineSession session);
    }
}
