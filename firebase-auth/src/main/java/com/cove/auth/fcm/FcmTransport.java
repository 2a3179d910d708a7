package com.cove.auth.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.firebase.internal.ApacheHttp2Transport;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's own HTTP/2 transport over an HTTP client of ours: with fewer connections and threads than the SDK's default,
 * which is one for the whole process, and without the SDK's retries.
 *
 * <p>The SDK tries again after 503, up to four times, sleeping on the sender's thread in between, and has no setting for
 * it. It does not when {@code Retry-After} asks for more than a minute. So every 503 asks for a day here, and what FCM
 * asked for stands in {@link #RETRY_AFTER}. {@code FcmRetryTest} fails when the SDK no longer retries: this can go then.
 */
final class FcmTransport {
    /** One send occupies one: the pool does not share an HTTP/2 connection. */
    static final int CONNECTIONS = 50;
    /** On a 503, what {@code Retry-After} was; absent if that was. */
    static final String RETRY_AFTER = "x-cove-retry-after";

    private static final String LONGER_THAN_THE_SDK_WAITS = Long.toString(TimeUnit.DAYS.toSeconds(1));
    private static final int IO_THREADS = 2;
    private static final long CONNECT_SECONDS = 2;
    /** Longer: all connections may begin at once in a JVM just started, and a handshake needs the processor. */
    private static final long HANDSHAKE_SECONDS = 10;

    private FcmTransport() {}

    static ApacheHttp2Transport open() {
        return new ApacheHttp2Transport(
                withoutRetries(client(SSLContexts.createSystemDefault(), null)).build());
    }

    /** The same, but whatever host is asked for, this address is: for tests, and there is no setting for it. */
    static ApacheHttp2Transport to(InetSocketAddress address, SSLContext tls) {
        return new ApacheHttp2Transport(withoutRetries(client(tls, address)).build());
    }

    /** At once: the graceful way waits for five seconds until the other side closes too, which it does not do. */
    static void close(HttpTransport transport) {
        if (transport instanceof ApacheHttp2Transport http
                && http.getHttpClient() instanceof CloseableHttpAsyncClient client) {
            client.close(CloseMode.IMMEDIATE);
        }
    }

    static HttpAsyncClientBuilder client(SSLContext tls, @Nullable InetSocketAddress address) {
        HttpAsyncClientBuilder client = ApacheHttp2Transport.defaultHttpAsyncClientBuilder()
                .setConnectionManager(connections(tls))
                // It would log faults that are those of closing at once: a send that fails is told so by itself.
                .setIoReactorExceptionCallback(_ -> {})
                .setIOReactorConfig(
                        IOReactorConfig.custom().setIoThreadCount(IO_THREADS).build());
        if (address != null) {
            client.setRoutePlanner((target, context) -> new HttpRoute(
                    new HttpHost(target.getSchemeName(), address.getAddress(), target.getHostName(), address.getPort()),
                    null,
                    true));
        }
        return client;
    }

    private static PoolingAsyncClientConnectionManager connections(SSLContext tls) {
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                        .setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                        .build())
                .setTlsStrategy(
                        ClientTlsStrategyBuilder.create().setSslContext(tls).buildAsync())
                .build();
    }

    private static HttpAsyncClientBuilder withoutRetries(HttpAsyncClientBuilder client) {
        return client.addResponseInterceptorFirst(FcmTransport::askForLonger);
    }

    private static void askForLonger(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
        if (response.getCode() != HttpStatus.SC_SERVICE_UNAVAILABLE) {
            return;
        }
        Header asked = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        response.removeHeaders(RETRY_AFTER);
        if (asked != null) {
            response.setHeader(RETRY_AFTER, asked.getValue());
        }
        response.setHeader(HttpHeaders.RETRY_AFTER, LONGER_THAN_THE_SDK_WAITS);
    }
}
