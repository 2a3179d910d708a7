"""What Redis needs for what the nodes ask of it: fitted to what hints.py measured (results/hints.csv)."""

import csv
from dataclasses import dataclass

import numpy as np

# Bytes, as `make bench-nodes` counts them: a user's key among others, an address in an answer, what surrounds a published
# text, a message of 60 characters and a reading as JSON, each recipient in it.
KEY, ADDRESS, PUBLISH, MESSAGE, READING, RECIPIENT = 65, 26, 79, 600, 400, 31
# What a channel sends to a listener beside the text; an integer as an answer.
HEARD, ANSWER = 79, 4
# A user's key with a node's address, EXPIRE included; the same taken out; a subscription; what a node says each second.
REGISTER, UNREGISTER, SUBSCRIBE, BEAT = 195, 115, 90, 400
# Of memory: a user in the list of a node's people, beside their own key.
LISTED = 85

# Microseconds of PostgreSQL that a look at what was stored takes, as `make bench-repair` measured: each message, each reading, and each
# member of a thread that was read in.
STORED, READ, MEMBER = 0.6, 2.7, 0.5


@dataclass(frozen=True)
class Costs:
    """Microseconds of Redis's main thread; bytes of memory."""

    publish: float  # a message that is published, however many listen
    listener: float  # each connection that gets it
    lookup: float  # a question, however many keys
    key: float  # each key of it
    wake: float  # a packet that is read or written alone; nothing of it is left where much waits
    register: float  # SADD and EXPIRE, many in a pipeline
    subscribe: float
    members: float  # SMEMBERS, many in a pipeline
    registered_bytes: float
    subscribed_bytes: float
    error: float  # median of the relative errors of the fit


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reached(row):
    """Connections that hear a message: the first node sends it."""
    return min(int(row["nodes"]), int(row["group"])) - 1


def terms(row):
    """How often a message makes Redis do each thing: publish, listener, lookup, key, wake."""
    group, nodes, hear = int(row["group"]), int(row["nodes"]), reached(row)
    alone = row["together"] == "1"
    if row["scheme"] == "per user":
        elsewhere = group - -(-group // nodes)
        return [group, elsewhere, 0, 0, alone * (2 + hear)]
    if row["scheme"] == "per thread":
        return [1, hear, 0, 0, alone * (2 + hear)]
    return [hear, hear, 1, group, alone * (4 + hear)]


def fit(path):
    rows = rows_of(path)
    messages = [row for row in rows if row["what"] == "message"]
    measured = np.array([float(row["cpu_us"]) for row in messages])
    matrix = np.array([terms(row) for row in messages], dtype=float)
    # Relative errors count, not those of the dearest rows only; nothing costs less than nothing.
    weights = nonnegative(matrix / measured[:, None], np.ones(len(measured)))
    error = np.median(np.abs(matrix @ weights - measured) / measured)
    silence = {row["scheme"]: row for row in rows if row["what"] == "silence"}
    threads = float(silence["per thread"]["commands"])
    members = next(row for row in rows if row["what"] == "contacts")
    return Costs(
        *weights,
        register=float(silence["per node"]["cpu_us"]),
        subscribe=float(silence["per thread"]["cpu_us"]) / threads,
        members=float(members["cpu_us"]),
        registered_bytes=float(silence["per node"]["memory"]) + LISTED,
        subscribed_bytes=float(silence["per thread"]["memory"]) / threads,
        error=error,
    )


def nonnegative(matrix, target, steps=20_000):
    """Least squares without negative weights, by projected gradients."""
    scale = np.linalg.norm(matrix, axis=0)
    scaled = matrix / scale
    rate = 1 / np.linalg.norm(scaled.T @ scaled, 2)
    weights = np.zeros(matrix.shape[1])
    for _ in range(steps):
        weights = np.maximum(0, weights - rate * (scaled.T @ (scaled @ weights - target)))
    return weights / scale
