"""Read and write a table against its declared schema.

The schema is the Frictionless data package (`datapackage.json`) that stands in the table's folder or
in one above it. Errors name file, line, column and value, what was expected and what to do.
"""

import hashlib
import io
import itertools
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from diplolib.study import Study, StudyError

# Text is judged cell by cell, as Python strings, whether or not pyarrow is installed.
pd.options.mode.string_storage = "python"

SHOWN_PROBLEMS = 8

# A cell is text: a notebook would set what stands between two dollar signs as a formula.
pd.set_option("display.html.use_mathjax", False)

# Spellings of "missing" that spreadsheets and programs write. In these tables unknown is an empty cell.
MISSING_WORDS = {"nan", "NaN", "NAN", "NULL", "null", "None", "N/A", "#N/A", "#REF!", "#VALUE!"}
# A cell that a spreadsheet would run. A lone dash is data: Table 3 prints it.
FORMULA = re.compile(r"^(?:[=+@＝＋＠]|-[^\d\s.,]|-.*[(|!])")
# Controls, zero-width and direction marks, fillers, variation selectors and tags, letters of no public
# meaning, what a lost letter leaves: two cells that look alike would differ.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffd"
    "\U000e0000-\U0010ffff]"
)
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Letters that pass for others: a dot above i or j, and Greek or Cyrillic inside a Latin word.
DOTTED = re.compile("[iıjȷ]\u0307")
GREEK_OR_CYRILLIC = re.compile("[\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff]")
LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")

# Somewhere in texts joined by line breaks: one that is empty, missing, perhaps a formula, or begins or
# ends with a space. (Each alternative begins with the line break, which is found fastest.)
DOUBTFUL = re.compile(
    rf"\n(?:[\s=+@＝＋＠-]|(?:{'|'.join(map(re.escape, sorted(MISSING_WORDS)))})\n|(?<=\s\n))"
)

TYPES = {
    "integer": (r"0|-?[1-9]\d{0,17}", "a whole number"),
    "number": (r"-?\d{1,15}(?:\.\d+)?", "a number such as 39.92"),
    "boolean": ("true|false", "true or false"),
    "date": (r"\d{4}-\d{2}-\d{2}", "a date such as 1999-04-18"),
}


class TableError(StudyError):
    """A table breaks its schema or its checksum."""


class WriteError(StudyError):
    """A file cannot be written."""


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
        refused = _rule(field)
        refused(""), refused("0"), refused("x")


_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[str]]:
    """The files of the tables that are read in the block."""
    token = _noted.set([])
    try:
        yield _noted.get()
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
                "A source's table is never edited: restore the file, and put what you want changed "
                "into data/reference/corrections.csv."
            )
    return _typed(text, declared)


def parse(data: bytes, declared: dict, name: str) -> pd.DataFrame:
    """A file's cells as text; raises TableError if they break the schema of `declared`."""
    text = _text(data, name)
    check(text, declared, name)
    return text


def titles(study: Study, table: str, language: str = "en") -> dict[str, str]:
    """Each column's title in `language` ("en" or "tr"), for showing a table to a reader."""
    key = "title" if language == "en" else f"title_{language}"
    fields = resource(study, table)["schema"]["fields"]
    return {field["name"]: field.get(key, field["name"]) for field in fields}


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


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: into a neighbour first, which then takes its place.

    Raises WriteError where there is no room or no permission.
    """
    try:
        _replace(path, data)
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written ({error.strerror or error}); what stood there is as it was. "
            "Make room, or allow writing there, and run again."
        ) from error


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes private files; a table is as readable as any other file of the folder.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as it is written: empty for missing, true/false, whole numbers without a point."""
    return pd.DataFrame({name: _written(column) for name, column in frame.items()}, dtype="str")


def _written(column: pd.Series) -> pd.Series:
    if column.dtype == "str":
        return column.fillna("") if column.hasnans else column
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.map({True: "true", False: "false"}, na_action="ignore")
    elif pd.api.types.is_numeric_dtype(column.dtype):
        # Once per distinct number, but 0.0 and -0.0 count as one and are written differently.
        places, numbers = pd.factorize(column)
        if not (pd.api.types.is_float_dtype(column.dtype) and (numbers == 0).any()):
            words = [*numbers.astype("str"), ""]  # Missing has the place -1.
            return pd.Series(np.array(words, dtype="object")[places], column.index, dtype="str")
    return column.astype("str").where(column.notna(), "")


def distinct(text: pd.DataFrame) -> dict[str, set[str]]:
    """The different cells of each column: few, where rows are many."""
    return {name: set(text[name].to_numpy(dtype="object")) for name in text}


