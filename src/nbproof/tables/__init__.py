"""Read and write a table against its declared schema.

The schema is the Frictionless data package (`datapackage.json`) that stands in the table's folder or
in one above it. Errors name file, line, column and value, what was expected and what to do.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pandas as pd

from nbproof.files import write_bytes
from nbproof.study import Study
from nbproof.tables.cells import doubtful, plain, rule, shown
from nbproof.tables.csvfile import TableError, as_csv, as_text, distinct, from_csv

SHOWN_PROBLEMS = 8

# A cell is text: a notebook would set what stands between two dollar signs as a formula.
pd.set_option("display.html.use_mathjax", False)


def resource(study: Study, table: str) -> dict:
    """The declaration of `table` (such as "raw/article/table-04") in its data package."""
    path = study.data / f"{table}.csv"
    for folder in path.parents:
        package = folder / "datapackage.json"
        if package.is_file():
            break
        if folder == study.data:
            raise TableError(f"data/{table}.csv: no datapackage.json beside it or above it.")
    relative = path.relative_to(folder).as_posix()
    try:
        resources = json.loads(_bytes(package, study.name(package)))["resources"]
        found = next((one for one in resources if one["path"] == relative), None)
        if found:
            _prove(found)
    except TableError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, re.error, RecursionError) as error:
        raise TableError(
            f"{study.name(package)}: not a data package with a schema for {relative} "
            f"({type(error).__name__}: {error}). Restore the file."
        ) from error
    if not found:
        raise TableError(
            f"{study.name(package)}: no resource with the path {relative}. Declare it there."
        )
    return found


def _prove(declared: dict) -> None:
    """Use a declaration once, so that what is wrong in it is not taken for a fault of the table."""
    schema = declared["schema"]
    names = [field["name"] for field in schema["fields"]]
    key = schema.get("primaryKey", names)
    unknown = {key} - set(names) if isinstance(key, str) else set(key) - set(names)
    if unknown or len(set(names)) < len(names):
        raise ValueError(f"fields {names}, primaryKey {key}")
    for field in schema["fields"]:
        refused = rule(field)
        refused(""), refused("0"), refused("x")


_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[str]]:
    """The files of the tables that are read in the block."""
    names: list[str] = []
    token = _noted.set(names)
    try:
        yield names
    finally:
        _noted.reset(token)


def note(name: str) -> None:
    """Add a file to those of the `noting` block around this call."""
    if (noted := _noted.get()) is not None and name not in noted:
        noted.append(name)


def read(study: Study, table: str) -> pd.DataFrame:
    """`table` as a DataFrame with the types of its schema; unknown values are missing.

    Columns of type integer, number and boolean come as Int64 (int64 where complete), float64 and
    boolean, all others as text. Raises TableError if the file is missing or unreadable, breaks its
    schema, or has another sha256 than its data package says.
    """
    declared = resource(study, table)
    name = f"data/{table}.csv"
    note(name)
    data = _bytes(study.data / f"{table}.csv", name)
    text = parse(data, declared, name)
    if "hash" in declared:
        found = "sha256:" + hashlib.sha256(data).hexdigest()
        if found != declared["hash"]:
            raise TableError(
                f"{name}: the checksum is {found}, expected {declared['hash']} (datapackage.json). "
                "A source's table is never edited: restore the file. A cell is changed by a row in "
                "data/reference/corrections.csv; step by step: docs/correct-or-extend.md."
            )
    return _typed(text, declared)


def parse(data: bytes, declared: dict, name: str) -> pd.DataFrame:
    """A file's cells as text; raises TableError if they break the schema of `declared`."""
    text = from_csv(data, name)
    check(text, declared, name)
    return text


def as_read(frame: pd.DataFrame, study: Study, table: str) -> pd.DataFrame:
    """`frame` with the types that `read` would give, had it been written as `table`."""
    return _typed(as_text(frame), resource(study, table))


def columns(study: Study, table: str) -> list[str]:
    """The columns of `table` in the order of its schema."""
    return [field["name"] for field in resource(study, table)["schema"]["fields"]]


def titles(study: Study, table: str, language: str = "en") -> dict[str, str]:
    """Each column's title in `language` ("en" or "tr"), for showing a table to a reader."""
    key = "title" if language == "en" else f"title_{language}"
    fields = resource(study, table)["schema"]["fields"]
    return {field["name"]: field.get(key, field["name"]) for field in fields}


def for_readers(
    study: Study, frame: pd.DataFrame, table: str, words: Any, **codes: Any
) -> pd.DataFrame:
    """Rows of `table` as a notebook shows them: titles and codes in words, no running number.

    words: the labels of the reader's language. codes: a column of codes and what the names of their
    labels start with, as in `level="level"`, or a mapping from code to word. The first column names the
    rows. Raises StudyError for a code without a label.
    """
    shown = frame.astype("object").where(frame.notna(), "")
    for column, said in codes.items():
        known = shown[column] != ""
        say = (lambda code, room=said: words[f"{room}.{code}"]) if isinstance(said, str) else said
        shown.loc[known, column] = shown.loc[known, column].map(say)
    names = titles(study, table, words.language)
    return titled(
        shown, [names[str(column).removesuffix(f"_{words.language}")] for column in shown]
    )


