"""The tables: sources against checksum and schema, processed ones against a fresh computation."""

import csv
import hashlib
import io
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nbproof import processed, tables
from nbproof.study import Study, StudyError, command_line
from nbproof.verify.finding import Finding, shortened

SHOWN = 20  # differing cells of one table
AS_IT_CAME = "as it came"  # format of a file that is kept, and read from a copy: no table of ours


def sources(study: Study) -> Iterator[Finding]:
    """Each table of data/raw and data/reference, and each that lies in data/ undeclared."""
    packages = sorted(study.data.rglob("datapackage.json"))
    for package in packages:
        if package.parent.name != "processed":
            yield from _package(study, package)
    described = {package.parent for package in packages}
    for path in sorted(study.data.rglob("*.csv")):
        if described.isdisjoint(path.parents):
            file = study.name(path)
            see = f"git status --ignored -- {file}"
            yield Finding("tables", file, "", "no data package declares it", see)


def _package(study: Study, package: Path) -> Iterator[Finding]:
    name = study.name(package)
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        declared = {package.parent / one["path"]: one for one in resources}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        yield Finding("tables", name, "", f"not a data package ({error!r})", f"git diff -- {name}")
        return
    for path in sorted({*package.parent.rglob("*.csv"), *declared}):
        file = study.name(path)
        if path not in declared:
            said = f"{name} does not declare this table"
            yield Finding("tables", file, "", said, f"git status --ignored -- {file}")
        elif path.suffix == ".csv" or "hash" in declared[path]:
            yield from _source(path, declared[path], file, name)
        elif not path.is_file():
            yield Finding("tables", file, "", "the file is missing", f"git status -- {file}")


def _source(path: Path, declared: dict, file: str, package: str) -> Iterator[Finding]:
    command = f"git diff -- {file}"
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Finding("tables", file, "", f"cannot be read ({error.strerror})", command)
        return
    found = {"hash": "sha256:" + hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    # What was transcribed is never edited, so its package says what it is; curated tables are edited.
    needed = ("hash",) if file.startswith("data/raw/") else ()
    for name, word in (("hash", "checksum"), ("bytes", "size in bytes")):
        stated = declared.get(name)
        if stated is None and name in needed:
            said = f"gives no {word} for {path.name}"
            yield Finding("tables", package, "", said, f"git diff -- {package}")
        elif stated is not None and stated != found[name]:
            said = f"the {word} is not the one that its data package gives"
            yield Finding("tables", file, "", said, command, str(stated), str(found[name]))
    if declared.get("format") == AS_IT_CAME:
        return
    try:
        tables.parse(data, declared, file)
    except StudyError as error:
        yield Finding("tables", file, "", f"breaks its schema: {error}", command)
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        said = f"does not describe {path.name} so that it can be read ({error!r})"
        yield Finding("tables", package, "", said, f"git diff -- {package}")


def compute(study: Study) -> tuple[dict[str, bytes], list[Finding]]:
    """What data/processed should hold, by table; and, where it cannot be computed, why."""
    encoded: dict[str, bytes] = {}
    try:
        for name, frame in processed.compute(study):
            encoded[name] = tables.encode(frame, study, f"processed/{name}")
    except Exception as error:  # a source that has lost a row may break anything that counts on it
        why = error if isinstance(error, StudyError) else f"{type(error).__name__}: {error}"
        which = "the ledger of claims" if encoded else "the processed tables"
        said = f"{which} cannot be computed and compared: {str(why).rstrip('.')}"
        return encoded, [Finding("processed tables", "data", "", said, command_line("clean"))]
    return encoded, []


def results(study: Study, fresh: dict[str, bytes]) -> Iterator[Finding]:
    """The committed processed tables against `fresh`, cell by cell where they differ."""
    for name, expected in fresh.items():
        path = study.data / "processed" / f"{name}.csv"
        file = study.name(path)
        check = "claims" if name == "claims" else "processed tables"
        if not path.is_file():
            yield Finding(check, file, "", "the file is missing", f"git status -- {file}")
        elif (found := path.read_bytes()) != expected:
            key = tables.resource(study, f"processed/{name}")["schema"].get("primaryKey", [])
            yield from differences(check, file, found, expected, f"git diff -- {file}", key)


def stored(study: Study, told: set[str]) -> Iterator[Finding]:
    """The results that no run computes again, against their inputs.

    told: files of which more has been said already; they are to be put right first.
    """
    for file, changed, command in study.face.stored:
        found = pkgutil.resolve_name(changed)(study)
        said = "; ".join(f"{name} {what}" for name, what in found.items() if name not in told)
        if said:
            said = f"computed from other inputs: {shortened(said)}"
            yield Finding("stored results", file, "", said, command)


def differences(
    check: str, file: str, committed: bytes, fresh: bytes, command: str, key: str | list[str] = ()
) -> Iterator[Finding]:
    """Two CSV files that are not the same bytes, as rows and columns.

    key: the columns by which a row is known where one table has more rows than the other; without
    them rows are told apart by their place.
    """
    try:
        one, other = (_rows(data, ()) for data in (committed, fresh))
        if len(one) != len(other):
            one, other = (_rows(data, key) for data in (committed, fresh))
    except (UnicodeDecodeError, csv.Error, KeyError, StopIteration) as error:
        yield Finding(check, file, "", f"not readable as a table ({error!r})", command)
        return
    found = list(_cells(one, other))
    for place, said, a, b in found[:SHOWN]:
        yield Finding(check, file, place, said, command, shortened(a), shortened(b))
    if len(found) > SHOWN:
        yield Finding(check, file, "", f"… and {len(found) - SHOWN} more cells", command)
    if not found:
        said = "the same cells, written otherwise (order of rows, quotes or line ends)"
        yield Finding(check, file, "", said, command)


def _rows(data: bytes, key) -> dict:
    """Each row as (line, {column: cell}), by its key or number."""
    key = [key] if isinstance(key, str) else list(key)
    reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    rows = {}
    for number, row in enumerate(reader, start=1):
        name = tuple(row[column] for column in key) if key else number
        while name in rows:  # a row that stands twice
            name = (name, "again")
        rows[name] = number, row
    return rows


def _cells(one: dict, other: dict) -> Iterator[tuple[str, str, str, str]]:
    for name in {**one, **other}:
        a, b = one.get(name), other.get(name)
        if a is None:
            yield (
                "",
                f"row {b[0]} of the fresh table is missing",
                "",
                ",".join(map(str, b[1].values())),
            )
        elif b is None:
            yield (
                f"row {a[0]}",
                "the fresh table has no such row",
                ",".join(map(str, a[1].values())),
                "",
            )
        else:
            for column in {**a[1], **b[1]}:
                if a[1].get(column) != b[1].get(column):
                    place = f"row {a[0]} (line {a[0] + 1}), column {column}"
                    yield place, "another value", str(a[1].get(column)), str(b[1].get(column))


def verdicts(fresh: dict[str, bytes]) -> dict[str, int]:
    """How many claims have which verdict, for the report."""
    if "claims" not in fresh:
        return {}
    table = pd.read_csv(io.BytesIO(fresh["claims"]), usecols=["verdict"])
    return table["verdict"].value_counts().to_dict()
