"""Studies side by side: decade."""

from diplolib.figures import side_by_side
from diplolib.figures.side_by_side import describe, draw, title
from nbproof.figures.record import Record

__all__ = ["FIGURE", "describe", "draw", "table", "title"]


def table(measures):
    """The bars of this measure; see `side_by_side.table`."""
    return side_by_side.table(measures, "decade")


FIGURE = Record(__name__, describe, readings=side_by_side.READINGS)
