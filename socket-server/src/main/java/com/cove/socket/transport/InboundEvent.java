package com.cove.socket.transport;

import java.util.List;

/**
 * An event as it came in.
 *
 * @param json a JSON array, unparsed: the name, then the arguments
 * @param attachments of a binary event, in the order of their placeholders
 * @param acknowledgement to answer with
 */
public record InboundEvent(String json, List<byte[]> attachments, Acknowledgement acknowledgement) {}
