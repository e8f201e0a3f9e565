"""Figures without drawing them: their files, plotted tables, cards, and what the marks count."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from diplolib.study import Study
from diplolib.verify import data, notebooks
from diplolib.verify.finding import Finding

LANGUAGES = ("en", "tr")
KINDS = ("png", "svg", "csv")
CARD = re.compile(r"^figure +([\w-]+) \(\w+\)$(.*?)^sha256 +([0-9a-f]{64})$", re.M | re.S)
SUM = re.compile(r"(\w+) -?[\d.e+-]+ to -?[\d.e+-]+, sum (-?[\d.e+-]+)")
# What a mark can count: the first of these columns that it fills is the number of its rows.
COUNTED = ("agreements", "activities", "protocols", "claims", "engagements")


def owners(study: Study, paths: Iterable[Path]) -> dict[str, Path]:
    """Which notebook draws which figure."""
    found = ((path, notebooks.load(path)) for path in paths)
    return {name: path for path, content in found if content for name in notebooks.drawn(content)}


def files(study: Study, names: Iterable[str], all_of_them: bool) -> Iterator[Finding]:
    """A figure is three files in each language; nothing else lies in figures/."""
    expected = {f"{name}.{lang}.{kind}" for name in names for lang in LANGUAGES for kind in KINDS}
    there = {path.name for path in study.figures.glob("*") if not path.name.startswith(".")}
    for name in sorted(expected - there):
        file = f"figures/{name}"
        yield Finding("figure files", file, "", "the file is missing", f"git status -- {file}")
    for name in sorted(there - expected) if all_of_them else ():
        file = f"figures/{name}"
        yield Finding("figure files", file, "", "no notebook makes this file", f"git log -- {file}")


def cards(study: Study, path: Path) -> Iterator[Finding]:
    """Each card that a notebook prints against the plotted tables, which are alike in all languages."""
    content = notebooks.load(path)
    file, again = study.name(path), f"diplolib reproduce {path.stem} --force"
    said = {}
    for place, text in notebooks.printed(content or {"cells": []}):
        for name, body, sha256 in CARD.findall(text):
            said[name] = True
            for language in LANGUAGES:
                table = study.figures / f"{name}.{language}.csv"
                for what, on_card, in_file in _against_table(body, sha256, table):
                    sentence = f"the card's {what} is not that of {study.name(table)}"
                    yield Finding("figure cards", file, place, sentence, again, on_card, in_file)
    for name in notebooks.drawn(content) if content else []:
        if name not in said:
            yield Finding("figure cards", file, "", f"no card is printed for {name}", again)


def _against_table(body: str, sha256: str, path: Path) -> Iterator[tuple[str, str, str]]:
    if not path.is_file():
        return  # said elsewhere
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found == sha256:
        # The same bytes: what the card says of them was printed by the same run, or was changed by hand.
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        printed = re.search(r"^rows +(\d+)$", body, re.M)
        if not printed or int(printed[1]) != len(rows):
            yield "number of rows", printed[1] if printed else "", str(len(rows))
        counts = Counter(row["mark"] for row in rows)
        for mark, number in counts.items():
            line = re.search(rf"^{re.escape(mark)} +(\d+) rows(.*)$", body, re.M)
            if not line or int(line[1]) != number:
                yield f"number of {mark} rows", line[1] if line else "", str(number)
                continue
            for column, total in SUM.findall(line[2]):
                values = [float(r[column]) for r in rows if r["mark"] == mark and r[column]]
                if f"{sum(values):.10g}" != total:
                    yield f"sum of {column} ({mark})", total, f"{sum(values):.10g}"
    else:
        yield "sha256", sha256, found


def counts(study: Study, names: Iterable[str]) -> Iterator[Finding]:
    """Every counting mark against the rows that it names in its column `rows`."""
    known = None
    for name in names:
        for language in LANGUAGES:
            path = study.figures / f"{name}.{language}.csv"
            if not path.is_file():
                continue
            known = known or _references(study)
            for place, said, a, b in _recount(path, known):
                file = study.name(path)
                see = f"diplolib clean && git diff -- {file} data/processed"
                yield Finding("plotted tables", file, place, said, see, a, b)


def _references(study: Study) -> set[str]:
    """Everything that can be named as a row: agreements, claims, engagements … and printed lines."""
    found = set()
    for path in (study.data / "processed").glob("*.csv"):
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            first = (rows.fieldnames or [""])[0]
            for row in rows:
                found |= {row[first], *(row.get("source") or "").split(";")}
    return found


def _recount(path: Path, known: set[str]) -> Iterator[tuple[str, str, str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            if row.get("rows") is None:
                return
            names = [name for name in row["rows"].split(";") if name]
            place = f"row {number} (line {number + 1}), column rows"
            for name in names:
                if name not in known and not name.startswith("data/"):
                    yield place, "names a row that data/processed does not hold", name, ""


def compare(study: Study, names: Iterable[str], fresh: Path) -> Iterator[Finding]:
    """Committed plotted tables against those of a fresh run."""
    for name in names:
        for language in LANGUAGES:
            file = f"{name}.{language}.csv"
            one, other = study.figures / file, fresh / file
            if one.is_file() and other.is_file() and one.read_bytes() != other.read_bytes():
                see = f"git diff -- figures/{file}"
                yield from data.differences(
                    "plotted tables", f"figures/{file}", one.read_bytes(), other.read_bytes(), see
                )
