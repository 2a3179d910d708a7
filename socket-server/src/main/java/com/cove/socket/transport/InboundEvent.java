package com.cove.socket.transport;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.List;

/**
 * An event as it came in.
 *
 * @param packet of which the rest is a JSON array, unparsed: the name, then the arguments
 * @param start where it begins
 * @param attachments of a binary event, in the order of their placeholders
 * @param acknowledgement to answer with
 */
public record InboundEvent(String packet, int start, List<byte[]> attachments, Acknowledgement acknowledgement) {
    /** The array. */
    public String json() {
        return packet.substring(start);
    }

    /** The array, to be read once from left to right. */
    public Reader reader() throws IOException {
        Reader text = new StringReader(packet);
        long _ = text.skip(start);
        return text;
    }
}
