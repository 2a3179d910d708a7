package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cove.auth.VerifiedToken;
import com.cove.model.config.Environment;
import com.cove.model.error.AppException;
import com.cove.model.user.UserId;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.HashedWheelTimer;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can do that no library does, step by step on one thread. */
class HostileClientTest {
    private final HashedWheelTimer timer = new HashedWheelTimer();
    private final Journal journal = new Journal();
    private final TransportConfig config = TransportConfig.from(new Environment(Map.of()));
    private final SessionContext context = Contexts.of(config, timer, session -> new SocketProtocol(session, journal));
    private final Sessions sessions = context.sessions();

    @AfterEach
    void stop() {
        timer.stop();
    }

    /** A whole polling body, as if no other had a turn meanwhile. */
    static void deliver(String body, EngineSession session) {
        PollingBody packets = new PollingBody(body, session);
        while (!packets.deliverSome()) {
            // the next slice
        }
    }

    /** A connection that begins after its session's end would be online for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"40{}", "42[\"a\"]", "451-[\"a\"]", "bAA=="})
    void whatComesBehindTheEndOfItsSessionIsIgnored(String packet) {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);

        deliver("1" + PollingBody.SEPARATOR + packet, session);

        assertThat(journal.calls).isEmpty();
    }

    @Test
    void everyConnectionThatBeganEnds() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);

        deliver("40{}" + PollingBody.SEPARATOR + "1", session);

        assertThat(journal.calls).containsExactly("connected", "disconnected");
    }

    /** Its channel would have no session, and nobody to close it. */
    @Test
    void aWebSocketThatIsReadyAfterTheEndOfItsSessionIsClosed() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        EmbeddedChannel channel = new EmbeddedChannel();
        session.close(CloseReason.SHUTDOWN);

        session.startOn(channel);

        assertThat(channel.isOpen()).isFalse();
    }

    /** Each poll on a connection of its own, none of them read. */
    @Test
    void whoTakesNoPollsIsClosed() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        sessions.add(session);
        Frame megabyte = Frame.text("4" + "x".repeat(1024 * 1024));

        for (int i = 0; i < 33 && sessions.find(session.id()).isPresent(); i++) {
            session.poll(new HttpReply(
                    new EmbeddedChannel(new NeverWritten()),
                    new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"),
                    true));
            session.send(megabyte);
        }

        assertThat(sessions.find(session.id())).isEmpty();
    }

    /** A client that does not read. */
    private static final class NeverWritten extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    /** An event loop has others to serve, too. */
    @Test
    void aBodyOfManyPacketsIsHandledInTurns() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        PollingBody body = new PollingBody(("3" + PollingBody.SEPARATOR).repeat(120) + "3", session);

        assertThat(body.deliverSome()).isFalse();
        assertThat(body.deliverSome()).isFalse();
        assertThat(body.deliverSome()).isTrue();
    }

    /** On another connection, while the first is not done: whose packets would come first? */
    @Test
    void aBodyThatComesDuringAnotherEndsTheSession() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        sessions.add(session);
        EmbeddedChannel channel = new EmbeddedChannel(new EngineRequests(context, () -> new HealthReport(true, "{}")));
        assertThat(session.beginDelivery()).isTrue();

        channel.writeInbound(new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                "/socket.io/?EIO=4&transport=polling&sid=" + session.id(),
                Unpooled.copiedBuffer("3", StandardCharsets.UTF_8)));

        FullHttpResponse answer = channel.readOutbound();
        assertThat(answer.status()).isEqualTo(HttpResponseStatus.BAD_REQUEST);
        assertThat(sessions.find(session.id())).isEmpty();
        answer.release();
    }

    /** The answers of one polling body would fill the memory before anybody reads them. */
    @Test
    void whoTriesNamespacesWithoutEndIsClosed() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        String attempts = ("40/x," + PollingBody.SEPARATOR).repeat(1_000);

        assertThatThrownBy(() -> deliver(attempts, session)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aSecondProbeEndsTheWebSocketThatSentItAndNotItsSession() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        context.sessions().add(session);
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames(session));
        assertThat(session.probe(channel)).isTrue();

        session.receive(channel, "2probe");
        assertThat(channel.isOpen()).isTrue();
        session.receive(channel, "2probe");

        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(context.sessions().find(session.id())).contains(session);
        assertThat(session.probe(new EmbeddedChannel())).as("another attempt").isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void aGoodbyeIsReturnedBeforeTheWebSocketCloses() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames(session));

        channel.writeInbound(new CloseWebSocketFrame(1000, "bye"));

        CloseWebSocketFrame answer = channel.readOutbound();
        assertThat(answer.statusCode()).isEqualTo(1000);
        assertThat(channel.isOpen()).isFalse();
        answer.release();
    }

    /** Otherwise sessions that begin and end in turn would leave their halves of bodies behind. */
    @Test
    void aBodyUnderWayEndsWithItsSession() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        sessions.add(session);
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(sessions.beginBody(session, channel)).isTrue();
        assertThat(sessions.beginBody(session, new EmbeddedChannel())).isFalse();

        session.close(CloseReason.TRANSPORT_CLOSE);

        assertThat(channel.isOpen()).isFalse();
        assertThat(sessions.beginBody(session, new EmbeddedChannel())).isFalse();
    }

    /** Each is as large as a frame may be; together they are no larger than one. */
    @Test
    void attachmentsAreBoundedTogether() {
        EngineSession session = new EngineSession(context, InetAddress.getLoopbackAddress(), null);
        byte[] megabyte = new byte[1024 * 1024];
        session.receive("40{}");
        session.receive("453-[\"photos\"]");
        session.receive(megabyte);

        assertThatThrownBy(() -> session.receive(megabyte)).isInstanceOf(ProtocolException.class);
        assertThat(journal.calls).containsExactly("connected");
    }

    /** Answers to pings and to pipelined requests would pile up. */
    @Test
    void whoTakesNoAnswersIsReadNoFurther() {
        HealthReport up = new HealthReport(true, "{}");
        EmbeddedChannel channel = new EmbeddedChannel(new EngineRequests(context, () -> up));
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();

        outbound.setUserDefinedWritability(1, false);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        outbound.setUserDefinedWritability(1, true);
        channel.runPendingTasks();

        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }

    /** Lets everybody in and notes what it is told. */
    private static final class Journal implements ConnectionListener {
        private final List<String> calls = new ArrayList<>();

        @Override
        public VerifiedToken authenticate(ConnectRequest request) {
            return new VerifiedToken(new UserId("ada"), null, null, Instant.EPOCH, Instant.MAX);
        }

        @Override
        public void connected(Connection connection) {
            calls.add("connected");
        }

        @Override
        public void received(Connection connection, InboundEvent event) {
            calls.add("received");
        }

        @Override
        public Optional<AppException> refusal(Connection connection) {
            return Optional.empty();
        }

        @Override
        public void rejected(Connection connection, String name, Acknowledgement acknowledgement, AppException why) {
            calls.add("rejected");
        }

        @Override
        public void disconnected(Connection connection, CloseReason reason) {
            calls.add("disconnected");
        }
    }
}
