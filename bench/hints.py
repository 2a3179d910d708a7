"""What telling costs Redis, in each scheme of docs/adr/0017-hints-between-nodes.md: one message, a user who comes, and silence.

    python3 hints.py > results/hints.csv    # starts a Redis of its own; three minutes

Of each row: CPU of Redis's main thread in microseconds, and bytes, of one message (or one user). "together" is how many messages
wait in one pipeline: 1 is a node alone, each command a packet that wakes Redis; 50 is what is left under load. Each row is the
cheapest of three rounds: what else the machine does only makes it dearer.
"""

import csv
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

BODY = b"x" * 900
REPEATS = 3
ROUNDS = {2: 4000, 50: 1500, 250: 400}
KEY = "cove:0123456789abcdef:at:{%d}:user%024d"
ADDRESS = str(10**18)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT = free_port()


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


cheapest = {}


def row(what, scheme, group, nodes, together, commands, before, after, times):
    cpu, received, written, memory = [(b - a) / times for a, b in zip(before, after)]
    measured = (cpu, commands, round(received), round(written), round(memory))
    key = (what, scheme, group, nodes, together)
    cheapest[key] = min(measured, cheapest.get(key, measured))


def measure(scheme, group, nodes, together):
    """Everybody is connected, spread evenly; the message comes from the first node."""
    users = range(group)
    placed = [users[node::nodes] for node in range(nodes)]
    others = [node for node in range(1, nodes) if placed[node]]
    question = b""
    if scheme == "per user":
        listeners = Listeners([["u:%d" % user for user in part] for part in placed[1:]])
        publishing, replies = b"".join(command("SPUBLISH", "u:%d" % user, BODY) for user in users), group
    elif scheme == "per thread":
        listeners = Listeners([["t:1"] if part else ["t:0"] for part in placed[1:]])
        publishing, replies = command("SPUBLISH", "t:1", BODY), 1
    else:
        listeners = Listeners([["n:%d" % node] for node in range(1, nodes)])
        for node, part in enumerate(placed):
            for user in part:
                control.ask("SADD", KEY % (1, user), str(int(ADDRESS) + node))
        question = command("SUNION", *[KEY % (1, user) for user in users])
        publishing, replies = b"".join(command("SPUBLISH", "n:%d" % node, BODY) for node in others), len(others)
    together = min(together, max(1, 20000 // (replies + 1)))
    sender = Connection()

    def send():
        if question:
            sender.pipeline(question * together, together)
        sender.pipeline(publishing * together, replies * together)

    send()
    before, sent = state(), 0
    while sent < ROUNDS[group]:
        send()
        sent += together
    time.sleep(0.3)
    after = state()
    sender.socket.close()
    listeners.close()
    row("message", scheme, group, nodes, together, replies + bool(question), before, after, sent)


def idle(scheme, users=20000, threads=50000):
    """Users of two nodes who say nothing, in 25 threads of 10 each: nearly every thread has members on both."""
    time.sleep(0.5)
    before = state()
    listeners = Listeners([])
    if scheme == "per user":
        listeners = Listeners([["cove:0123456789abcdef:u:user%024d" % i for i in range(node, users, 2)] for node in (0, 1)])
    elif scheme == "per thread":
        channels = ["cove:0123456789abcdef:t:01929e3c-0000-7000-8000-%012d" % i for i in range(threads)]
        listeners = Listeners([channels, channels])
    else:
        register(users)
    after = state()
    listeners.close()
    commands = {"per user": 1, "per thread": 2 * threads / users, "per node": 2}[scheme]
    row("silence", scheme, "", 2, 250, commands, before, after, users)


def register(users):
    registrar = Connection()
    for i in range(0, users, 250):
        keys = [KEY % (user % 64, user) for user in range(i, i + 250)]
        registrar.pipeline(b"".join(command("SADD", key, ADDRESS) + command("EXPIRE", key, "900") for key in keys), 500)


def presence(contacts=100, users=1000):
    """Each asks about each of these contacts, in one pipeline."""
    register(contacts - contacts % 250 + 250)
    questions = b"".join(command("SMEMBERS", KEY % (user % 64, user)) for user in range(contacts))
    asker = Connection()
    before = state()
    for _ in range(users):
        asker.pipeline(questions, contacts)
    row("contacts", "per node", "", "", contacts, 1, before, state(), contacts * users)
    control.ask("FLUSHALL")


def wait_for_redis():
    for _ in range(100):
        try:
            return Connection()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise SystemExit("Redis does not start")


def round_of_all():
    for together in (1, 50):
        for nodes in (2, 8):
            for group in (2, 50, 250):
                for scheme in ("per user", "per thread", "per node"):
                    measure(scheme, group, nodes, together)
    for scheme in ("per user", "per thread", "per node"):
        idle(scheme)
    presence()


folder = tempfile.mkdtemp()
redis = subprocess.Popen(
    ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    + ["--client-output-buffer-limit", "pubsub 0 0 0"],
    stdout=subprocess.DEVNULL,
)
try:
    control = wait_for_redis()
    for _ in range(REPEATS):
        round_of_all()
finally:
    redis.terminate()
    redis.wait()
    shutil.rmtree(folder)
table = csv.writer(sys.stdout, lineterminator="\n")
table.writerow(["what", "scheme", "group", "nodes", "together", "cpu_us", "commands", "bytes_in", "bytes_out", "memory"])
for key, (cpu, *others) in cheapest.items():
    table.writerow([*key, "%.2f" % (cpu * 1e6), *others])
