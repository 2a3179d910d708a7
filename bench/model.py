"""
Past one machine: what a million connected people and 50,000 messages a second need. `make bench-model`. It reckons from what was measured on
one machine (results/speed.json), from what the simulation says of Redis and of the looks at what was stored (results/simulation.md), and from
assumptions, each with its reason; results/model.md has them all beside the figures. Nothing here was run at that size.
"""

import json
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
SPEED = HERE / "results/speed.json"
HOURS, DAY = 730, 86_400

# Until `make bench` has written results/speed.json: guesses of its order, from single runs on a busy machine. Microseconds of CPU unless named.
PLACEHOLDERS = {
    "server": {2: 120, 50: 500, 250: 2_100},  # a message, by the members who are connected
    "postgres": 150,  # a message in direct threads, end to end, with its share of a group commit
    "insert_rows": 20_000,  # rows for each CPU-second of PostgreSQL, in batches of 50 and more
    "connect": 1_000,  # connect, RS256 and ready
    "idle_bytes": 10_000,  # of memory, a connection
    "heartbeats": 0.02,  # of a core, 50,000 connections
}

ASSUMED = {
    "connected": (1_000_000, "the question"),
    "messages": (50_000, "a second at the peak: the question"),
    "peak": (3, "times the average, as in the simulation"),
    "busy": (0.5, "of a core or a database that plans to survive a lost neighbour and a deploy"),
    "task_cores": (4, "vCPU of a socket task, of Fargate's sizes"),
    "task_memory": (16, "GB of it"),
    "task_overhead": (1.5e9, "bytes of a task that are not connections: heap, code, buffers"),
    "hint_share": (0.3, "of what a message costs a server, for each other node that is told: group of 20 on 1 and 8 nodes in nodes.md"),
    "reading_every": (10, "seconds between two readings of one person at the peak: who is written to more often reads several at once"),
    "reading": (0.5, "of what a message costs, PostgreSQL's and the server's"),
    "coming": (520, "a second for a million people, and as many leave: the simulation"),
    "calls_a_visit": (5, "REST calls: a list, a sync, three pages"),
    "call_seconds": (0.02, "of a warm call with 1 GB: lambda.md, with the way to the database"),
    "call_postgres": (500, "microseconds of PostgreSQL a call"),
    "row_bytes": (500, "a message with its entries in five indexes: 387 where they were just built, and indexes that grow have room in their pages"),
    "wire_bytes": (450, "a delivered message, framed, and TLS"),
    "vcpu": (0.6, "of a core of the machine here that a vCPU gives: two are threads of one core"),
}

# Dollars. List prices of us-east-1, on demand, written from memory in November 2026 and not looked up: assumptions. Whoever decides
# by them reads the pages first.
PRICES = {
    "Fargate, vCPU-hour": (0.04048, "aws.amazon.com/fargate/pricing"),
    "Fargate, GB-hour": (0.004445, "aws.amazon.com/fargate/pricing"),
    "RDS r7g, vCPU-hour, one zone": (0.12, "aws.amazon.com/rds/postgresql/pricing"),
    "storage, GB-month, two zones": (0.23, "aws.amazon.com/rds/postgresql/pricing"),
    "ElastiCache r7g.large, hour": (0.219, "aws.amazon.com/elasticache/pricing"),
    "Lambda, GB-second": (0.0000133, "aws.amazon.com/lambda/pricing"),
    "Lambda, million calls": (0.20, "aws.amazon.com/lambda/pricing"),
    "HTTP API, million calls": (0.90, "aws.amazon.com/api-gateway/pricing"),
    "traffic out, GB": (0.05, "aws.amazon.com/ec2/pricing/on-demand, above 150 TB"),
}

# What one of its kind can be at most. Also from memory.
LARGEST = {
    "PostgreSQL, vCPU of the writer": 192,
    "Redis, cores of one main thread": 1,
    "PostgreSQL, TB of one volume": 128,
    "Lambda, concurrency without asking": 1_000,
}
STORED_DAYS = 90


def value(name):
    return ASSUMED[name][0]


