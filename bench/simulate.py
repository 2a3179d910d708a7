"""
What hundreds of nodes and a million people would ask of Redis: `make simulate-nodes`. The same seed gives the same numbers. Writes
results/simulation.md and .svg.
"""

import os
import pathlib

import numpy as np

from simulation import costs as costs_of
from simulation import people as people_of
from simulation import drawing, report, schemes
from simulation.people import PEOPLE
from simulation.schemes import Events, Presence, Subscriptions

HERE = pathlib.Path(__file__).parent
SEED = int(os.environ.get("SEED") or 1)
NODES = (10, 50, 200, 500)
CONNECTED = (0.2, 0.5, 1.0)
PEAK = 3  # times the average
SENDS_EACH_DAY = 40
VISITS_EACH_DAY = 15  # so often somebody comes, and leaves
DIRECT_SHARE = 0.6  # of what is sent, to one other person
READ_SHARE = 0.4  # readings a message makes with each connected member: several messages are read at once
DAY = 86_400
ARRIVING, WITHIN_SECONDS = 10_000, 5
DRAIN_SECONDS = 10
LOOKED_AT = 120_000
SMALL_NODES = (2, 5, 10, 50)
SMALL_PART = 0.2  # of the people


class Simulation:
    def __init__(self):
        self.costs = costs_of.fit(HERE / "results/hints.csv")
        self.people = people_of.make(SEED)
        self.presence = Presence(self.people)
        self.sends = PEOPLE * SENDS_EACH_DAY * PEAK / DAY
        self.comings = PEOPLE * VISITS_EACH_DAY * PEAK / DAY

    @staticmethod
    def placed(nodes, share, together):
        """Who is connected, and where."""
        random = np.random.default_rng([SEED, nodes, int(100 * share), together])
        return random, random.random(PEOPLE) < share, people_of.placed(random, nodes, together)

    def world(self, nodes, share, together=False):
        """All that happens in a second at the peak, by scheme."""
        random, online, node = self.placed(nodes, share, together)
        connected = int(online.sum())
        events = Events.sample(random, self.people, online, node, int(LOOKED_AT / share), DIRECT_SHARE, READ_SHARE)
        subscriptions = Subscriptions.sample(random, self.people, online, node, self.people.threads // 20)
        world = {
            "nodes": nodes, "share": share, "together": together, "connected": connected,
            "events": events, "subscriptions": subscriptions, "schemes": {},
            "presence": self.coming_and_leaving(random, online, node, nodes, self.comings),
            "storm": self.presence.arriving(random, online, node, nodes, ARRIVING / WITHIN_SECONDS, self.costs),
            "database": schemes.looking(events) * (nodes * self.sends),
        }
        for scheme in (*schemes.SCHEMES, "trimmed"):
            world["schemes"][scheme] = self.scheme(scheme, events, subscriptions, connected, nodes)
        return world

    def small(self, nodes):
        """A fifth of the people, half of them connected: all that the chosen scheme asks of Redis."""
        random, online, node = self.placed(nodes, 0.5, together=False)
        world = self.world(nodes, 0.5)
        presence = self.coming_and_leaving(random, online, node, nodes, self.comings * SMALL_PART)
        it = world["schemes"]["per node"]
        return {"nodes": nodes, "connected": world["connected"] * SMALL_PART, "all": it["all"] * SMALL_PART + presence,
                "memory": it["memory"] * SMALL_PART}

    def coming_and_leaving(self, *world_and_rate):
        return self.presence.arriving(*world_and_rate, self.costs) + self.presence.leaving(*world_and_rate, self.costs)

    def scheme(self, scheme, events, subscriptions, connected, nodes):
        costs = self.costs
        come, leave = schemes.coming(scheme, subscriptions, costs), schemes.leaving(scheme, subscriptions, costs)
        telling = schemes.telling(scheme, events, nodes, costs) * self.sends
        churn = (come + leave) * self.comings
        standing = schemes.standing(scheme, connected, nodes, costs)
        # A node's people leave it and come elsewhere, one by one.
        return {
            "messages": schemes.telling(scheme, events.unread(), nodes, costs) * self.sends,
            "telling": telling, "churn": churn, "standing": standing, "all": telling + churn + standing,
            "deploy": (come + leave) * (connected / nodes / DRAIN_SECONDS),
            "restart": schemes.anew(scheme, connected, nodes, subscriptions, costs),
            "memory": schemes.memory(scheme, connected, nodes, subscriptions, costs),
            "subscriptions": self.subscriptions(scheme, subscriptions, connected, nodes),
        }

    @staticmethod
    def subscriptions(scheme, subscriptions, connected, nodes):
        return {"per thread": subscriptions.total, "per user": connected}.get(scheme, nodes)

    def break_even(self, world):
        """How many people come and leave a second where two schemes take the same CPU, both working under load."""
        node, thread = (world["schemes"][scheme] for scheme in ("per node", "per thread"))
        saved = node["telling"].busy + node["standing"].busy - thread["telling"].busy - thread["standing"].busy
        dearer = (thread["churn"].busy - node["churn"].busy) / self.comings
        return saved / dearer

    def run(self):
        worlds = [self.world(nodes, share) for nodes in NODES for share in CONNECTED]
        together = [self.world(nodes, 0.5, together=True) for nodes in NODES]
        contacts = self.presence.contacts(np.random.default_rng(SEED).integers(PEOPLE, size=3_000))[1]
        return {
            "worlds": worlds, "together": together, "small": [self.small(nodes) for nodes in SMALL_NODES], "costs": self.costs, "sends": self.sends, "comings": self.comings,
            "contacts": np.bincount(contacts, minlength=3_000), "people": self.people, "break_even": {(world["nodes"], world["share"]): self.break_even(world) for world in worlds},
        }


if __name__ == "__main__":
    result = Simulation().run()
    (HERE / "results/simulation.md").write_text(report.text(result), encoding="utf-8")
    drawing.draw(result, HERE / "results/simulation.svg")
    print(report.text(result))
