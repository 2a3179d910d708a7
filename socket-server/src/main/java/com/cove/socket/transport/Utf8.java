package com.cove.socket.transport;

import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text from bytes, strictly: a replaced character would be stored and acknowledged as something never sent. */
final class Utf8 {
    private static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    static String decode(ByteBuf bytes) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : strictly(bytes);
    }

    private static String strictly(ByteBuf bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes.nioBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("invalid UTF-8");
        }
    }
}