class Measured:
    """What one machine did."""

    def __init__(self):
        self.real = SPEED.exists()
        found = of_speed(json.loads(SPEED.read_text(encoding="utf-8"))["figures"]) if self.real else {}
        self.missing = sorted(set(PLACEHOLDERS) - set(found))
        values = PLACEHOLDERS | found
        self.server, self.postgres, self.insert_rows = values["server"], values["postgres"], values["insert_rows"]
        self.connect, self.idle_bytes, self.heartbeats = values["connect"], values["idle_bytes"], values["heartbeats"]
        self.rate = found.get("rate")
        self.base, self.delivery = line(self.server)

    def message(self, deliveries):
        """Microseconds of a server's CPU."""
        return self.base + self.delivery * deliveries


def of_speed(figures):
    """Medians of `make bench`, by the names above; what was not measured is not there."""
    median = lambda figure: figure and figure["median"]
    ours = lambda rows: [row for row in figures.get(rows, []) if row.get("system") == "cove"]
    found = {"server": {row["size"]: 1e6 * row["size"] / median(row["perCpu"]) for row in ours("groups") if median(row["perCpu"])}}
    for row in ours("direct"):
        found |= {"postgres": median(row["postgres"]), "rate": median(row["closed"])}
        if not found["server"] and median(row["server"]):
            found["server"] = {2: median(row["server"])}
    for row in ours("storm"):
        found["connect"] = median(row["perCpu"]) and 1e6 / median(row["perCpu"])
    for row in ours("idle"):
        found |= {"idle_bytes": median(row["memory"]), "heartbeats": median(row["core"]) and median(row["core"]) * 50_000 / row["connections"]}
    for row in figures.get("inserts", []):
        if row["batch"] >= 50 and row.get("perCpu"):
            found["insert_rows"] = max(found.get("insert_rows", 0), median(row["perCpu"]))
    return {name: it for name, it in found.items() if it and (name != "server" or len(it) > 1)}


def line(points):
    """Base and slope of costs by deliveries; relative errors count alike."""
    weights = {x: 1 / y**2 for x, y in points.items()}
    total = sum(weights.values())
    mean_x = sum(w * x for x, w in weights.items()) / total
    mean_y = sum(w * points[x] for x, w in weights.items()) / total
    slope = sum(w * (x - mean_x) * (points[x] - mean_y) for x, w in weights.items()) / sum(w * (x - mean_x) ** 2 for x, w in weights.items())
    return mean_y - slope * mean_x, slope


class Simulated:
    """The tables of results/simulation.md for half of the people connected, between its numbers of nodes."""

    def __init__(self):
        text = (HERE / "results/simulation.md").read_text(encoding="utf-8")
        self.sends = number(re.search(r"times the average: ([\d,]+) a second", text)[1])
        self.readings_each = number(re.search(r"and message: ([\d.]+) a message", text)[1])
        share = number(re.search(r"readings \| ([\d.]+) for each", text)[1])
        self.deliveries = self.readings_each / share
        part = text.split("## What it is of")[1].split("\n## ")[0]
        self.redis = {}
        for nodes, what, publishes, *_, cores in re.findall(r"\| (\d+) \| (\w+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", part):
            low, high = map(number, cores.split(" to "))
            self.redis.setdefault(what, {})[int(nodes)] = (number(publishes), low, high)
        looked = text.split("## What the database is asked")[1]
        self.looks = {int(nodes): (number(cell.split(";")[1]),) for nodes, cell in re.findall(r"\| (\d+) \| [^|]+ \| ([^|]+) \|", looked)}

    def at(self, table, nodes):
        """Between two rows, by logarithms; before and behind them, by the nearest two."""
        keys = sorted(table)
        low = max([k for k in keys[:-1] if k <= nodes], default=keys[0])
        high = keys[keys.index(low) + 1]
        share = math.log(nodes / low) / math.log(high / low)
        return [a * (b / a) ** share if a > 0 and b > 0 else a for a, b in zip(table[low], table[high])]


def number(text):
    return float(text.strip().replace(",", ""))


