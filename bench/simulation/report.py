"""The results as Markdown."""

import numpy as np

from .people import AT_HOME, COMMUNITY, LARGEST, PEOPLE, SMALLEST

NAMES = {
    "per node": "**per node**",
    "trimmed": "per node, naming only who is there",
    "per thread": "per thread",
    "per user": "per user",
    "to all": "to all nodes",
}


def number(value):
    """Two digits that mean something, and no more than that are printed."""
    if value == 0:
        return "0"
    digits = max(0, 1 - int(np.floor(np.log10(abs(value)))))
    return f"{round(value, -int(np.floor(np.log10(abs(value)))) + 1):,.{min(digits, 3)}f}"


def megabytes(value):
    return number(value / 1e6)


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def percent(share):
    return f"{share:.0%}".replace("%", " %")


def cores(work):
    return f"{number(work.busy)} to {number(work.alone)}"


def text(result):
    parts = [HEAD, model(result), ALL, everything(result), OF_IT, kinds(result), CHANGES, changes(result), PRESENCE, presence(result)]
    parts += [SMALL, small(result), TOGETHER, together(result), BREAK_EVEN, break_even(result), DATABASE, database(result)]
    return "\n\n".join(parts) + "\n"


HEAD = """# A million people on hundreds of nodes

Written by `make simulate-nodes`; the same seed gives the same numbers. Per second, at the peak of the day. CPU is that of Redis's main thread,
in cores: the first number where so much waits that each packet carries many commands, the second where each command, answer and hint is a packet
of its own, which wakes Redis; what it is in a given minute lies between. Numbers have two significant digits."""

ALL = """## All of it

Messages, readings, who comes and who leaves; without presence, which is below. "Useless" are hints that tell a node nothing it needs: its
own that comes back, the same once more for another user, or of a thread without a member there."""

OF_IT = """## What it is of

Of the chosen scheme, half of the people connected."""

CHANGES = """## Who comes, a deploy, a new Redis

Half of the people connected. A deploy moves the people of one node to others within 10 s, the commands are those of a second of it; a Redis
that was restarted must learn everything: so many commands, and at least so many seconds of its CPU until hints arrive again."""

PRESENCE = """## Presence

Of the chosen scheme: who comes or leaves is told to nodes with contacts, all of a twentieth of a second on a node together; a node asks Redis where
each contact is, twice for who comes. "Every day" is the usual coming and leaving at the peak, "at once" 10,000 people who come
within 5 s, beside it."""

SMALL = """## A fifth of that

100,000 people connected of 200,000, all that the chosen scheme asks of Redis, presence included."""

TOGETHER = """## If the load balancer put people who talk to each other on one node

By community, half of the people connected: the chosen scheme and the cheapest rejected one."""

BREAK_EVEN = """## Where a channel per thread would be better

It takes less of Redis's CPU while fewer people than this come each second (and as many leave); in the model 520 do. Redis under load."""

DATABASE = """## What the database is asked

Each node looks each second what was stored, everywhere, and reads the place of each message, each reading, and the members of each thread
that was read in (`Repair`). Thousands of rows a second on all nodes together, and the cores of PostgreSQL that this takes."""


def model(result):
    people, costs = result["people"], result["costs"]
    groups = people.sizes[people.directs :]
    contacts = result["contacts"]
    event = next(world["events"] for world in result["worlds"] if world["share"] == 0.5)
    rows = [
        ("people", f"{PEOPLE:,}, of whom 20, 50 or 100 % are connected, on a node drawn at random"),
        ("threads", f"{number(people.threads)}; {len(people.members) / PEOPLE:.0f} a person: 15 direct, 3 groups"),
        (
            "groups",
            f"{SMALLEST} to {LARGEST} members, of twice the size a quarter as many; half of them up to {np.median(groups):.0f}, "
            f"half of the memberships in such of {half_of_members(groups):.0f} and more",
        ),
        ("who knows whom", f"{percent(AT_HOME)} of one's own community of {COMMUNITY:,}; how sociable people are is lognormal, sigma 1"),
        ("contacts", f"{contacts.mean():.0f} on average, {np.median(contacts):.0f} for half, {np.percentile(contacts, 99):.0f} for one in a hundred"),
        ("messages", f"40 a person and day, peak 3 times the average: {number(result['sends'])} a second; 60 % to one person"),
        ("readings", f"0.4 for each connected member and message: {event.readings.mean():.1f} a message where half are connected"),
        ("visits", f"15 a person and day: at the peak {number(result['comings'])} come and as many leave a second"),
        (
            "CPU",
            f"fitted to `hints.csv` (median error {percent(costs.error)}), in µs: a publish {costs.publish:.1f}, each listener {costs.listener:.1f}, "
            f"a question {costs.lookup:.1f} and {costs.key:.2f} for each key, a subscription {costs.subscribe:.1f}, "
            f"a user's entry {costs.register:.1f}, a packet that wakes Redis {costs.wake:.1f}",
        ),
        ("bytes", "as `make bench-nodes` counts them; a hint is 600 (message) or 400 (reading) and 31 for each member, whom it names"),
    ]
    return table(["", ""], rows)


