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
from nbproof.verify.readers import HOLE, PRINTED, _plain, completed, number

DIGIT, WORD = re.compile(r"\d+"), re.compile(r"[^\W\d_]{3,}")
YEARS = re.compile(r"\d\d(\d\d)-\d\d(\d\d)")
SUFFIX = re.compile(r"(?<=\d)['’]\w+")  # of a number, in Turkish
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
        self.table, self.labels = table, labels
        self.few = [name for name in self.names if 1 < table[name].nunique() <= 40]
        self.few += ["year"] if "year" in table else []
        self.codes = {
            name: pd.factorize(table[name])[0]
            for name in ["mark", "year", *self.names]
            if name in table
        }
        self.values = table[self.numeric].to_numpy(float, na_value=np.nan)
        self.words: dict[str, list[tuple[str, object]]] = {}
        last: dict[str, list[str]] = {}
        texts = " ".join(re.sub(r"\{[^}]*\}", "#", labels[key]) for key in labels)
        forms = r"[^\W\d_]+ \d+(?:(?:[–-]|, | and | ve )\d+)*\b", r"\d+ [^\W\d_]+", r"[^\W\d_]+-\d+"
        self.fixed = {said for form in forms for said in re.findall(form, texts)}
        for key in labels:
            last.setdefault(key.rpartition(".")[2], []).append(labels[key])
        for column in self.names:
            for value in table[column].dropna().unique():
                plain = str(value).replace(" ", "_")
                for word in [str(value), *last.get(plain, [])]:
                    word = " ".join(word.split()).casefold()
                    if 2 < len(word) < 60 and "{" not in word:
                        self.words.setdefault(word, []).append((column, value))

    @functools.cached_property
    def vocabulary(self) -> tuple[set[str], re.Pattern, re.Pattern]:
        """The words of labels and cells; labels that hold numbers, as they are and whatever their numbers."""
        cells = self.table.select_dtypes(exclude=["number", "bool"]).stack().unique()
        known = [
            _plain(text) for text in [*(self.labels[key] for key in self.labels), *map(str, cells)]
        ]
        words = set(WORD.findall("\n".join(known)))
        numbered = {
            form: text
            for text in known
            if DIGIT.search(form := HOLE.sub("\0", text)) and WORD.search(form)
        }
        exact = re.compile("|".join(re.escape(form).replace("\0", ".+") for form in numbered))
        loose = re.compile(
            "|".join(DIGIT.sub("#", re.escape(form)).replace("\0", ".+") for form in numbered)
        )
        return words, exact, loose

    @functools.cached_property
    def every(self) -> set[float]:
        """The numbers of all rows, of those of each name, and of each pair of names."""
        pairs = [(), *((c,) for c in self.few), *itertools.combinations(self.few, 2)]
        return self._numbers(slice(None), pairs) | self._together()

    def _together(self) -> set[float]:
        """What several values of a column make together, where it has few."""
        found = set()
        counts = [name for name in self.numeric if name != "year"]
        if "year" in self.table and counts:  # up to a year, and since
            dated = self.table.dropna(subset="year").sort_values("year")
            for column, order in itertools.product(self.few, (1, -1)):
                if column != "year":
                    sums = (
                        dated[::order].groupby(["mark", column, "year"], sort=False)[counts].sum()
                    )
                    found |= set(map(float, sums.groupby(level=[0, 1]).cumsum().to_numpy().ravel()))
        for column in self.names:  # in one kind of marks and not in others
            sets = [set(rows[column].dropna()) for _, rows in self.table.groupby("mark")]
            for one, some in itertools.product(sets, itertools.combinations(sets, 2)):
                found |= {float(len(one - less)) for less in (*some, set.union(*some))}
        for column, (_, rows) in itertools.product(self.names, self.table.groupby("mark")):
            many = rows.groupby(column, sort=False).size()
            found |= set(map(float, many.cumsum())) if len(many) <= 7 else set()
        for column, counted in itertools.product(self.names, self.numeric):
            for _, rows in self.table.groupby("mark"):
                sums = rows.groupby(column)[counted].sum()
                if 1 < len(sums) <= 7:
                    some = itertools.chain.from_iterable(
                        itertools.combinations(sums, size) for size in range(2, len(sums))
                    )
                    found |= set(map(float, map(sum, some)))
        return found

    @functools.cache  # noqa: B019
    def of(self, word: str) -> set[float]:
        """The numbers of the rows that a name stands for, and of these by any second name."""
        found = set()
        for column, value in self.words[word]:
            rows = np.flatnonzero((self.table[column] == value).to_numpy())
            found |= self._numbers(rows, [(), *((c,) for c in self.few if c != column)])
        return found

    def _numbers(self, rows, groups: list[tuple[str, ...]]) -> set[float]:
        """Cells, and the counts and sums by kind of mark and by each of the groups of columns."""
        values = self.values[rows]
        found = set(map(float, np.unique(values[~np.isnan(values)])))
        for columns in groups:
            codes = np.column_stack([self.codes[name][rows] for name in ("mark", *columns)])
            which = np.unique(codes, axis=0, return_inverse=True)[1].ravel()
            sums = [np.bincount(which, np.nan_to_num(values[:, n])) for n in range(values.shape[1])]
            zeros = [np.bincount(which, values[:, n] == 0) for n in range(values.shape[1])]
            for numbers in [np.bincount(which), *sums, *zeros]:
                found |= set(map(float, np.unique(numbers)))
        return found


