"""Draws what `make bench-nodes` measured: results/nodes.svg."""

import json
import pathlib

from plots import COLORS, figure, save

HERE = pathlib.Path(__file__).parent
PANELS = (
    ("in", True, "bytes into Redis a message", "median"),
    ("redisUs", True, "Redis, µs of CPU a message", "median"),
    ("serverMs", True, "servers, ms of CPU a message", "median"),
    ("perCpu", False, "deliveries a CPU-second\nof the servers, × one node", "ratio"),
)


def main():
    table = json.loads((HERE / "target/nodes/table.json").read_text())
    sizes = sorted({row["size"] for row in table})
    plot, axes = figure(1, len(PANELS), 12, 3.3)
    for axis, (name, paced, title, kind) in zip(axes, PANELS):
        for color, size in zip(COLORS, sizes):
            rows = [row for row in table if row["size"] == size and row["paced"] == paced]
            axis.plot([row["nodes"] for row in rows], [row[kind][name] for row in rows], "o-", color=color, label=f"groups of {size}")
        axis.set_xscale("log", base=2)
        axis.set_xticks([1, 2, 4, 8], ["1", "2", "4", "8"])
        axis.set_xlabel("nodes")
        axis.set_title(title)
        axis.set_ylim(bottom=0)
    axes[0].legend()
    save(plot, HERE / "results/nodes.svg")


main()