def titled(frame: pd.DataFrame, titles: list[str]) -> pd.DataFrame:
    """`frame` under these titles; its first column names the rows, in the place of a number."""
    shown = frame.set_axis(titles, axis="columns").set_index(titles[0])
    return shown.rename_axis(index=None, columns=titles[0])


def write(frame: pd.DataFrame, study: Study, table: str, root: Path | None = None) -> Path:
    """Write `frame` as `table`, whole or not at all; it must fit its schema.

    `root` is another folder in the place of the study's `data/`. Returns the path.
    """
    path = (root or study.data) / f"{table}.csv"
    write_bytes(path, encode(frame, study, table))
    return path


def encode(frame: pd.DataFrame, study: Study, table: str) -> bytes:
    """The file that `write` writes; raises TableError if `frame` does not fit the table's schema."""
    text = as_text(frame)
    different = distinct(text)
    check(text, resource(study, table), f"data/{table}.csv", different)
    return as_csv(text, different)


def check(
    text: pd.DataFrame, declared: dict, name: str, different: dict[str, set[str]] | None = None
) -> None:
    """Compare a table of text with its schema; `name` is the file as messages call it.

    different: `distinct(text)`, if it is known already.

    Raises TableError with all problems found, the first few in full.
    """
    fields = declared["schema"]["fields"]
    expected = [field["name"] for field in fields]
    missing = [column for column in expected if column not in text.columns]
    extra = [column for column in text.columns if column not in expected]
    if missing or extra or list(text.columns) != expected:
        said = [f"column {column} is missing" for column in missing]
        said += [f"column {plain(column)} is not declared" for column in extra[:SHOWN_PROBLEMS]]
        raise TableError(
            f"{name}, line 1: {'; '.join(said) or 'the columns are in another order'}. "
            f"Expected: {', '.join(expected)}."
        )
    different = different or distinct(text)
    problems = [
        problem
        for field in fields
        for problem in _cells(text[field["name"]], field, different[field["name"]])
    ]
    key = declared["schema"].get("primaryKey", expected)
    key = [key] if isinstance(key, str) else key
    for row in _repeated(text[key], different):
        cells = ", ".join(text.loc[row, key])
        problems.append((row, ", ".join(key), cells, "a row that stands only once"))
    if problems:
        problems.sort(key=lambda problem: problem[0])
        lines = [
            # Line 1 of the file is the header.
            f"{name}, row {row + 1} (line {row + 2}), column {column}: {shown(value)}; "
            f"expected {wanted}.{_origin(text, row, name)}"
            for row, column, value, wanted in problems[:SHOWN_PROBLEMS]
        ]
        if len(problems) > SHOWN_PROBLEMS:
            lines.append(f"… and {len(problems) - SHOWN_PROBLEMS} more.")
        lines.append("Correct these cells and run again; nothing was written.")
        raise TableError("\n".join(lines))


def _origin(text: pd.DataFrame, row: int, name: str) -> str:
    """What to correct is the printed row that a computed one comes from."""
    computed = name.startswith("data/processed/") and "source" in text
    return f" It comes from {text['source'].loc[row]}." if computed else ""


def _cells(column: pd.Series, field: dict, values: set[str]) -> list[tuple]:
    """Each cell of one column that breaks the field, as (row, column, value, what was expected)."""
    refused = rule(field)
    # Judged once per distinct value: a million rows hold few different cells.
    found = {value: wanted for value in doubtful(values, field) if (wanted := refused(value))}
    problems = []
    if found:
        rows = column[column.isin(list(found))]
        problems = [(row, field["name"], value, found[value]) for row, value in rows.items()]
    if field.get("constraints", {}).get("unique") and len(values) < len(column):
        again = column[column.duplicated() & (column != "")]
        problems += [(row, field["name"], value, "a unique value") for row, value in again.items()]
    return problems


def _repeated(keys: pd.DataFrame, different: dict[str, set[str]]) -> pd.Index:
    """The rows whose key stands before them already."""
    if any(len(different[name]) == len(keys) for name in keys.columns):
        return keys.index[:0]
    columns = [keys[name].to_numpy(dtype="object") for name in keys]
    # Equal keys make equal texts: with as many texts as rows none is repeated.
    joined = set(map("\n".join, zip(*columns, strict=True)))
    return keys.index[keys.duplicated()] if len(joined) < len(keys) else keys.index[:0]


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{name}: the file is missing. Restore it from the collection.") from None
    except OSError as error:
        raise TableError(f"{name}: cannot be read ({error.strerror}).") from error


def _typed(text: pd.DataFrame, declared: dict) -> pd.DataFrame:
    """Text to the schema's types."""
    typed = {}
    for field in declared["schema"]["fields"]:
        column = text[field["name"]]
        unknown = column == ""
        known = column.mask(unknown) if unknown.any() else column
        kind = field.get("type", "string")
        if kind == "integer":
            typed[field["name"]] = known.astype("Int64" if known.isna().any() else "int64")
        elif kind == "number":
            typed[field["name"]] = pd.to_numeric(known)
        elif kind == "boolean":
            typed[field["name"]] = known.map({"true": True, "false": False}).astype("boolean")
        else:
            typed[field["name"]] = known
    return pd.DataFrame(typed)
