package com.cove.socket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves through a websocket, and when. */
class OutletTest {
    private final Timer timer = new HashedWheelTimer();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelDuplexHandler());
    private final Backlog backlog = new Backlog();
    private final SessionContext context = Contexts.of(EchoServer.config(Map.of()), timer, session -> {
        throw new IllegalStateException("no session is needed");
    });
    private final Outlet outlet = new Outlet(channel, new Uptake(channel, context, () -> {}), backlog::take);

    @AfterEach
    void stop() {
        timer.stop();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatCameTogetherIsOneWrite() {
        add("4one", "4two");
        outlet.wake();
        add("4three");
        outlet.wake();
        channel.runPendingTasks();

        assertThat(written()).isEqualTo("\u0081\u00044one\u0081\u00044two\u0081\u00064three");
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void whatAVolleyBringsLeavesAtItsEnd() {
        try (Volley volley = new Volley(2)) {
            add("4one");
            volley.wake(outlet);
            channel.runPendingTasks();
            assertThat(channel.<Object>readOutbound()).isNull();
            add("4two");
            volley.wake(outlet);
        }
        channel.runPendingTasks();

        assertThat(written()).isEqualTo("\u0081\u00044one\u0081\u00044two");
    }

    @Test
    void aVolleyHasEachWrittenToByItsOwnLoop() {
        EmbeddedChannel elsewhere = new EmbeddedChannel(new ChannelDuplexHandler());
        Backlog theirs = new Backlog();
        Outlet other = new Outlet(elsewhere, new Uptake(elsewhere, context, () -> {}), theirs::take);
        add("4one");
        theirs.add(Frame.text("4two"));
        try (Volley volley = new Volley(2)) {
            volley.wake(outlet);
            volley.wake(other);
        }

        channel.runPendingTasks();
        assertThat(written()).isEqualTo("\u0081\u00044one");
        assertThat(theirs.bytes()).as("still waiting").isEqualTo(4);
        elsewhere.runPendingTasks();
        assertThat(theirs.isEmpty()).isTrue();
        assertThat(elsewhere.finishAndReleaseAll()).isTrue();
    }

    @Test
    void whoCannotBeWrittenToKeepsNothingFromOthers() {
        Outlet broken = new Outlet(channel, new Uptake(channel, context, () -> {}), (_, _) -> {
            throw new IllegalStateException("for the test");
        });
        add("4one");
        try (Volley volley = new Volley(2)) {
            volley.wake(broken);
            volley.wake(outlet);
        }
        channel.runPendingTasks();

        assertThat(written()).isEqualTo("\u0081\u00044one");
        assertThatThrownBy(channel::checkException).hasMessage("for the test");
    }

    /** The frames are the same objects for all who wait for them; bytes in a channel's buffer would be a copy for each. */
    @Test
    void whatTheClientDoesNotTakeStaysWhereItIs() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        channel.unsafe()
                .outboundBuffer()
                .addMessage(channel.alloc().buffer().writeZero(100), 100, channel.newPromise());
        add("4one");
        outlet.wake();
        channel.runPendingTasks();
        assertThat(backlog.bytes()).isEqualTo(4);

        channel.flush();
        channel.<ByteBuf>readOutbound().release();
        outlet.wake();
        channel.runPendingTasks();
        assertThat(written()).isEqualTo("\u0081\u00044one");
    }

    @Test
    void whatIsLeftAtTheEndLeavesBeforeTheChannelCloses() {
        outlet.close(List.of(Frame.text("4last")));
        channel.runPendingTasks();

        assertThat(written()).isEqualTo("\u0081\u00054last");
        assertThat(channel.isOpen()).isFalse();
    }

    private void add(String... packets) {
        for (String packet : packets) {
            backlog.add(Frame.text(packet));
        }
    }

    private String written() {
        ByteBuf bytes = channel.readOutbound();
        try {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } finally {
            bytes.release();
        }
    }
}
