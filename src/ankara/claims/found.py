"""A recomputed value with the rows that decide it, and how rows give it."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


class Found(NamedTuple):
    """A recomputed value and the rows that decide it.

    value: a number, or text in the article's names and in figures that need no translation.
    rows: `ref` of each deciding row. holds: whether the statement is true; None: compare the values.
    """

    value: int | float | str | None
    rows: list[str]
    holds: bool | None = None

    @property
    def text(self) -> str | None:
        """The value as a text; None for none."""
        return None if self.value is None else str(self.value) or None


def some(rows: Iterable, **wanted) -> list:
    """The rows whose columns are as `wanted`; see `Evidence.agreements`."""
    for name, value in wanted.items():
        if isinstance(value, tuple | set | range):
            rows = [row for row in rows if getattr(row, name) in value]
        elif value != "all":
            rows = [row for row in rows if getattr(row, name) == value]
    return list(rows)


def years(first: int, last: int) -> range:
    """The years from `first` to `last`, both included."""
    return range(first, last + 1)


def refs(rows: Iterable) -> list[str]:
    """Where these rows stand, each once."""
    return list(dict.fromkeys(row.ref for row in rows))


def counted(rows: list, different: str = "") -> Found:
    """How many rows, or how many different values they have in a column."""
    n = len({getattr(row, different) for row in rows}) if different else len(rows)
    return Found(n, refs(rows))


def listed(names: Iterable[str], rows: list, expected: Iterable[str] | None = None) -> Found:
    """Different names in the order met; `expected` in any order makes the statement true."""
    names = list(dict.fromkeys(names))
    holds = None if expected is None else sorted(names) == sorted(expected)
    return Found(", ".join(names), refs(rows), holds)


def above(new: tuple[int, int], old: tuple[int, int], rows: list) -> Found:
    """ "35/25 > 14/23": a number of a whole each, and whether the first is the larger part."""
    (n, of), (m, out_of) = new, old
    larger = n * out_of > m * of
    return Found(f"{n}/{of} {'>' if larger else '≤'} {m}/{out_of}", refs(rows), larger)


def single(values: Iterable) -> int | str | None:
    """The one value, else all of them in order as a text; None for none."""
    values = sorted(values)
    return values[0] if len(values) == 1 else ", ".join(map(str, values)) or None


def first_of(counts: Counter) -> list:
    """The most frequent, all of them in a tie."""
    return [value for value, n in counts.items() if n == max(counts.values())]
