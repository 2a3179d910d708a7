package com.cove.socket.transport;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids for sockets: 15 random bytes as 20 characters, the length of Node's. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    static String random() {
        byte[] bytes = new byte[15];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
