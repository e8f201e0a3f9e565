"""A CSV file as a table of text, and back: what would make a row or a letter unreliable is refused."""

import codecs
import io
import itertools
import re

import numpy as np
import pandas as pd

from nbproof.study import StudyError
from nbproof.tables.cells import plain

# Text is judged cell by cell, as Python strings, whether or not pyarrow is installed.
pd.options.mode.string_storage = "python"


class TableError(StudyError):
    """A table breaks its schema or its checksum."""


def from_csv(data: bytes, name: str) -> pd.DataFrame:
    """The file's cells as text, after what would make a row or a letter unreliable is refused."""
    _refuse_other_formats(data, name)
    if not data.strip():
        raise TableError(f"{name}: the file is empty.")
    bare = _unquoted(data, name)
    try:
        text = pd.read_csv(
            io.BytesIO(data), dtype="str", keep_default_na=False, skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        said = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise TableError(f"{name}: {said}. {CHECK}") from None
    # pandas takes a longer row's first cell for a row name when every row is longer.
    if not isinstance(text.index, pd.RangeIndex):
        raise TableError(f"{name}, line 2: more cells than the header has columns. {CHECK}")
    _refuse_short_rows(bare, list(text.columns), name)
    return text


CHECK = "Check commas and quotes there (a decimal is written with a point)."
# What spreadsheets save instead of CSV: how such a file begins
FORMATS = {
    b"PK\x03\x04": "a workbook (.xlsx or .ods) under the name of a CSV file",
    b"\xd0\xcf\x11\xe0": "a workbook (.xls) under the name of a CSV file",
    b"\xff\xfe": 'UTF-16 (Excel\'s "Unicode text")',
    b"\xfe\xff": "UTF-16",
    b"\xef\xbb\xbf": 'a byte-order mark (Excel\'s "CSV UTF-8")',
}
SEPARATORS = {b";": "semicolons, as Turkish Excel writes them,", b"\t": "tabs"}
WANTED = (
    "Expected: commas between cells, decimal points, UTF-8 without a byte-order mark, LF line ends. "
    "Restore the file and make the change in a text editor, or in LibreOffice (Save as, Text CSV, "
    "Unicode (UTF-8), comma)."
)


def _refuse_other_formats(data: bytes, name: str) -> None:
    """Everything in which the file is not as `WANTED`, in one message with the first line of each."""
    said = [f"line 1: {word}" for start, word in FORMATS.items() if data.startswith(start)]
    if not said or data.startswith(codecs.BOM_UTF8):
        header = data.removeprefix(codecs.BOM_UTF8).partition(b"\n")[0].rstrip(b"\r")
        between = max([b",", *SEPARATORS], key=header.count)
        if between in SEPARATORS:
            said.append(f"line 1: {SEPARATORS[between]} between the cells")
        if b"\r" in data:
            line = data[: data.index(b"\r")].count(b"\n") + 1
            said.append(f"line {line}: a carriage return (Windows line end)")
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            before, byte = data[: error.start], data[error.start]
            line, column = before.count(b"\n"), before.rpartition(b"\n")[2].count(between)
            names = [part.decode("ascii", "replace") for part in header.split(between)]
            where = plain(names[column]) if column < len(names) else f"number {column + 1}"
            said.append(
                f"line {line + 1}, column {where}: not UTF-8 (byte {byte:#x}; perhaps Windows-1254)"
            )
    if said:
        raise TableError(f"{name}, {'; '.join(said)}. {WANTED}")


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
    return {name: set(text[name].to_numpy(dtype="object")) for name in text.columns}


def as_csv(text: pd.DataFrame, different: dict[str, set[str]]) -> bytes:
    """The file of a table of text: the bytes of `to_csv`, in a fraction of its time.

    different: `distinct(text)`; it is used up, since a large table leaves little memory.
    """
    if len(text.columns) == 1:
        return text.to_csv(index=False, lineterminator="\n").encode()
    columns = []
    for name in text.columns:
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
