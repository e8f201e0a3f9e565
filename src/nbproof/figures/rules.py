"""What the axes of a figure draw, in terms of its plotted table: `verify` holds the pictures to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

Marks = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """The `what` of these axes, in any order, is `expected` of the plotted table's marks."""

    what: str
    axes: tuple[int, ...]
    expected: Callable[[Marks], Iterable]
    label: str = ""  # of markers, where an axis has several kinds


def values(mark: str, *columns: str) -> Callable[[Marks], list]:
    """The values of these columns of a mark."""
    return lambda marks: [v for c in columns for v in marks[mark][c].dropna()]


def count(mark: str) -> Callable[[Marks], list]:
    """How many marks of a kind there are."""
    return lambda marks: [len(marks[mark])]