def as_csv(text: pd.DataFrame, different: dict[str, set[str]]) -> bytes:
    """The file of a table of text: the bytes of `to_csv`, in a fraction of its time.

    different: `distinct(text)`; it is used up, since a large table leaves little memory.
    """
    if len(text.columns) == 1:
        return text.to_csv(index=False, lineterminator="\n").encode()
    columns = []
    for name in text:
        cells = text[name].to_numpy(dtype="object")
        # Which cells need quotes is found out once per distinct cell.
        special = filter(re.compile('[,"\n]').search, [name, *different.pop(name)])
        quoted = {cell: '"' + cell.replace('"', '""') + '"' for cell in special}
        header = quoted.get(name, name)
        columns.append(
            itertools.chain([header], map(quoted.get, cells, cells) if quoted else cells)
        )
    rows = map(",".join, zip(*columns, strict=True))
    file = io.BytesIO()
    # A part at a time: the rows are not in memory as a list, as one text and as bytes at once.
    while part := list(itertools.islice(rows, 50_000)):
        file.write(("\n".join(part) + "\n").encode())
    return file.getvalue()


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
        said += [f"column {_plain(column)} is not declared" for column in extra[:SHOWN_PROBLEMS]]
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
            f"{name}, row {row + 1} (line {row + 2}), column {column}: {_shown(value)}; "
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
    return f" It comes from {text.loc[row, 'source']}." if computed else ""


def _shown(value: str) -> str:
    """A cell in a message: its start, if it is a long one."""
    return repr(value) if len(value) <= 100 else f"{value[:80]!r}… ({len(value)} characters)"


def _plain(column: str) -> str:
    return column if column.isprintable() and len(column) <= 100 else _shown(column)


def _cells(column: pd.Series, field: dict, values: set[str]) -> list[tuple]:
    """Each cell of one column that breaks the field, as (row, column, value, what was expected)."""
    refused = _rule(field)
    # Judged once per distinct value: a million rows hold few different cells.
    found = {value: wanted for value in _doubtful(values, field) if (wanted := refused(value))}
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
    if any(len(different[name]) == len(keys) for name in keys):
        return keys.index[:0]
    columns = [keys[name].to_numpy(dtype="object") for name in keys]
    # Equal keys make equal texts: with as many texts as rows none is repeated.
    joined = set(map("\n".join, zip(*columns, strict=True)))
    return keys.index[keys.duplicated()] if len(joined) < len(keys) else keys.index[:0]


def _doubtful(values: set[str], field: dict) -> Iterable[str]:
    """The values that have to be judged one by one.

    Of text with no more rules than a pattern: those that break it, or all if something in them, seen
    as one long text, breaks what holds for every text. Of numbers none if all are within the bounds.
    """
    rules = field.get("constraints", {})
    values = values if rules.get("required") else values - {""}
    kind = field.get("type", "string")
    if "enum" in rules or kind in ("boolean", "date"):
        return values
    if kind in TYPES:
        if not all(map(re.compile(TYPES[kind][0], re.ASCII).fullmatch, values)):
            return values
        numbers = sorted(map(float, values)) or [0.0]
        low, high = rules.get("minimum", numbers[0]), rules.get("maximum", numbers[-1])
        return (
            () if low <= numbers[0] and numbers[-1] <= high and "pattern" not in rules else values
        )
    text = "\n".join(["", *values, ""])
    if (
        text.count("\n") > len(values) + 1
        or DOUBTFUL.search(text)
        or INVISIBLE.search(text.replace("\n", ""))
        or any(letters.search(text) for letters in (SPACES, DOTTED, GREEK_OR_CYRILLIC))
        or not unicodedata.is_normalized("NFC", text)
    ):
        return values
    if "pattern" in rules:
        return itertools.filterfalse(re.compile(rules["pattern"]).fullmatch, values)
    return ()


