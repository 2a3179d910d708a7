package com.cove.bench.echo;

import com.cove.bench.content.Content;
import com.cove.bench.run.Run;
import com.cove.bench.wire.Received;
import com.cove.bench.wire.Sources;
import com.cove.bench.wire.Upgrade;
import com.cove.bench.wire.WebSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** One websocket that has at most one frame under way. */
final class Caller implements WebSocket.Owner {
    private final Run run;
    private final InetSocketAddress target;
    private final int index;
    private final Echoes echoes;
    private final WebSocket socket;
    private final byte[] frame = new byte[Content.LENGTH];
    private long calledNanos;

    Caller(Run run, InetSocketAddress target, Upgrade upgrade, Received received, int index, Echoes echoes) {
        this.run = run;
        this.target = target;
        this.index = index;
        this.echoes = echoes;
        socket = new WebSocket(run, upgrade, received, this);
    }

    void connect() {
        run.connect(target, Sources.of(index), socket).addListener(future -> {
            if (!future.isSuccess()) {
                closed(String.valueOf(future.cause().getMessage()));
            }
        });
    }

    void call(long number) {
        Content.write(number, frame, 0);
        calledNanos = System.nanoTime();
        socket.send(frame, Content.LENGTH);
    }

    @Override
    public void opened() {
        echoes.opened();
    }

    @Override
    public void text(byte[] bytes, int from, int to) {
        if (Arrays.equals(bytes, from, to, frame, 0, Content.LENGTH)) {
            echoes.heard(calledNanos);
        } else {
            run.fail("Something else came back than was sent.");
        }
    }

    @Override
    public void closed(String reason) {
        run.fail("Websocket " + (index + 1) + " is gone: " + reason + ".");
    }
}
