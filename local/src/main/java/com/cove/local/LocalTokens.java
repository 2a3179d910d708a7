package com.cove.local;

import com.cove.auth.FirebaseTokenVerifier;
import com.cove.auth.TokenVerifier;
import com.cove.local.page.PageConfig.SignIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;

/**
 * Whose tokens are believed here: unsigned ones, or those of the Firebase Auth emulator.
 *
 * @param signIn how the chat page comes by such tokens
 */
record LocalTokens(TokenVerifier verifier, SignIn signIn) implements AutoCloseable {
    private static final int PATIENCE_MS = 2_000;

    static LocalTokens of(LocalConfig config) throws CannotStart {
        if (config.emulator().isEmpty()) {
            return new LocalTokens(new LocalTokenVerifier(config.projectId(), Clock.systemUTC()), SignIn.local());
        }
        String host = config.emulator().get();
        requireReachable(host);
        return new LocalTokens(
                new FirebaseTokenVerifier(config.firebase(), Clock.systemUTC()), SignIn.emulator("http://" + host));
    }

    private static void requireReachable(String host) throws CannotStart {
        int colon = host.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(host.substring(colon + 1));
            socket.connect(new InetSocketAddress(host.substring(0, Math.max(0, colon)), port), PATIENCE_MS);
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStart(
                    "The Firebase Auth emulator of FIREBASE_AUTH_EMULATOR_HOST does not answer at " + host
                            + ": start it, or unset the variable.",
                    e);
        }
    }

    @Override
    public void close() {
        if (verifier instanceof FirebaseTokenVerifier firebase) {
            firebase.close();
        }
    }
}
