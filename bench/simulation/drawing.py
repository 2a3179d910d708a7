"""The results as a picture."""

from plots import COLORS, figure, save

SHOWN = {
    "per node": "per node (chosen)",
    "trimmed": "per node, naming who is there",
    "per thread": "per thread",
    "per user": "per user",
    "to all": "to all nodes",
}
COLOR = dict(zip(SHOWN, (COLORS[0], COLORS[4], COLORS[1], COLORS[2], COLORS[3])))


def draw(result, path):
    worlds = [world for world in result["worlds"] if world["share"] == 0.5]
    plot, axes = figure(2, 3, 12, 6.6)
    lines(axes[0, 0], worlds, "cores of Redis (dashed: each command a packet)", lambda it, _: it["all"].busy, log=True)
    lines(axes[0, 0], worlds, None, lambda it, _: it["all"].alone, log=True, style="--")
    lines(axes[0, 1], worlds, "MB a second into Redis", lambda it, _: it["all"].inward / 1e6, log=True)
    lines(axes[0, 2], worlds, "MB a second out of Redis", lambda it, _: it["all"].outward / 1e6, log=True)
    lines(axes[1, 0], worlds, "useless hints a second on each node\n(per node: none)", useless, log=True)
    bars(axes[1, 1], worlds[1], "after a restart of Redis, 50 nodes:\nCPU seconds until hints arrive")
    parts(axes[1, 2], worlds, "chosen scheme: cores of Redis, by what for\n(each command a packet)")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    plot.legend(handles, labels, loc="outside upper center", ncols=len(SHOWN))
    save(plot, path)


def useless(it, nodes):
    return it["all"].useless / nodes or None


def lines(axis, worlds, title, value, log, style="-"):
    for scheme, label in SHOWN.items():
        values = [value(world["schemes"][scheme], world["nodes"]) for world in worlds]
        if None not in values:
            axis.plot([world["nodes"] for world in worlds], values, "o" + style, color=COLOR[scheme], label=label if style == "-" else None)
    axis.set_xscale("log")
    axis.set_xticks([10, 50, 200, 500], ["10", "50", "200", "500"])
    axis.minorticks_off()
    axis.set_xlabel("nodes")
    if log:
        axis.set_yscale("log")
    if title:
        axis.set_title(title)


def bars(axis, world, title):
    schemes = ("per node", "per thread", "per user")
    values = [world["schemes"][scheme]["restart"].busy for scheme in schemes]
    axis.bar(schemes, values, color=[COLOR[scheme] for scheme in schemes], width=0.6)
    for place, value in enumerate(values):
        axis.text(place, value, f"{value:.1f}", ha="center", va="bottom")
    axis.grid(axis="x", visible=False)
    axis.margins(y=0.15)
    axis.set_title(title)


def parts(axis, worlds, title):
    bottom = [0] * len(worlds)
    for color, (name, value) in zip(COLORS, PARTS.items()):
        heights = [value(world) for world in worlds]
        axis.bar([str(world["nodes"]) for world in worlds], heights, bottom=bottom, color=color, label=name, width=0.6)
        bottom = [below + height for below, height in zip(bottom, heights)]
    axis.legend(fontsize=7)
    axis.grid(axis="x", visible=False)
    axis.set_xlabel("nodes")
    axis.set_title(title)


PARTS = {
    "messages": lambda world: world["schemes"]["per node"]["messages"].alone,
    "readings": lambda world: world["schemes"]["per node"]["telling"].alone - world["schemes"]["per node"]["messages"].alone,
    "directory": lambda world: world["schemes"]["per node"]["churn"].alone + world["schemes"]["per node"]["standing"].alone,
    "presence": lambda world: world["presence"].alone,
}
