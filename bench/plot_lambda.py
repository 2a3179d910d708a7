"""Draws what `make bench-lambda` measured: results/lambda.svg."""

import json
import pathlib

from plots import COLORS, figure, save

HERE = pathlib.Path(__file__).parent
PANELS = (
    ("cpu", "CPU until the first answer, ms", ""),
    ("first", "start to first answer, ms", ""),
    ("p50", "warm call, p50, ms", ""),
)


def main():
    table = [row for row in json.loads((HERE / "target/lambda/table.json").read_text()) if row["name"].endswith("send-message")]
    plot, axes = figure(1, len(PANELS), 12, 3.3)
    for axis, (column, title, _) in zip(axes, PANELS):
        rows = [row for row in table if row[column] is not None][::-1]
        names = [row["name"].removesuffix(" send-message") for row in rows]
        colors = [COLORS[0] if name.startswith("java") else COLORS[3] if name == "query" else COLORS[1] for name in names]
        axis.barh(names, [row[column] for row in rows], color=colors)
        axis.set_title(title)
        axis.grid(axis="y", visible=False)
    save(plot, HERE / "results/lambda.svg")


main()