class World:
    """One size: what it needs."""

    def __init__(self, measured, simulated, connected, messages):
        self.connected, self.messages = connected, messages
        people = connected / 1_000_000
        more = messages / simulated.sends
        self.readings = min(simulated.readings_each * messages, connected / value("reading_every"))
        more_readings = self.readings / (simulated.readings_each * simulated.sends)
        self.deliveries = messages * simulated.deliveries
        self.comings = value("coming") * people
        core = 1e6 * value("busy") * value("vcpu")

        by_memory = connected * measured.idle_bytes / (value("task_memory") * 1e9 - value("task_overhead"))
        self.nodes = max(2, by_memory)
        for _ in range(50):  # More nodes are told more, which takes more nodes.
            hints = simulated.at(simulated.redis["messages"], self.nodes)[0] / simulated.sends
            message = measured.message(simulated.deliveries) + hints * value("hint_share") * measured.base
            cpu = messages * message + self.readings * value("reading") * measured.message(simulated.deliveries) + self.comings * measured.connect
            self.socket_cores = cpu / core + measured.heartbeats * connected / 50_000 / value("vcpu") / value("busy")
            self.nodes = max(2, by_memory, self.socket_cores / value("task_cores"))
        self.nodes = math.ceil(self.nodes)
        self.by_memory = by_memory

        self.calls = self.comings * value("calls_a_visit")
        self.concurrency = self.calls * value("call_seconds")
        looks = simulated.at(simulated.looks, self.nodes)[0] * (more + more_readings) / 2
        self.postgres = {
            "messages": messages * measured.postgres / core,
            "readings": self.readings * value("reading") * measured.postgres / core,
            "calls": self.calls * value("call_postgres") / core,
            "looks of every node at all that was stored": looks / value("busy") / value("vcpu"),
        }
        self.database = sum(self.postgres.values())
        scales = {"messages": more, "readings": more_readings, "directory": people, "presence": people}
        cores = {what: [scale * c for c in simulated.at(simulated.redis[what], self.nodes)[1:]] for what, scale in scales.items()}
        self.redis = {what: sum(c) / 2 for what, c in cores.items()}
        self.redis_cores = sum(self.redis.values()) / value("busy")
        self.day = messages / value("peak") * DAY
        self.stored = self.day * STORED_DAYS * value("row_bytes") / 1e12
        self.used = {
            "PostgreSQL, vCPU of the writer": self.database,
            "Redis, cores of one main thread": self.redis_cores,
            "PostgreSQL, TB of one volume": self.stored,
            "Lambda, concurrency without asking": self.concurrency,
        }

    def dollars(self):
        price = {name: it[0] for name, it in PRICES.items()}
        month = 30 * DAY / value("peak")
        return {
            "socket nodes": self.nodes * HOURS * (value("task_cores") * price["Fargate, vCPU-hour"] + value("task_memory") * price["Fargate, GB-hour"]),
            "PostgreSQL, two zones": 2 * self.database * HOURS * price["RDS r7g, vCPU-hour, one zone"],
            f"storage of {STORED_DAYS} days": self.stored * 1_000 * price["storage, GB-month, two zones"],
            "Redis, each shard twice": 2 * max(1, math.ceil(self.redis_cores)) * HOURS * price["ElastiCache r7g.large, hour"],
            "Lambda and HTTP API": self.calls * month * (value("call_seconds") * price["Lambda, GB-second"] + (price["Lambda, million calls"] + price["HTTP API, million calls"]) / 1e6),
            "traffic": self.deliveries * month * value("wire_bytes") / 1e9 * price["traffic out, GB"],
        }


def short(x):
    if x == 0:
        return "0"
    digits = 1 - math.floor(math.log10(abs(x)))
    rounded = round(x, digits)
    return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:.{max(0, digits)}f}"


def table(head, rows):
    lines = [f"| {' | '.join(map(str, row))} |" for row in [head, *rows]]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def breaks(measured, simulated):
    """At how many messages a second, with people in proportion, each part is the largest there is."""
    found = []
    for part, most in LARGEST.items():
        low, high = 1.0, 10_000_000.0
        for _ in range(60):
            middle = math.sqrt(low * high)
            used = World(measured, simulated, middle / value("messages") * value("connected"), middle).used[part]
            low, high = (middle, high) if used < most else (low, middle)
        found.append((part, most, high))
    return sorted(found, key=lambda row: row[2])


THEN = {
    "PostgreSQL, vCPU of the writer": "read replicas for the looks and for REST; then threads shared out to several databases by their id: a message, its thread and "
    "its members are one transaction and stay together, a person's list asks each",
    "Redis, cores of one main thread": "shards: a channel a node spreads by itself (sharded publish); readings of a thread put together for a quarter of a second",
    "PostgreSQL, TB of one volume": "messages in partitions by month, of which old ones go to cheaper storage whole; it also keeps the indexes that are written in memory",
    "Lambda, concurrency without asking": "a quota to be raised; connections through a pool of them",
}