def _rule(field: dict) -> Callable[[str], str | None]:
    """What is expected in the place of a value that breaks the field; nothing if it fits."""
    rules = field.get("constraints", {})
    kind = field.get("type", "string")
    form, wanted = TYPES.get(kind, (None, ""))
    form = form and re.compile(form, re.ASCII)
    wanted = " ".join([wanted, *(f"{word} {rules[k]}" for k, word in BOUNDS.items() if k in rules)])
    limited = any(key in rules for key in BOUNDS)
    low, high = rules.get("minimum", -float("inf")), rules.get("maximum", float("inf"))
    allowed = {str(value) for value in rules["enum"]} if "enum" in rules else None
    pattern = re.compile(rules["pattern"]) if "pattern" in rules else None

    def refused(value: str) -> str | None:
        if value == "":
            return "a value, not an empty cell" if rules.get("required") else None
        if value in MISSING_WORDS:
            return "an empty cell where nothing is known"
        if INVISIBLE.search(value):
            return "no line break, control or invisible character"
        if value != value.strip():
            return "no space at either end"
        if SPACES.search(value):
            return "no other space than the plain one"
        if not unicodedata.is_normalized("NFC", value) or DOTTED.search(value):
            return "composed letters (Unicode NFC)"
        if mixed := _mixed(value):
            return f"letters of one alphabet in a word; {mixed}"
        if form:
            if not form.fullmatch(value) or (limited and not low <= float(value) <= high):
                return wanted
            if kind == "date" and not _in_calendar(value):
                return wanted
        elif FORMULA.search(value):
            return "text, not a spreadsheet formula"
        if allowed is not None and value not in allowed:
            return "one of " + ", ".join(map(str, rules["enum"]))
        if pattern and not pattern.fullmatch(value):
            return f"the form {rules['pattern']}"
        return None

    return refused


BOUNDS = {"minimum": "from", "maximum": "to"}


def _mixed(value: str) -> str | None:
    """The letters that stand in a Latin word and only look Latin, by name."""
    if value.isascii() or not GREEK_OR_CYRILLIC.search(value):
        return None
    for word in re.findall(r"[^\W\d_]+", value):
        if LATIN.search(word) and (found := GREEK_OR_CYRILLIC.search(word)):
            return f"{found[0]!r} is {unicodedata.name(found[0], 'a foreign letter')}"
    return None


def _in_calendar(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{name}: the file is missing. Restore it from the collection.") from None
    except OSError as error:
        raise TableError(f"{name}: cannot be read ({error.strerror}).") from error


def _text(data: bytes, name: str) -> pd.DataFrame:
    """The file's cells as text, after what would make a row or a letter unreliable is refused."""
    advice = "Save it as CSV in UTF-8 without a byte-order mark, with LF line ends."
    if data.startswith(b"\xef\xbb\xbf"):
        raise TableError(f"{name}, line 1: a byte-order mark. {advice}")
    if b"\r" in data:
        line = data[: data.index(b"\r")].count(b"\n") + 1
        raise TableError(f"{name}, line {line}: a carriage return (Windows line end). {advice}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n"), before.rpartition(b"\n")[2].count(b",")
        header = data.partition(b"\n")[0].decode("ascii", "replace").split(",")
        where = header[column] if column < len(header) else f"number {column + 1}"
        raise TableError(
            f"{name}, line {line + 1}, column {_plain(where)}: not UTF-8 (byte {data[error.start]:#x}; "
            f"perhaps Windows-1254). {advice}"
        ) from None
    if not data.strip():
        raise TableError(f"{name}: the file is empty.")
    bare = _unquoted(data, name)
    try:
        text = pd.read_csv(
            io.BytesIO(data), dtype="str", keep_default_na=False, skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TableError(f"{name}: {_tokens(str(error))}. Check commas and quotes there.") from None
    # pandas takes a longer row's first cell for a row name when every row is longer.
    if not isinstance(text.index, pd.RangeIndex):
        raise TableError(f"{name}, line 2: more cells than the header has columns.")
    _refuse_short_rows(bare, list(text.columns), name)
    return text


def _tokens(error: str) -> str:
    return error.strip().removeprefix("Error tokenizing data. C error: ")


def _unquoted(data: bytes, name: str) -> bytes:
    """The file with quoted cells blotted out. pandas drops a quote that stands elsewhere."""
    if b'"' not in data:
        return data
    bare = QUOTED.sub(lambda found: found[1] + b"." * (len(found[0]) - len(found[1])), data)
    if b'"' in bare:
        raise TableError(
            f"{name}, line {data.count(NEWLINE, 0, bare.index(QUOTE)) + 1}: a quote that neither opens "
            "nor closes a cell. Put the whole cell in quotes and double those inside it."
        )
    return bare


QUOTE, NEWLINE = b'"', b"\n"
QUOTED = re.compile(rb'(^|[,\n])"(?:[^"]|"")*+"(?=[,\n]|\Z)')


def _refuse_short_rows(bare: bytes, columns: list[str], name: str) -> None:
    """pandas fills a row that ends early with empty cells; here a cell is empty only if written so."""
    lines = bare.removesuffix(b"\n").count(b"\n") + 1
    if bare.count(b",") == lines * (len(columns) - 1):
        return
    for number, line in enumerate(bare.split(b"\n"), start=1):
        cells = line.count(b",") + 1
        if cells < len(columns):
            raise TableError(
                f"{name}, row {number - 1} (line {number}), column {columns[cells]}: the row ends "
                f"before it. Expected {len(columns)} cells."
            )


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
