package com.cove.socket.transport;

import com.cove.model.config.Environment;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/** An address that a port may be opened on, as a variable names it: known to be wrong before anything is opened. */
public final class OwnAddress {
    private OwnAddress() {}

    /** Reads the variable and notes its problem; empty where it is absent or wrong. */
    public static Optional<InetAddress> from(Environment env, String variable) {
        Optional<String> host = env.text(variable);
        Optional<InetAddress> address = host.flatMap(OwnAddress::ofThisMachine);
        if (host.isPresent() && address.isEmpty()) {
            env.problem(variable + " is no address of this machine");
        }
        return address;
    }

    private static Optional<InetAddress> ofThisMachine(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            boolean ours = address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
            return ours ? Optional.of(address) : Optional.empty();
        } catch (UnknownHostException | SocketException e) {
            return Optional.empty();
        }
    }
}
