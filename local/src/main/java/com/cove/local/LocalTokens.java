package com.cove.local;

import com.cove.auth.FirebaseTokenAuthority;
import com.cove.auth.TokenAuthority;
import com.cove.local.page.PageConfig.SignIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;

/**
 * Whose tokens are believed here: everybody's who knows their form. Where the Firebase Auth emulator issues them, it also says which of them it
 * took back.
 *
 * @param signIn how the chat page comes by such tokens
 */
record LocalTokens(TokenAuthority authority, SignIn signIn) implements AutoCloseable {
    private static final int PATIENCE_MS = 2_000;

    static LocalTokens of(LocalConfig config) throws CannotStart {
        LocalTokenVerifier unsigned = new LocalTokenVerifier(config.projectId(), Clock.systemUTC());
        if (config.emulator().isEmpty()) {
            return new LocalTokens(unsigned, SignIn.local());
        }
        String host = config.emulator().get();
        requireReachable(host);
        return new LocalTokens(
                new FirebaseTokenAuthority(unsigned, config.firebase()), SignIn.emulator("http://" + host));
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
        if (authority instanceof FirebaseTokenAuthority firebase) {
            firebase.close();
        }
    }
}