def half_of_members(groups):
    sizes = np.sort(groups)
    return sizes[np.searchsorted(np.cumsum(sizes), sizes.sum() / 2)]


def everything(result):
    rows = []
    for world in result["worlds"]:
        for scheme, name in NAMES.items():
            it = world["schemes"][scheme]
            work = it["all"]
            rows.append(
                (
                    world["nodes"], percent(world["share"]), name, number(work.publishes), number(work.commands),
                    megabytes(work.inward), megabytes(work.outward), number(work.heard / world["nodes"]),
                    number(work.useless / world["nodes"]), cores(work), number(it["subscriptions"]), megabytes(it["memory"]),
                )
            )
    return table(
        ["nodes", "connected", "channels", "publishes", "commands", "MB in", "MB out", "hints a node", "useless", "cores", "subscriptions", "MB of memory"],
        rows,
    )


def halves(result):
    return [world for world in result["worlds"] if world["share"] == 0.5]


def kinds(result):
    rows = []
    for world in halves(result):
        it = world["schemes"]["per node"]
        readings = it["telling"] + it["messages"] * -1
        for name, work in (("messages", it["messages"]), ("readings", readings), ("directory", it["churn"] + it["standing"]), ("presence", world["presence"])):
            rows.append((world["nodes"], name, number(work.publishes), number(work.commands), megabytes(work.inward), megabytes(work.outward), cores(work)))
    return table(["nodes", "for", "publishes", "commands", "MB in", "MB out", "cores"], rows)


def changes(result):
    rows = []
    for world in halves(result):
        for scheme in ("per node", "per thread", "per user"):
            it = world["schemes"][scheme]
            rows.append(
                (
                    world["nodes"], NAMES[scheme], number(it["churn"].commands), number(it["deploy"].commands), cores(it["deploy"]),
                    number(it["restart"].commands), number(it["restart"].busy), megabytes(it["restart"].inward),
                )
            )
    return table(
        ["nodes", "channels", "coming and leaving: commands", "deploy: commands", "cores", "new Redis: commands", "CPU, s", "MB in"], rows
    )


def presence(result):
    rows = []
    for world in result["worlds"]:
        for name, work in (("every day", world["presence"]), ("at once", world["storm"])):
            questions = work.commands - work.publishes
            rows.append(
                (world["nodes"], percent(world["share"]), name, number(questions), number(work.publishes), number(work.heard / world["nodes"]),
                 megabytes(work.inward), megabytes(work.outward), cores(work))
            )
    return table(["nodes", "connected", "", "questions", "publishes", "hints a node", "MB in", "MB out", "cores"], rows)


def small(result):
    rows = [
        (it["nodes"], number(it["all"].publishes), number(it["all"].commands), megabytes(it["all"].inward), megabytes(it["all"].outward), cores(it["all"]),
         megabytes(it["memory"]))
        for it in result["small"]
    ]
    return table(["nodes", "publishes", "commands", "MB in", "MB out", "cores", "MB of memory"], rows)


def together(result):
    rows = []
    for apart, close in zip(halves(result), result["together"]):
        for scheme in ("per node", "per thread"):
            before, after = (world["schemes"][scheme]["all"] for world in (apart, close))
            rows.append(
                (apart["nodes"], NAMES[scheme], number(before.heard), number(after.heard), megabytes(before.outward), megabytes(after.outward),
                 cores(before), cores(after))
            )
    return table(["nodes", "channels", "hints at random", "together", "MB out at random", "together", "cores at random", "together"], rows)


def break_even(result):
    shares = sorted({share for _, share in result["break_even"]})
    nodes = sorted({count for count, _ in result["break_even"]})
    rows = [(count, *(number(result["break_even"][count, share]) for share in shares)) for count in nodes]
    return table(["nodes", *(f"{percent(share)} connected" for share in shares)], rows)


def database(result):
    shares = sorted({world["share"] for world in result["worlds"]})
    nodes = sorted({world["nodes"] for world in result["worlds"]})
    asked = {(world["nodes"], world["share"]): world["database"] for world in result["worlds"]}
    rows = []
    for count in nodes:
        each = [asked[count, share] for share in shares]
        rows.append((count, *(f"{number(read / 1e3)}; {number(cores)}" for read, cores in each)))
    return table(["nodes", *(f"{percent(share)} connected" for share in shares)], rows)
