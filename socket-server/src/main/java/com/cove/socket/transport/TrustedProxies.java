package com.cove.socket.transport;

import com.cove.model.config.Environment;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose {@code X-Forwarded-For} is believed, and so who a client is. Everybody can send that header: only the entries that
 * our own proxies appended count, read from the right.
 */
public final class TrustedProxies {
    private static final int IPV6_NETWORK_BYTES = 8;

    private final List<IpSubnetFilterRule> networks;

    private TrustedProxies(List<IpSubnetFilterRule> networks) {
        this.networks = networks;
    }

    static TrustedProxies from(Environment env, String name) {
        List<IpSubnetFilterRule> networks = new ArrayList<>();
        for (String entry : env.list(name)) {
            try {
                networks.add(new IpSubnetFilterRule(cidr(entry), IpFilterRuleType.ACCEPT));
            } catch (IllegalArgumentException e) {
                env.problem(name + " must be a list of addresses and networks such as 10.0.0.0/8");
                return new TrustedProxies(List.of());
            }
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    private static String cidr(String entry) {
        if (entry.contains("/")) {
            return entry;
        }
        return entry + (entry.contains(":") ? "/128" : "/32");
    }

    /**
     * The client's address: of the connection, or where that is a trusted proxy's, the last one it was given that is not. An
     * IPv6 client counts as its network of 64 bits, all of which it has at its disposal.
     *
     * @param forwarded the {@code X-Forwarded-For} headers
     */
    InetAddress client(SocketAddress peer, List<String> forwarded) {
        InetAddress client =
                peer instanceof InetSocketAddress inet ? inet.getAddress() : InetAddress.getLoopbackAddress();
        if (!networks.isEmpty()) {
            List<String> hops = Arrays.asList(String.join(",", forwarded).split(",", -1));
            for (int i = hops.size() - 1; i >= 0 && trusted(client); i--) {
                InetAddress hop = address(hops.get(i).strip());
                if (hop == null) {
                    break;
                }
                client = hop;
            }
        }
        return network(client);
    }

    /** Whose network connection this is, an IPv6 client's as above; empty for a trusted proxy's, through which many come. */
    Optional<InetAddress> untrusted(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && !trusted(inet.getAddress())
                ? Optional.of(network(inet.getAddress()))
                : Optional.empty();
    }

    private boolean trusted(InetAddress address) {
        InetSocketAddress any = new InetSocketAddress(address, 0);
        return networks.stream().anyMatch(network -> network.matches(any));
    }

    /** With or without a port; null for anything else. Never asks a name server. */
    private static @Nullable InetAddress address(String hop) {
        InetAddress plain = NetUtil.createInetAddressFromIpAddressString(hop);
        int port = hop.lastIndexOf(':');
        return plain == null && port > 0 ? NetUtil.createInetAddressFromIpAddressString(hop.substring(0, port)) : plain;
    }

    private static InetAddress network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address;
        }
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