def unknown(text: str, facts: Facts) -> Iterator[str]:
    """The numbers of a text that nothing in its table gives; years and names' own aside."""
    plain = " ".join(text.split())
    for fixed in sorted(
        facts.fixed, key=len, reverse=True
    ):  # such as the number of a source's table
        plain = re.sub(rf"\b{re.escape(fixed)}\b", "", plain)
    for name in sorted(facts.words, key=len, reverse=True):
        if re.search(r"\d", name):
            plain = re.sub(re.escape(name), "", plain, flags=re.I)
        if years := YEARS.fullmatch(name):  # 2010-2014 in short
            plain = re.sub(rf"\b{years[1]}–{years[2]}\b", "", plain)
    plain = re.sub(r"\b(19|20)\d\d-\d\d-\d\d\b", "", plain)  # a date of access
    for said in PRINTED.findall(plain):
        value = number(said)
        year = re.fullmatch(r"[-–−]?(19|20)\d\d", said)
        if value is not None and not year and not _among(value, said, facts.every):
            yield said


def strange(texts: Iterable[str], facts: Facts) -> Iterator[str]:
    """The words that neither labels nor cells have, and the labels whose own numbers are others."""
    words, exact, loose = facts.vocabulary
    for text in map(_plain, dict.fromkeys(texts)):
        if loose.fullmatch(DIGIT.sub("#", text)) and not exact.fullmatch(text):
            yield text
        yield from (word for word in WORD.findall(SUFFIX.sub("", text)) if word not in words)


def wrong(text: str, facts: Facts) -> Iterator[str]:
    """The numbers of a text that its table does not give to the names beside them."""
    plain = " ".join(text.split())
    low = plain.casefold()
    names = sorted((word for word in facts.words if word in low), key=len, reverse=True)
    if not names:
        return
    known = "|".join(map(re.escape, names))
    pair = re.compile(
        rf"(?<!\w)({known})(?:: | | \()({PRINTED.pattern})(?=[,;.)]| \(|$| and | ve )", re.I
    )
    for name, said in pair.findall(plain):
        value = number(said)
        if value is None or re.fullmatch(r"(19|20)\d\d", said):  # a year is not counted
            continue
        if not _among(value, said, facts.of(name.casefold())):
            yield f"{name} {said}"


def _among(value: float, said: str, given: set[float]) -> bool:
    decimals = re.search(r"[.,](\d{1,2})%?$", said)
    step = (10.0 ** -len(decimals[1]) if decimals else 1.0) / (100 if "%" in said else 1)
    if value >= 1000 and value % 10 == 0:
        step = 10.0  # such as a distance that is known no better
    known = np.array(sorted(given) or [np.inf])
    if said[0] in "+-−":  # such as points of per cent
        known = np.concatenate([known, -known, 100 * known, -100 * known])
    if "%" in said:
        with np.errstate(divide="ignore", invalid="ignore"):
            known = np.concatenate([known, known / 100, np.divide.outer(known, known).ravel()])
    return bool((np.abs(known - value) <= step / 2 + 1e-9).any())
