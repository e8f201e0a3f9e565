"""Tables as people keep them: Excel, OpenDocument, CSV of any separator and encoding, a name a line.

What a file leaves in doubt is told, with sheet, row and column; nothing is guessed in silence. Workbooks are
read by python-calamine (MIT), the extra `diplolib[sheets]`.
"""

import codecs
import csv
import datetime
import io
import unicodedata
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from nbproof.study import UsageError
from nbproof.tables.cells import DOTTED, FORMULA, INVISIBLE, MISSING_WORDS

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
# The letters that Windows-1254 has where Windows-1252 has Ð Ý Þ ð ý þ
TURKISH = bytes([0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE])
# Serial numbers of days that are years, such as 1960: Excel shows them as days of 1905.
YEARS = range(1800, 2101)
EPOCH = datetime.datetime(1899, 12, 30)


@dataclass
class Sheet:
    """The cells of one sheet as text, and what is to be said of it: (row, column, text), counted from 1."""

    name: str
    rows: list[list[str]]
    told: list[tuple[int, int, str]] = field(default_factory=list)

    def where(self, row: int, column: int = 0) -> str:
        """How a message calls a place in it."""
        named = f"sheet {self.name!r}, " if self.name else ""
        return f"{named}row {row}" + (f", column {letters(column)}" if column else "")


def read(file: Path) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of a file, and what is to be said of the file as a whole.

    Raises UsageError for a file that is not there, of another kind, or that cannot be read.
    """
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file.")
    kind = file.suffix.lower()
    if kind not in (*WORKBOOKS, *TEXTS):
        raise UsageError(f"{file}: expected a file in {', '.join([*WORKBOOKS, *TEXTS])}.")
    sheets, said = (_workbook if kind in WORKBOOKS else _text)(file)
    for sheet in sheets:
        for row, cells in enumerate(sheet.rows, 1):
            for column, came in enumerate(cells, 1):
                cell = cells[column - 1] = plain(came)
                if cell != unicodedata.normalize("NFC", came):
                    sheet.told.append((row, column, f"{came!r}: read as {cell!r}."))
                if FORMULA.match(cell):
                    cells[column - 1] = f"'{cell}"
                    sheet.told.append(
                        (row, column, f"{cell!r} begins like a formula: kept as text.")
                    )
        while sheet.rows and not any(sheet.rows[-1]):
            sheet.rows.pop()
    if not any(sheet.rows for sheet in sheets):
        raise UsageError(f"{file}: no cell with a text. Fill in at least one column.")
    return sheets, said


def plain(cell: str) -> str:
    """Composed letters, no invisible ones; empty for a word that stands for nothing, such as #N/A."""
    seen = DOTTED.sub(lambda found: found[0][0], INVISIBLE.sub("", cell))
    seen = unicodedata.normalize("NFC", seen).strip()
    return "" if seen in MISSING_WORDS else seen


def letters(column: int) -> str:
    """A column's name in a spreadsheet: 1 is A, 28 is AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _workbook(file: Path) -> tuple[list[Sheet], list[str]]:
    if find_spec("python_calamine") is None:
        raise UsageError(
            f"{file}: a workbook needs python-calamine: pip install 'diplolib[sheets]'. Or save it as CSV."
        )
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(file))
        names = {one.name: one.visible == SheetVisibleEnum.Visible for one in book.sheets_metadata}
        found = {name: book.get_sheet_by_name(name) for name, shown in names.items() if shown}
        cells = {name: sheet.to_python(skip_empty_area=False) for name, sheet in found.items()}
    except (CalamineError, OSError, ValueError) as error:
        raise UsageError(
            f"{file}: cannot be read as a workbook ({error}). Save it anew, or as CSV."
        ) from None
    sheets = []
    for name, rows in cells.items():
        sheet = Sheet(name, [])
        for number, row in enumerate(rows, 1):
            sheet.rows.append([_cell(value, sheet, number, n) for n, value in enumerate(row, 1)])
        for (top, left), (bottom, _) in getattr(found[name], "merged_cell_ranges", None) or ():
            if bottom > top:
                value = sheet.rows[top][left] if top < len(sheet.rows) else ""
                sheet.told.append(
                    (top + 1, left + 1, f"merged down to row {bottom + 1}: only the first has {value!r}; "
                     "the others are empty. Unmerge the cells and fill each in.")
                )  # fmt: skip
        sheets.append(sheet)
    hidden = [name for name, shown in names.items() if not shown]
    return sheets, [
        f"sheet {name!r} is hidden: left out. Show it if it belongs here." for name in hidden
    ]


def _cell(value, sheet: Sheet, row: int, column: int) -> str:
    """The cell as text; a whole number without its .0, a date as year-month-day."""
    if isinstance(value, datetime.datetime | datetime.date):
        moment = datetime.datetime(value.year, value.month, value.day)
        if (serial := (moment - EPOCH).days) in YEARS:
            said = f"{value:%Y-%m-%d}: perhaps the number {serial}, shown as a date. Show it as a number."
            sheet.told.append((row, column, said))
            return f"{value:%Y-%m-%d} or {serial}"
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _text(file: Path) -> tuple[list[Sheet], list[str]]:
    data = file.read_bytes()
    text, said = _decoded(data)
    lines = text.splitlines()
    between = _separator(lines) if file.suffix.lower() != ".txt" or "\t" in text else ""
    rows = (
        csv.reader(io.StringIO(text), delimiter=between) if between else ([line] for line in lines)
    )
    try:
        cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    except csv.Error as error:
        raise UsageError(f"{file}: {error}. Check the quotes.") from None
    return [Sheet("", cells)], said


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """The text, and what was supposed of its encoding."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16"
        return data.decode(name, "replace"), []
    if data[1:200:2].count(0) > len(data[1:200:2]) // 2:
        return data.decode("utf-16-le", "replace"), ["read as UTF-16 without its mark."]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        name = "cp1254" if any(byte in data for byte in TURKISH) else "cp1252"
        said = f"not UTF-8: read as Windows-{name[2:]}. If letters look wrong, save it as UTF-8."
        return data.decode(name, "replace"), [said]


def _separator(lines: list[str]) -> str:
    """The sign that parts most lines into the same number of cells."""

    def score(sign: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(lines[:200], delimiter=sign) if row]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) / max(1, len(counts))) * (usual > 1), usual

    return max((";", "\t", ",", "|"), key=score)
