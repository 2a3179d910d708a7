"""
A flame graph of stacks: `plot_flame.py STACKS PICTURE`, of async-profiler's "collapsed" output with `threads`, or what fold_perf.py makes of perf's.
The widths are shares of CPU, or of the bytes of objects; threads of one kind are one, and what is too narrow to read is left out.
"""
import re
import sys
from collections import Counter
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "cove"
matplotlib.rcParams["svg.fonttype"] = "none"
import matplotlib.pyplot as plt

LEAST = 0.008
LETTERS_PER_SHARE = 190
#: Frames that only pass on: the event loop's, the pool's, the pipeline's.
PASSING = re.compile(
    r"^(java/lang/(Thread|VirtualThread|Virtual)|java/util/concurrent/ForkJoin|java/util/concurrent/ThreadPer|jdk/internal/vm/|io/netty/util/concurrent|io/netty/util/internal"
    r"|java/util/(Immutable|Optional|ArrayList|Iterator|stream)|java/lang/invoke|io/netty/channel/SingleThreadIoEventLoop|.*\$\$Lambda|start_thread|_start|__libc_start|main$|PostmasterMain|ServerLoop|postmaster_child|BackendMain|clone|thread_native_entry|Thread::|JavaThread::|.*\.lambda\$)")
#: Of the kernel, of a type whose objects were allocated, and of who runs.
COLORS = {"[k]": "#9ca3af", "[i]": "#fda4af", "com/cove": "#7dabf8", "io/netty": "#c7ddfb", "org/jdbi": "#fcd34d", "org/postgresql": "#f59e0b", "com/fasterxml": "#86efac"}


def kind(thread):
    name = re.sub(r"^\[|( tid=\d+)?\]$", "", thread)
    return re.sub(r"[-_ #]*\d[\d-]*$", "", name)


def label(frame):
    return re.sub(r"^.*/|_\[[ik]\]$", "", frame)


def color(frame):
    mark = frame[-3:]
    if mark in COLORS:
        return COLORS[mark]
    return next((of for start, of in COLORS.items() if frame.startswith(start)), "#d8b4fe")


def stacks(path):
    counted = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, samples = line.rsplit(" ", 1)
        thread, *frames = stack.split(";")
        kept = [frame for frame in frames if not PASSING.match(frame)]
        # A frame that calls itself is one, and where a call goes through layers of one name.
        once = [frame for i, frame in enumerate(kept) if i == 0 or label(frame) != label(kept[i - 1])]
        counted[(kind(thread), *once)] += int(samples)
    return counted


def draw(axis, counted, left, depth, total):
    """Those of one parent, side by side, the widest first. Returns the depth reached."""
    groups = {}
    for frames, samples in counted.items():
        if len(frames) > depth:
            groups.setdefault(frames[depth], Counter())[frames] = samples
    deepest = depth
    for name, of in sorted(groups.items(), key=lambda item: -sum(item[1].values())):
        share = sum(of.values()) / total
        if share < LEAST:
            continue
        axis.barh(depth, share, 0.96, left, color=color(name) if depth else "#e5e7eb", edgecolor="white", linewidth=0.5)
        room = int(share * LETTERS_PER_SHARE)
        if room > 3:
            text = label(name) if depth else f"{name} {100 * share:.0f} %"
            axis.text(left + 0.002, depth, text[:room], va="center", fontsize=5.2, clip_on=True)
        deepest = max(deepest, draw(axis, of, left, depth + 1, total))
        left += share
    return deepest


def main(stacks_path, picture):
    counted = stacks(Path(stacks_path))
    figure, axis = plt.subplots()
    deepest = draw(axis, counted, 0, 0, sum(counted.values()))
    figure.set_size_inches(11, 0.15 * deepest + 0.4)
    axis.set_xlim(0, 1)
    axis.axis("off")
    figure.tight_layout(pad=0.2)
    figure.savefig(picture, metadata={"Date": None})


main(*sys.argv[1:])
