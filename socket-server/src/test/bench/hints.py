"""What one message costs Redis in each scheme of docs/adr/0017-hints-between-nodes.md.

    redis-server --port 17379 --save "" --client-output-buffer-limit "pubsub 0 0 0" &
    python3 hints.py 17379        # flushes that Redis
"""

import socket
import sys
import threading
import time

PORT = int(sys.argv[1])
BODY = b"x" * 900
ROUNDS = {2: 4000, 50: 1500, 250: 400}


def command(*words):
    encoded = [word if isinstance(word, bytes) else word.encode() for word in words]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)


class Connection:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", PORT))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def line(self):
        while b"\r\n" not in self.buffer:
            self.buffer += self.socket.recv(1 << 20)
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def reply(self):
        line = self.line()
        if line[:1] in b":+-":
            return line
        size = int(line[1:])
        if line[:1] == b"*":
            return [self.reply() for _ in range(size)]
        while len(self.buffer) < size + 2:
            self.buffer += self.socket.recv(1 << 20)
        text, self.buffer = self.buffer[:size], self.buffer[size + 2 :]
        return text

    def ask(self, *words):
        self.socket.sendall(command(*words))
        return self.reply()

    def pipeline(self, data, replies):
        threading.Thread(target=lambda: self.socket.sendall(data)).start()
        for _ in range(replies):
            self.reply()


control = Connection()


def state():
    lines = control.ask("INFO", "all").decode().split("\r\n")
    info = dict(line.split(":", 1) for line in lines if ":" in line)
    return (
        float(info["used_cpu_user_main_thread"]) + float(info["used_cpu_sys_main_thread"]),
        int(info["total_net_input_bytes"]),
        int(info["total_net_output_bytes"]),
        int(info["used_memory"]),
    )


class Listeners:
    """A connection for each node, subscribed to its channels, that reads and forgets."""

    def __init__(self, channels_by_node):
        self.connections = []
        for channels in channels_by_node:
            node = Connection()
            for i in range(0, len(channels), 1000):
                part = channels[i : i + 1000]
                node.pipeline(b"".join(command("SSUBSCRIBE", channel) for channel in part), len(part))
            threading.Thread(target=self.drain, args=(node.socket,), daemon=True).start()
            self.connections.append(node)

    @staticmethod
    def drain(connection):
        try:
            while connection.recv(1 << 20):
                pass
        except OSError:
            pass

    def close(self):
        for connection in self.connections:
            connection.socket.shutdown(socket.SHUT_RDWR)
            connection.socket.close()
        time.sleep(0.3)
        control.ask("FLUSHALL")


def measure(scheme, group, nodes):
    """Everybody is connected, spread evenly; the message comes from the first node."""
    users = ["user%024d" % i for i in range(group)]
    placed = [users[node::nodes] for node in range(nodes)]
    others = [node for node in range(1, nodes) if placed[node]]
    if scheme == "per user":
        listeners = Listeners([["u:" + user for user in part] for part in placed[1:]])
        message, replies = b"".join(command("SPUBLISH", "u:" + user, BODY) for user in users), group
    elif scheme == "per thread":
        listeners = Listeners([["t:1"] if part else ["t:0"] for part in placed[1:]])
        message, replies = command("SPUBLISH", "t:1", BODY), 1
    else:
        listeners = Listeners([["n:%d" % node] for node in range(1, nodes)])
        for node, part in enumerate(placed):
            for user in part:
                control.ask("SADD", "cove:h:at:{1}:" + user, str(10**18 + node))
        question = command("SUNION", *["cove:h:at:{1}:" + user for user in users])
        message = question + b"".join(command("SPUBLISH", "n:%d" % node, BODY) for node in others)
        replies = 1 + len(others)
    sender = Connection()
    together = max(1, min(50, 20000 // replies))
    sender.pipeline(message * together, replies * together)
    before, sent = state(), 0
    while sent < ROUNDS[group]:
        sender.pipeline(message * together, replies * together)
        sent += together
    time.sleep(0.3)
    after = state()
    sender.socket.close()
    listeners.close()
    cpu, received, written = [(b - a) / sent for a, b in zip(before[:3], after[:3])]
    print(
        "%-10s group %3d nodes %d commands %3d cpu %6.1f us in %6d out %6d per cpu-second %6d"
        % (scheme, group, nodes, replies, cpu * 1e6, received, written, 1 / cpu),
        flush=True,
    )


def idle(scheme, users=20000, threads=50000):
    """Users of two nodes who say nothing, in 25 threads of 10 each: nearly every thread has members on both."""
    time.sleep(0.5)
    before = state()
    listeners = Listeners([])
    if scheme == "per user":
        listeners = Listeners([["cove:h:u:user%024d" % i for i in range(node, users, 2)] for node in (0, 1)])
    elif scheme == "per thread":
        channels = ["cove:h:t:01929e3c-0000-7000-8000-%012d" % i for i in range(threads)]
        listeners = Listeners([channels, channels])
    else:
        registrar = Connection()
        for i in range(0, users, 500):
            keys = ["cove:h:at:{%d}:user%024d" % (user % 64, user) for user in range(i, i + 500)]
            registrar.pipeline(
                b"".join(command("SADD", key, str(10**18)) + command("EXPIRE", key, "900") for key in keys), 1000
            )
    after = state()
    listeners.close()
    print("%-10s idle: cpu %.2f s, %d bytes a user" % (scheme, after[0] - before[0], (after[3] - before[3]) / users))


for nodes in (2, 8):
    for group in (2, 50, 250):
        for scheme in ("per user", "per thread", "per node"):
            measure(scheme, group, nodes)
for scheme in ("per user", "per thread", "per node"):
    idle(scheme)
