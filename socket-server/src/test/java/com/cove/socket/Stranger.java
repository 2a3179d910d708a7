package com.cove.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Somebody with bad intentions and any bytes, on both transports. Takes leave of all its sessions in the end. */
final class Stranger implements AutoCloseable {
    static final String SEPARATOR = "\u001e";

    private final TestServer server;
    private final String user;
    private final List<RawHttp> connections = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();

    /** @param user whose token it has, if it uses one */
    Stranger(TestServer server, String user) {
        this.server = server;
        this.user = user;
    }

    /** What was answered; status 0 if nothing was. */
    record Answer(int status, String head, String body) {
        static Answer of(String text) {
            if (!text.startsWith("HTTP/1.1 ")) {
                return new Answer(0, text, "");
            }
            String[] parts = text.split("\r\n\r\n", 2);
            return new Answer(Integer.parseInt(text.substring(9, 12)), parts[0], parts[1]);
        }
    }

    RawHttp tcp() {
        RawHttp tcp = new RawHttp(server.port());
        connections.add(tcp);
        return tcp;
    }

    /** The CONNECT of this user. */
    String connect() {
        return "40{\"token\":\"" + server.tokens.issue(user) + "\"}";
    }

    /** A websocket session, its open packet read. */
    RawWebSocket webSocket() {
        RawWebSocket socket = new RawWebSocket(tcp(), "", "").read();
        assertThat(socket.next()).startsWith("0{");
        return socket;
    }

    /** A verified connection on a websocket. */
    RawWebSocket connected() {
        RawWebSocket socket = webSocket().text(connect());
        assertThat(socket.next()).startsWith("40{\"sid\":");
        return socket;
    }

    /** A websocket that wants to take over this session. */
    RawWebSocket upgrade(String sid) {
        return new RawWebSocket(tcp(), "&sid=" + sid, "");
    }

    /** The id of a new polling session. */
    String polling() {
        String open = get("").body();
        assertThat(open).startsWith("0{\"sid\":\"");
        String sid = open.substring(9, open.indexOf('"', 9));
        sessions.add(sid);
        return sid;
    }

    /** The id of a polling session with a verified connection. */
    String connectedPolling() {
        String sid = polling();
        assertThat(post(sid, connect()).body()).isEqualTo("ok");
        assertThat(get(sid).body()).startsWith("40{\"sid\":");
        return sid;
    }

    Answer get(String sid) {
        return request("GET " + path(sid) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", new byte[0]);
    }

    Answer post(String sid, String body) {
        return post(sid, body.getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String sid, byte[] body) {
        return request(head(sid, body.length), body);
    }

    /** The head of a POST that is the last request of its connection. */
    static String head(String sid, int length) {
        return "POST " + path(sid) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    Answer request(String head, byte[] body) {
        try (RawHttp tcp = new RawHttp(server.port())) {
            if (tcp.trySend(head.getBytes(StandardCharsets.ISO_8859_1))) {
                tcp.trySend(body);
            }
            return Answer.of(tcp.readUntilClosed());
        }
    }

    static String path(String sid) {
        return "/socket.io/?EIO=4&transport=polling" + (sid.isEmpty() ? "" : "&sid=" + sid);
    }

    /** Polls until the session has ended; all that came until then. */
    String pollToTheEnd(String sid) {
        StringBuilder all = new StringBuilder();
        for (Answer answer = get(sid); answer.status() == 200; answer = get(sid)) {
            all.append(answer.body()).append(SEPARATOR);
        }
        return all.toString();
    }

    /** Polls until this comes. */
    String pollFor(String sid, String beginning) {
        while (true) {
            Answer answer = get(sid);
            assertThat(answer.status()).as("waiting for " + beginning).isEqualTo(200);
            for (String packet : answer.body().split(SEPARATOR, -1)) {
                if (packet.equals("2")) {
                    post(sid, "3");
                } else if (packet.startsWith(beginning)) {
                    return packet;
                }
            }
        }
    }

    @Override
    public void close() {
        connections.forEach(RawHttp::close);
        if (server.running()) {
            sessions.forEach(sid -> post(sid, "1"));
        }
    }
}
