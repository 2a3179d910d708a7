"""How the plots of this folder look."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as pyplot  # noqa: E402

COLORS = ("#2563eb", "#d97706", "#059669", "#9ca3af", "#7c3aed")


def figure(rows, columns, width, height):
    """A figure and its axes."""
    pyplot.rcParams.update(
        {
            "font.family": "sans-serif",
            "svg.fonttype": "none",
            "axes.axisbelow": True,
            "font.size": 9,
            "axes.titlesize": 9.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#e5e7eb",
            "legend.frameon": False,
            "svg.hashsalt": "cove",
            "lines.markersize": 4,
        }
    )
    plot, axes = pyplot.subplots(rows, columns, figsize=(width, height), layout="constrained")
    plot.patch.set_facecolor("white")
    return plot, axes


def save(plot, path):
    """The same picture has the same bytes."""
    plot.savefig(path, metadata={"Date": None})
