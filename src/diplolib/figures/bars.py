"""Stacked bars with their numbers in them, told apart in grey too."""

from matplotlib.axes import Axes

from diplolib.figures import shared
from nbproof.figures import style
from nbproof.labels import Labels

DARK, LIGHT, PALE, GREY = "#1f4e79", "#7fa9cd", "#dfe3e8", "#b9c1cb"
HATCHED = {"facecolor": style.PAPER, "hatch": "//////", "edgecolor": style.QUIET}


def stacked(axis: Axes, bars: list[tuple[str, list]], looks: dict, labels: Labels) -> None:
    """A line a bar, from above: its name and its parts, each a key of `looks` and a number."""
    for line, (_, parts) in enumerate(bars):
        left = 0
        for look, n in parts:
            axis.barh(line, n, left=left, height=0.74, label=look, **looks[look])
            narrow = n < 2  # its number stands beside it
            axis.text(
                left - 0.8 if narrow else left + n / 2, line, labels.number(n), fontsize=8,
                ha="right" if narrow else "center", va="center_baseline",
                color=style.PAPER if looks[look].get("color") == DARK and not narrow else style.INK,
                bbox={"facecolor": style.PAPER, "linewidth": 0, "pad": 1} if "hatch" in looks[look] else None,
            )  # fmt: skip
            left += n
    shared.named(axis, [name for name, _ in bars], fontsize=8)
    axis.tick_params(pad=14)
