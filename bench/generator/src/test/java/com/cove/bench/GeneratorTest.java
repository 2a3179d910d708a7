package com.cove.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    @Test
    void mistakesInTheArgumentsAreSaidInASentence() throws Exception {
        assertThat(complaint()).startsWith("The first argument is one of echo, idle, reads, reconnect, saturate");
        assertThat(complaint("threads", "5")).isEqualTo("\"5\" is not key=value.");
        assertThat(complaint("threads", "window=x")).isEqualTo("window must be a whole number.");
        assertThat(complaint("threads", "windows=5"))
                .startsWith("windows is no setting of this scenario; it has drain");
    }

    @Test
    void tooFewFilesAreSaidBeforeAnythingBegins() throws Exception {
        assertThat(complaint("storm", "connections=2000000000", "users=1"))
                .matches(
                        "2000000000 connections need 2000000100 open files and this process may have \\d+: raise `ulimit -n`.");
    }

    @Test
    void aServerThatIsNotThereEndsTheRun() throws Exception {
        assertThat(complaint("threads", "port=1", "threads=1")).contains("Connection refused");
    }

    @Test
    void whatAnEchoServerSendsBackIsCounted() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel server = EchoServer.start(group, 0);
            int port = ((InetSocketAddress) server.localAddress()).getPort();

            Outcome outcome =
                    Outcome.of("echo", "port=" + port, "connections=8", "window=4", "warmup=0.1", "seconds=0.2");

            assertThat(outcome.complaint()).isEmpty();
            assertThat(outcome.result().path("checked").asLong()).isPositive();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static String complaint(String... arguments) throws Exception {
        Outcome outcome = Outcome.of(arguments);
        assertThat(outcome.exitCode()).isEqualTo(1);
        return outcome.complaint();
    }
}
