"""A million people, whom they talk to, and where they are connected."""

from dataclasses import dataclass

import numpy as np

PEOPLE = 1_000_000
DIRECT_EACH = 15  # direct conversations a person has, on average
GROUPS_EACH = 3  # groups a person is in, on average
SMALLEST, LARGEST = 3, 256  # of groups; half as large comes four times as often
COMMUNITY = 1_000  # people who know each other: a school, a firm, a village
AT_HOME = 0.8  # of those whom somebody talks to, so many are of the same community
SPREAD = 1.0  # of how sociable people are: sigma of a lognormal distribution


@dataclass(frozen=True)
class People:
    """Threads with their members, one thread's after the other's; the direct ones first."""

    starts: np.ndarray  # where each thread's members begin, and the end
    members: np.ndarray
    directs: int

    @property
    def threads(self):
        return len(self.starts) - 1

    @property
    def sizes(self):
        return np.diff(self.starts)

    def of_users(self):
        """For each user where their threads begin in a list, and this list."""
        threads = np.repeat(np.arange(self.threads, dtype=np.int32), self.sizes)
        order = np.argsort(self.members, kind="stable")
        starts = np.searchsorted(self.members[order], np.arange(PEOPLE + 1))
        return starts, threads[order]


def make(seed):
    random = np.random.default_rng(seed)
    sociable = np.cumsum(random.lognormal(0, SPREAD, PEOPLE))

    def somebody(count, home=None):
        low = np.zeros(count) if home is None else np.where(home > 0, sociable[home * COMMUNITY - 1], 0)
        high = sociable[-1] if home is None else sociable[np.minimum((home + 1) * COMMUNITY, PEOPLE) - 1]
        return np.minimum(np.searchsorted(sociable, low + random.random(count) * (high - low)), PEOPLE - 1)

    def among(home):
        abroad = random.random(len(home)) > AT_HOME
        return np.where(abroad, somebody(len(home)), somebody(len(home), home)).astype(np.int32)

    first = somebody(PEOPLE * DIRECT_EACH // 2).astype(np.int32)
    second = among(first // COMMUNITY)
    pairs = np.stack([first, second], axis=1)[first != second]

    possible = np.arange(SMALLEST, LARGEST + 1)
    share = possible**-2.0 / np.sum(possible**-2.0)
    count = int(PEOPLE * GROUPS_EACH / np.sum(share * possible))
    sizes = random.choice(possible, count, p=share)
    group = np.repeat(np.arange(count, dtype=np.int64), sizes)
    home = random.integers(PEOPLE // COMMUNITY, size=count)
    # Who was drawn twice for a group is in it once.
    drawn = np.unique(group * PEOPLE + among(home[group]))
    sizes = np.bincount(drawn // PEOPLE, minlength=count)

    starts = np.concatenate([[0], np.cumsum(np.concatenate([np.full(len(pairs), 2), sizes]))])
    members = np.concatenate([pairs.ravel(), (drawn % PEOPLE).astype(np.int32)])
    return People(starts, members, len(pairs))


def gathered(starts, values, chosen):
    """The values of the chosen ones, and whose each is: its place among the chosen."""
    sizes = starts[chosen + 1] - starts[chosen]
    whose = np.repeat(np.arange(len(chosen)), sizes)
    offsets = np.arange(len(whose)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return values[starts[chosen][whose] + offsets], whose


def placed(random, nodes, together):
    """The node of each: anywhere, or the whole community's."""
    if together:
        return random.integers(nodes, size=-(-PEOPLE // COMMUNITY))[np.arange(PEOPLE) // COMMUNITY]
    return random.integers(nodes, size=PEOPLE)
