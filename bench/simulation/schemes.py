"""What the nodes ask of Redis in a second, in each scheme."""

from dataclasses import dataclass, fields

import numpy as np

from . import costs as bytes_of
from .people import gathered

SCHEMES = ("per node", "per thread", "per user", "to all")
REFRESH_SECONDS = 300  # a node registers everybody anew
BATCHES = 20  # a second on each node, of who came and of who left


@dataclass
class Work:
    """
    In a second. Seconds of CPU: `busy` where much waits together, `alone` where each command, answer and hint is a packet of its own
    that wakes Redis.
    """

    commands: float = 0
    publishes: float = 0
    heard: float = 0  # hints that nodes receive
    useless: float = 0  # of those, the ones that tell a node nothing new for anybody there
    inward: float = 0  # bytes into Redis
    outward: float = 0
    busy: float = 0
    alone: float = 0

    def __add__(self, other):
        return Work(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def __mul__(self, times):
        return Work(*(getattr(self, field.name) * times for field in fields(self)))


@dataclass(frozen=True)
class Events:
    """Messages that were looked at: of each its members, those connected, the nodes they are on, and how many readings follow."""

    members: np.ndarray
    connected: np.ndarray
    nodes: np.ndarray
    readings: np.ndarray

    @staticmethod
    def sample(random, people, online, node, count, direct_share, read_share):
        """Who sends is connected."""
        directs = random.random(count) < direct_share
        # Who is in more groups sends to more: a group has messages by its members.
        first_of_groups = people.starts[people.directs]
        slots = np.where(
            directs,
            random.integers(0, first_of_groups, count),
            random.integers(first_of_groups, people.starts[-1], count),
        )
        slots = slots[online[people.members[slots]]]
        threads = np.searchsorted(people.starts, slots, side="right") - 1
        users, message = gathered(people.starts, people.members, threads)
        there = online[users]
        connected = np.bincount(message[there], minlength=len(threads))
        places = np.unique(message[there] * 100_000 + node[users[there]])
        nodes = np.bincount(places // 100_000, minlength=len(threads))
        return Events(people.sizes[threads], connected, nodes, read_share * (connected - 1))

    def unread(self):
        """The same, as if nobody told that they read."""
        return Events(self.members, self.connected, self.nodes, np.zeros_like(self.readings))


def telling(scheme, events, nodes, costs):
    """One message with the readings that follow it, on average."""
    n, connected, here, readings = events.members, events.connected, events.nodes, events.readings
    count, others = 1 + readings, here - 1
    text = bytes_of.MESSAGE + readings * bytes_of.READING  # of all of these events
    listed = text + count * bytes_of.RECIPIENT * n
    if scheme in ("per node", "trimmed"):
        told, questions, inward, outward, asking = (
            listed, 1, bytes_of.KEY * n + 18, 6 + bytes_of.ADDRESS * here, costs.lookup + costs.key * n
        )
        if scheme == "trimmed":
            # Who is where is asked about each, so that a node is told of its own only.
            told = text + count * bytes_of.RECIPIENT * (connected - connected / here) / np.maximum(others, 1)
            questions, inward, outward, asking = (
                n, (bytes_of.KEY + 18) * n, 4 * n + bytes_of.ADDRESS * connected, costs.members * n
            )
        work = dict(
            publishes=count * others,
            commands=count * (others + questions),
            heard=count * others,
            useless=0,
            inward=count * inward + others * (count * bytes_of.PUBLISH + told),
            outward=count * (outward + bytes_of.ANSWER * others) + others * (count * bytes_of.HEARD + told),
            busy=count * (asking + (costs.publish + costs.listener) * others),
            wakes=count * (2 + 3 * others),
        )
    elif scheme == "per thread":
        work = published(count, np.ones_like(n), here, text, costs) | dict(useless=count, wakes=count * (2 + here))
    elif scheme == "per user":
        work = published(count, n, connected, text, costs) | dict(useless=count * (connected - others), wakes=count * (2 * n + here))
    else:
        work = published(count, np.ones_like(n), nodes, listed, costs) | dict(useless=count * (nodes - others), wakes=count * (2 + nodes))
    return mean(work, costs)


def published(count, publishes, listeners, text, costs):
    return dict(
        publishes=count * publishes,
        commands=count * publishes,
        heard=count * listeners,
        inward=publishes * (count * bytes_of.PUBLISH + text),
        outward=count * bytes_of.ANSWER * publishes + listeners * (count * bytes_of.HEARD + text),
        busy=count * (costs.publish * publishes + costs.listener * listeners),
    )


def mean(work, costs):
    wakes = work.pop("wakes")
    each = {name: float(np.mean(values)) for name, values in work.items()}
    each["busy"] /= 1e6
    each["alone"] = each["busy"] + float(np.mean(wakes)) * costs.wake / 1e6
    return Work(**each)


def looking(events):
    """One message with its readings, and with the members of the thread if it was read: rows, and CPU of PostgreSQL in seconds."""
    members = events.members * (1 - np.exp(-events.readings))
    readings = events.readings
    busy = bytes_of.STORED + bytes_of.READ * readings + bytes_of.MEMBER * members
    return np.array([np.mean(1 + readings + members), np.mean(busy) / 1e6])


@dataclass(frozen=True)
class Subscriptions:
    """What a scheme by threads needs."""

    each: float  # of a person who is alone in the world, so threads of theirs
    new: float  # share of these that nobody else of the node's has
    total: float

    @staticmethod
    def sample(random, people, online, node, count):
        chosen = np.sort(random.choice(people.threads, count, replace=False))
        users, thread = gathered(people.starts, people.members, chosen)
        there = online[users]
        _, together = np.unique(thread[there] * 100_000 + node[users[there]], return_counts=True)
        memberships = len(people.members) / len(online)
        return Subscriptions(memberships, np.sum(together == 1) / np.sum(there), len(together) * people.threads / count)


def coming(scheme, subscriptions, costs):
    """Somebody connects."""
    if scheme in ("per node", "trimmed"):
        return Work(2, 0, 0, 0, bytes_of.REGISTER, 8, costs.register / 1e6, (costs.register + 2 * costs.wake) / 1e6)
    return subscribing(changes(scheme, subscriptions), costs)


def leaving(scheme, subscriptions, costs):
    if scheme in ("per node", "trimmed"):
        return Work(1, 0, 0, 0, bytes_of.UNREGISTER, 4, costs.register / 2e6, (costs.register / 2 + 2 * costs.wake) / 1e6)
    return subscribing(changes(scheme, subscriptions), costs)


def changes(scheme, subscriptions):
    """Subscriptions that begin with somebody who comes, and end with somebody who leaves."""
    return {"per thread": subscriptions.each * subscriptions.new, "per user": 1, "to all": 0}[scheme]


def subscribing(count, costs):
    busy = count * costs.subscribe / 1e6
    return Work(count, 0, 0, 0, count * bytes_of.SUBSCRIBE, count * bytes_of.SUBSCRIBE, busy, busy + (count > 0) * 2 * costs.wake / 1e6)


def standing(scheme, connected, nodes, costs):
    """What goes on whoever comes and leaves."""
    beat = Work(3, 0, 0, 0, bytes_of.BEAT, 14, 4e-6, (4 + 4 * costs.wake) / 1e6) * nodes
    if scheme not in ("per node", "trimmed"):
        return beat
    # Many in a pipeline.
    again = coming(scheme, None, costs)
    again.alone = again.busy
    return beat + again * (connected / REFRESH_SECONDS)


def anew(scheme, connected, nodes, subscriptions, costs):
    """Everything once, in pipelines: after Redis was restarted."""
    if scheme == "per thread":
        work = subscribing(subscriptions.total, costs)
    elif scheme == "per user":
        work = subscribing(connected, costs)
    elif scheme == "to all":
        work = subscribing(nodes, costs)
    else:
        work = coming(scheme, subscriptions, costs) * connected
    work.alone = work.busy
    return work


def memory(scheme, connected, nodes, subscriptions, costs):
    """Bytes in Redis for who is there."""
    return {
        "per node": connected * costs.registered_bytes,
        "trimmed": connected * costs.registered_bytes,
        "per thread": subscriptions.total * costs.subscribed_bytes,
        "per user": connected * costs.subscribed_bytes,
        "to all": nodes * costs.subscribed_bytes,
    }[scheme]


class Presence:
    """Whom an arrival concerns: contacts share a thread."""

    # A hint, each person it tells of, each contact there.
    HINT, PERSON, CONTACT = 14, 140, 31

    def __init__(self, people):
        self.people = people
        self.starts, self.threads = people.of_users()

    def contacts(self, users):
        """Their contacts, and whose each is."""
        threads, whose = gathered(self.starts, self.threads, users)
        others, thread = gathered(self.people.starts, self.people.members, threads)
        pairs = np.unique(whose[thread].astype(np.int64) * len(self.starts) + others)
        whose, others = pairs // len(self.starts), pairs % len(self.starts)
        return others[others != users[whose]], whose[others != users[whose]]

    def arriving(self, random, online, node, nodes, rate, costs):
        """In a second, so many people on all nodes together. Where their contacts are is asked once more to tell them who is online."""
        return self.told(random, online, node, nodes, rate, costs, asking=2, checking=0)

    def leaving(self, random, online, node, nodes, rate, costs):
        """As above. Each node that hears it asks whether the person is there again."""
        return self.told(random, online, node, nodes, rate, costs, asking=1, checking=1)

    def told(self, random, online, node, nodes, rate, costs, asking, checking, people=4_000):
        """
        A node asks about all contacts of a batch in one pipeline, and sends a hint to each node that has some of them. About so
        many people are looked at.
        """
        each = rate / nodes / BATCHES
        batches = max(100, round(people / each))
        sizes = random.poisson(each, batches)
        whoever = random.integers(len(online), size=int(sizes.sum()))
        batch = np.repeat(np.arange(batches), sizes)
        contacts, whose = self.contacts(whoever)
        there = online[contacts]
        hints = np.unique(batch[whose[there]] * 100_000 + node[contacts[there]])
        scale = nodes * BATCHES / batches
        told = there.sum() * scale
        # One of them is the node itself, which is told without Redis.
        heard = len(hints) * scale * (1 - 1 / nodes)
        persons = whose_there(whose[there], node[contacts[there]]) * scale
        asked = asking * len(contacts) * scale + checking * persons
        pipelines = asking * np.sum(sizes > 0) * scale + checking * heard
        text = heard * self.HINT + (persons * self.PERSON + told * self.CONTACT) * (1 - 1 / nodes)
        busy = (asked * costs.members + heard * (costs.publish + costs.listener)) / 1e6
        return Work(
            commands=asked + heard,
            publishes=heard,
            heard=heard,
            inward=asked * (bytes_of.KEY + 18) + heard * bytes_of.PUBLISH + text,
            outward=asked * 4 + told * bytes_of.ADDRESS + heard * (bytes_of.HEARD + bytes_of.ANSWER) + text,
            busy=busy,
            alone=busy + (2 * pipelines + 3 * heard) * costs.wake / 1e6,
        )


def whose_there(whose, nodes):
    """How many times a person is told of to a node."""
    return len(np.unique(whose.astype(np.int64) * 100_000 + nodes))