def off(predicted, found):
    return f"{100 * abs(predicted / found - 1):.0f} % {'more' if predicted > found else 'less'}"


def check(measured):
    """What the model says of one machine, beside what was measured there."""
    rows = [[f"server, µs a message to {size}", short(measured.message(size)), short(cost), off(measured.message(size), cost)]
            for size, cost in sorted(measured.server.items())]
    if measured.rate:
        # The server has a core; PostgreSQL shares another with the generator and has at most all of it.
        predicted = 1e6 / max(measured.message(2), measured.postgres)
        rows.append(["messages a second, as many as get through in direct threads, at most", short(predicted), short(measured.rate), off(predicted, measured.rate)])
    return table(["one machine", "model", "measured", "off by"], rows)


def report(measured, simulated):
    world = World(measured, simulated, value("connected"), value("messages"))
    dollars = world.dollars()
    needs = [
        ["socket nodes", f"{world.nodes} tasks of {value('task_cores')} vCPU and {value('task_memory')} GB", f"CPU; memory alone {short(world.by_memory)}"],
        ["PostgreSQL", f"{short(world.database)} vCPU for the writer; {short(world.messages)} inserts a second in batches of 50 alone are {short(world.messages / measured.insert_rows / value('busy') / value('vcpu'))} vCPU",
         ", ".join(f"{what} {short(cores)}" for what, cores in world.postgres.items())],
        ["storage", f"{short(world.stored)} TB for {STORED_DAYS} days", f"{short(world.day / 1e6)} million messages a day"],
        ["Redis", f"{short(world.redis_cores)} cores, so many shards", ", ".join(f"{what} {short(cores)}" for what, cores in world.redis.items())],
        ["Lambda", f"{short(world.concurrency)} at once", f"{short(world.calls)} calls a second"],
        ["dollars a month", short(sum(dollars.values())), ", ".join(f"{what} {short(cost)}" for what, cost in dollars.items())],
    ]
    source = "`results/speed.json`" if measured.real else "**placeholders**: `results/speed.json` is not there yet, so the figures say nothing but how the model works"
    missing = f" Not in it, and taken from placeholders: {', '.join(measured.missing)}." if measured.real and measured.missing else ""
    first = breaks(measured, simulated)
    return "\n\n".join([
        "# Past one machine",
        f"Written by `make bench-model`, reckoned and not run; what one machine does is from {source}.{missing} Two significant digits at most are meant. At the peak, "
        f"{short(world.connected)} connected and {short(world.messages)} messages a second: {short(world.deliveries)} deliveries, {short(world.readings)} readings, {short(world.comings)} who come a second.",
        "## What it needs", table(["part", "how much", "of which"], needs),
        "![](model.svg)",
        "## Where it breaks first",
        "Messages a second, with people in proportion, at which the largest of its kind is at the planned load.",
        table(["part", "largest", "messages a second", "what then"], [[part, most, short(rate), THEN[part]] for part, most, rate in first]),
        "## Against the measurements", check(measured),
        "## Assumptions",
        table(["what", "", "why"], [[name.replace("_", " "), f"{it:,}" if it >= 1 else it, why] for name, (it, why) in ASSUMED.items()]),
        f"Deliveries a message ({short(simulated.deliveries)}), what Redis does, and the nodes' looks at what was stored are those of [simulation.md](simulation.md), "
        "for half of the people connected, in proportion to messages, readings and people.",
        "## Prices",
        "Dollars on demand in us-east-1, written from memory in November 2026: assumptions, not a quotation.",
        table(["what", "$", "page"], [[name, price, page] for name, (price, page) in PRICES.items()]),
    ]) + "\n", first


def main():
    measured, simulated = Measured(), Simulated()
    text, _ = report(measured, simulated)
    sizes = [value("messages") * 2.0**step for step in range(-8, 3)]
    worlds = [World(measured, simulated, size / value("messages") * value("connected"), size) for size in sizes]
    target = HERE / "target/model.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([{"messages": it.messages, "used": {part: used / LARGEST[part] for part, used in it.used.items()}, "nodes": it.nodes} for it in worlds]))
    if "--print" not in sys.argv:
        (HERE / "results/model.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
