"""What figures share: names beside lines, numbers at the ends of bars, keys, and counts in words."""

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nbproof.figures import style
from nbproof.labels import Labels


def named(axis: Axes, names: Sequence[str], room: float = 0.5, **look: Any) -> None:
    """A name beside each line, and neither ticks nor edges; room: above the first and below the last."""
    axis.set_yticks(range(len(names)), names, **{"color": style.INK} | look)
    axis.set(xticks=[], ylim=(len(names) - 1 + room, -room))
    axis.tick_params(length=0)
    style.despine(axis, "left", "bottom")


def beside(axis: Axes, end: tuple, text: str, away: float = 3, **look: Any) -> None:
    """A text at the end of a bar, so many points to the right of it, or to the left if negative."""
    given = {"fontsize": style.SMALL, "va": "center", "ha": "left" if away > 0 else "right"}
    axis.annotate(text, end, (away, 0), textcoords="offset points", **given | look)


def keys(owner: Axes | Figure, place: Sequence[float], columns: int, **more: Any) -> None:
    """A line of keys, its lower left corner at `place`."""
    look = {"handlelength": 1.1, "columnspacing": 1, "handletextpad": 0.4}
    owner.legend(
        loc="lower left", bbox_to_anchor=place, ncols=columns, borderpad=0, borderaxespad=0, **look | more
    )  # fmt: skip


def counts(names: Iterable[str], numbers: Iterable[int], labels: Labels) -> str:
    """Each name with its number, as a listing."""
    pairs = zip(names, numbers, strict=True)
    return labels.listing(f"{name} {labels.number(n)}" for name, n in pairs)
