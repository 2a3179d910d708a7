"""Draws where each part of a larger system ends: results/model.svg."""

import json
import pathlib

from plots import COLORS, figure, save

HERE = pathlib.Path(__file__).parent
worlds = json.loads((HERE / "target/model.json").read_text())
plot, axis = figure(1, 1, 7, 3.6)
for color, part in zip(COLORS, worlds[0]["used"]):
    axis.plot([world["messages"] for world in worlds], [world["used"][part] for world in worlds], "o-", color=color, label=part)
axis.axhline(1, color="#111827", linewidth=1)
axis.set_xscale("log", base=2)
axis.set_yscale("log")
axis.set_xticks([world["messages"] for world in worlds], [f"{world['messages']:,.0f}" for world in worlds], rotation=45)
axis.set_xlabel("messages a second, 20 connected people for each")
axis.set_title("of the largest there is, at the planned load")
axis.legend()
save(plot, HERE / "results/model.svg")
