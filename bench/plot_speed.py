"""Draws what `make bench` measured: docs/images/speed-*.svg. Arguments: other results, another folder for the pictures."""

import json
import pathlib
import sys

from matplotlib.ticker import LogLocator, NullFormatter

from plots import COLORS, figure, save

HERE = pathlib.Path(__file__).parent
RESULTS = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "results/speed.json"
IMAGES = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE.parent / "docs/images"
SYSTEMS = {"cove": "Cove", "peer-pg": "socket.io, pg", "peer-prisma": "socket.io, Prisma"}
LINES = dict(zip(SYSTEMS, COLORS))
LIMIT_MS = 200


def line(axis, system, rows, x, y, factor=1):
    """Medians, and how far the rounds lie apart."""
    rows = [row for row in rows if row[y] is not None]
    xs = [row[x] for row in rows]
    axis.plot(xs, [row[y]["median"] * factor for row in rows], "o-", color=LINES[system], label=SYSTEMS[system])
    axis.fill_between(xs, [row[y]["min"] * factor for row in rows], [row[y]["max"] * factor for row in rows], color=LINES[system], alpha=0.15, linewidth=0)


def of(rows, system, **properties):
    return [row for row in rows if row["system"] == system and all(row[name] == value for name, value in properties.items())]


def thousands(axis, values):
    axis.set_xticks(values, [f"{value:,}" for value in values])
    axis.minorticks_off()


def logarithmic(axis):
    axis.set_yscale("log")
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter("{x:,g}")
    axis.yaxis.set_minor_formatter(NullFormatter())


def latency(figures):
    plot, axes = figure(1, 2, 9, 3.4)
    for axis, part in zip(axes, ("p50", "p99")):
        for series in figures["latency"]:
            line(axis, series["system"], series["points"], "rate", part)
        axis.axhline(LIMIT_MS, color=COLORS[3], linestyle="--", linewidth=0.8, label=f"{LIMIT_MS} ms")
        axis.set_xscale("log", base=2)
        logarithmic(axis)
        rates = sorted({point["rate"] for series in figures["latency"] for point in series["points"]})
        axis.set_xticks(rates, [f"{rate / 1000:g}k" if rate >= 1000 else f"{rate:g}" for rate in rates])
        axis.set_xlabel("messages a second, sent at that rate whatever the server does")
        axis.set_title(f"from due to delivered, {part}, ms")
    plot.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return plot


def memory(figures):
    plot, axis = figure(1, 1, 4.6, 3.2)
    for system in ("cove", "peer-pg"):
        line(axis, system, of(figures["idle"], system), "connections", "memory", 1e-3)
    axis.set_ylim(bottom=0)
    thousands(axis, sorted({row["connections"] for row in figures["idle"]}))
    axis.set_xlabel("idle connections")
    axis.set_title("memory of each, KB")
    axis.legend()
    return plot


def batches(figures):
    plot, axis = figure(1, 1, 4.6, 3.2)
    rows = figures["inserts"]
    axis.plot([row["batch"] for row in rows], [row["rows"]["median"] for row in rows], "o-", color=COLORS[3], label="PostgreSQL alone")
    for direct in figures["direct"]:
        if direct["saturation"]:
            axis.axhline(direct["saturation"]["median"], color=LINES[direct["system"]], linewidth=1, label=f"{SYSTEMS[direct['system']]}, end to end")
    axis.set_xscale("log")
    logarithmic(axis)
    thousands(axis, [row["batch"] for row in rows])
    axis.set_xlabel("rows a statement, one durable commit each")
    axis.set_title("rows or messages a second")
    axis.legend()
    return plot


def groups(figures):
    plot, axis = figure(1, 1, 4.6, 3.2)
    for system in SYSTEMS:
        line(axis, system, of(figures["groups"], system), "size", "perCpu", 1e-3)
    axis.set_xscale("log")
    logarithmic(axis)
    thousands(axis, sorted({row["size"] for row in figures["groups"]}))
    axis.set_xlabel("members of a group")
    axis.set_title("thousand deliveries a CPU-second of the server")
    axis.legend()
    return plot


def history(figures):
    plot, axes = figure(1, 2, 9, 3.2)
    for axis, (what, title) in zip(axes, (("history", "p99 of a page of history, ms"), ("threads", "p99 of a list of threads, ms"))):
        for system in SYSTEMS:
            line(axis, system, of(figures["reads"], system, what=what), "messages", "p99")
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        thousands(axis, sorted({row["messages"] for row in figures["reads"]}))
        axis.set_xlabel("messages in the database")
        axis.set_title(title)
    axes[0].legend()
    return plot


def main():
    figures = json.loads(RESULTS.read_text())["figures"]
    IMAGES.mkdir(parents=True, exist_ok=True)
    for draw, drawn in ((latency, "latency"), (memory, "idle"), (batches, "inserts"), (groups, "groups"), (history, "reads")):
        # A part of a run has only its own.
        if figures[drawn]:
            save(draw(figures), IMAGES / f"speed-{draw.__name__}.svg")


main()
