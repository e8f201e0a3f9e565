"""Figures without drawing them: their files, plotted tables, cards, and what the marks count."""

import csv
import functools
import hashlib
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nbproof.figures import record
from nbproof.pipeline.recorded import cell_name
from nbproof.study import Face, Study
from nbproof.verify import data, notebooks
from nbproof.verify.finding import Finding, redraw, shortened

LANGUAGES = ("en", "tr")
KINDS = ("png", "svg", "csv")
PHONE = "phone.svg"
# What reading a table that someone has broken may raise.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, csv.Error)


def owners(study: Study, paths: Iterable[Path]) -> dict[str, Path]:
    """Which notebook draws which figure."""
    found = ((path, notebooks.load(path)) for path in paths)
    return {name: path for path, content in found if content for name in notebooks.drawn(content)}


def files(study: Study, names: Mapping[str, Path], all_of_them: bool) -> Iterator[Finding]:
    """A figure is three files in each language, and one more for a phone; nothing else lies in figures/."""
    kinds = {
        name: [
            *KINDS,
            *([PHONE] if len((record.find([path], name) or {}).get("below", ())) > 1 else []),
        ]
        for name, path in names.items()
    }
    expected = {
        f"{name}.{lang}.{kind}" for name in names for lang in LANGUAGES for kind in kinds[name]
    }
    there = {path.name for path in study.figures.glob("*") if not path.name.startswith(".")}
    for name in sorted(expected):
        file = f"figures/{name}"
        if (study.figures / name).is_file():
            continue
        yield Finding("figure files", file, "", "the file is missing", f"git status -- {file}")
    for name in sorted(there - expected) if all_of_them else ():
        file = f"figures/{name}"
        yield Finding("figure files", file, "", "no notebook makes this file", f"git log -- {file}")


def manifest(study: Study) -> Iterator[Finding]:
    """Each file that `codecheck.yml` promises: a notebook that is gone takes its figures with it."""
    path = study.root / "codecheck.yml"
    if not path.exists():
        return  # a study need not have one
    see = f"git diff -- {path.name}"
    try:
        missing = [name for name in _listed(path.read_bytes()) if not (study.root / name).is_file()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        said = f"not a manifest of files ({shortened(error)})"
        yield Finding("figure files", path.name, "", said, see)
        return
    for name in missing:
        said = "names a file that is not there"
        yield Finding("figure files", path.name, name, said, see)


@functools.lru_cache(maxsize=1)
def _listed(stored: bytes) -> list[str]:
    import yaml

    try:
        return [entry["file"] for entry in yaml.safe_load(stored)["manifest"]]
    except yaml.YAMLError as error:
        raise ValueError(error) from None


def cards(study: Study, path: Path) -> Iterator[Finding]:
    """What a notebook says of each figure against the plotted tables, which are alike in all languages."""
    content = notebooks.load(path)
    file, again = study.name(path), redraw(path.stem, "en")
    shown = set()
    for number, said in record.published(content or {"cells": []}):
        shown.add(said.get("name"))
        place = cell_name(number, content["cells"][number])
        try:
            if record.card(said) not in notebooks.printed(content["cells"][number]):
                sentence = f"the card of {said['name']} is not printed as it was made"
                yield Finding("figure cards", file, place, sentence, again)
            for language in LANGUAGES:
                table = study.figures / f"{said['name']}.{language}.csv"
                for what, on_card, in_file in _against_table(said, table):
                    sentence = f"the card's {what} is not that of {study.name(table)}"
                    yield Finding("figure cards", file, place, sentence, again, on_card, in_file)
        except UNREADABLE as error:
            sentence = f"not readable as what is said of a figure ({error!r})"
            yield Finding("figure cards", file, place, sentence, again)
    for name in notebooks.drawn(content) if content else []:
        if name not in shown:
            yield Finding("figure cards", file, "", f"no card is printed for {name}", again)


def _against_table(said: dict, path: Path) -> Iterator[tuple[str, str, str]]:
    if not path.is_file():
        return  # said elsewhere
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != said["sha256"]:
        yield "sha256", said["sha256"], found
        return
    # The same bytes: what the card says of them was made by the same run, or was changed by hand.
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    counts = Counter(row["mark"] for row in rows)
    stated = {"rows": said["rows"], **{mark: number for mark, number, _ in said["marks"]}}
    for mark, number in {"rows": len(rows), **counts}.items():
        if stated.get(mark) != number:
            yield f"number of {mark}", str(stated.get(mark, "")), str(number)
    for mark, _, columns in said["marks"]:
        for column, _, _, *total in columns:
            values = [float(r[column]) for r in rows if r["mark"] == mark and r[column]]
            if total and f"{sum(values):.10g}" != total[0]:
                yield f"sum of {column} ({mark})", total[0], f"{sum(values):.10g}"


def counts(study: Study, names: Mapping[str, Path]) -> Iterator[Finding]:
    """Every mark against the rows that it names: they exist, they are as many as it counts, they fit it."""
    known = _identified(study)
    for name, language in itertools.product(names, LANGUAGES):
        path = study.figures / f"{name}.{language}.csv"
        if not path.is_file():
            continue  # said elsewhere
        file, see = study.name(path), f"git diff -- {study.name(path)} data/processed"
        place = ""
        about = record.find([names[name]], name) or {}
        try:
            for number, mark in enumerate(_rows(path), start=1):
                place = f"row {number} (line {number + 1})"
                for said, a, b in _recount(study.face, about.get("counted", {}), mark, known):
                    yield Finding("plotted tables", file, place, said, see, a, b)
        except UNREADABLE as error:
            said = f"not readable as a plotted table ({error!r})"
            yield Finding("plotted tables", file, place, said, see)


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _identified(study: Study) -> dict[str, dict[str, str]] | None:
    """The identified rows by their keys; None where they are not to be read, which is said elsewhere."""
    try:
        return {
            row[key]: row
            for table, key in study.face.identified.items()
            for row in _rows(study.data / f"{table}.csv")
        }
    except (OSError, *UNREADABLE):
        return None


def _recount(
    face: Face, counted: Mapping[str, str], mark: dict, known: dict | None
) -> Iterator[tuple[str, str, str]]:
    for column, rows in counted.items():
        named = _references(mark, rows)
        if mark.get(column) and int(float(mark[column])) != len(named):
            yield (
                f"column {column} is not the number of rows in column {rows}",
                mark[column],
                str(len(named)),
            )
    for name in _references(mark, "rows") if known is not None else ():
        if ":" in name:
            continue  # a printed line; what it says is compared where the table is computed
        if name not in known:
            tables = ", ".join(f"data/{table}.csv" for table in face.identified)
            yield f"names a row that {tables} does not hold", name, ""
            continue
        for column in face.shared + (("year",) if mark["mark"] in face.dated else ()):
            stated = mark.get(column) or "all"
            if stated not in ("all", known[name].get(column)):
                said = f"column {column} is not that of {name}, which it counts"
                yield said, mark[column], known[name].get(column, "")


def _references(mark: dict, column: str) -> list[str]:
    return [name for name in (mark.get(column) or "").split(";") if name]


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
