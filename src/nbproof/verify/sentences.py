"""Sentences about a figure against its table: each number that stands beside a name.

A number that follows a name ("Europe 82", "Africa: 15") must be one that the rows of that name give: a
cell, a count, a sum, or one of these of the rows that have a second name too.
"""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from nbproof.labels import Labels
from nbproof.verify.readers import PRINTED, completed, number

GROUPS = 400  # values of a column that is asked for by name


class Facts:
    """What a table says of each of its names, and in all."""

    def __init__(self, table: pd.DataFrame, labels: Labels):
        table = completed(table)
        own = [c for c in table if not c.endswith("rows") and c not in ("mark",)]
        self.names = [
            c for c in own
            if not pd.api.types.is_numeric_dtype(table[c]) and table[c].nunique() <= GROUPS
        ]  # fmt: skip
        self.numeric = [
            c for c in own if pd.api.types.is_numeric_dtype(table[c]) and table[c].dtype != bool
        ]
        self.table = table
        self.words: dict[str, list[tuple[str, object]]] = {}
        last = {}
        for key in labels:
            last.setdefault(key.rpartition(".")[2], []).append(labels[key])
        for column in self.names:
            for value in table[column].dropna().unique():
                plain = str(value).replace(" ", "_")
                for word in [str(value), *last.get(plain, [])]:
                    word = " ".join(word.split()).casefold()
                    if 2 < len(word) < 60 and "{" not in word:
                        self.words.setdefault(word, []).append((column, value))

    @functools.cache  # noqa: B019
    def of(self, word: str) -> set[float]:
        """The numbers of the rows that a name stands for, and of these by any second name."""
        parts = []
        for column, value in self.words[word]:
            rows = self.table[self.table[column] == value]
            parts += [rows, *(some for _, some in self._by_one(rows, column))]
        return self._numbers(parts)

    def _by_one(self, rows: pd.DataFrame, without: str = "") -> Iterator:
        for column in self.names:
            if column != without and 1 < rows[column].nunique() <= 40:
                yield from rows.groupby(column)

    def _numbers(self, parts: Iterable[pd.DataFrame]) -> set[float]:
        found: set[float] = set()
        for rows in parts:
            for _, marks in rows.groupby("mark"):
                sums = [float(marks[c].sum()) for c in self.numeric]
                cells = marks[self.numeric].to_numpy(float).ravel()
                found |= {float(len(marks)), *sums, *cells[~np.isnan(cells)]}
        return found


def wrong(text: str, facts: Facts) -> Iterator[str]:
    """The numbers of a text that its table does not give to the names beside them."""
    plain = " ".join(text.split())
    low = plain.casefold()
    names = sorted((word for word in facts.words if word in low), key=len, reverse=True)
    if not names:
        return
    known = "|".join(map(re.escape, names))
    pair = re.compile(rf"(?<!\w)({known})(?:: | | \()({PRINTED.pattern})(?!\w)", re.I)
    for name, said in pair.findall(plain):
        value = number(said)
        if value is None or re.fullmatch(r"(19|20)\d\d", said):  # a year is not counted
            continue
        if not _among(value, said, facts.of(name.casefold())):
            yield f"{name} {said}"


def _among(value: float, said: str, given: set[float]) -> bool:
    decimals = re.search(r"[.,](\d{1,2})%?$", said)
    step = (10.0 ** -len(decimals[1]) if decimals else 1.0) / (100 if "%" in said else 1)
    close = lambda one: (
        abs(one - value) <= step / 2 + 1e-9 or abs(one / 100 - value) <= step / 2 + 1e-9
    )
    if any(map(close, given)):
        return True
    if "%" in said:
        return any(two and close(one / two) for one, two in itertools.permutations(given, 2))
    return False
