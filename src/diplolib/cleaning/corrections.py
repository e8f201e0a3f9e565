"""Does each row of `data/reference/corrections.csv` correct a cell that a source prints?"""

import pandas as pd

from diplolib import tables
from diplolib.cleaning.sources import CORRECTIONS, corrected
from diplolib.study import Study, StudyError
from diplolib.tables.csvfile import as_text

# Columns that only cleaning makes, of one printed cell; their corrections are applied there.
PARTS = {
    "raw/article/table-06": {
        "district": ("district_partner", 0),
        "partner": ("district_partner", 2),
    }
}


def check(study: Study) -> None:
    """Refuse a correction that corrects nothing: an unknown table or column, a cell not printed so.

    Raises StudyError with the row of corrections.csv.
    """
    known = sorted(path.relative_to(study.data) for path in study.data.glob("raw/**/*.csv"))
    known = [path.with_suffix("").as_posix() for path in known]
    printed: dict[str, pd.DataFrame] = {}
    given = tables.read(study, CORRECTIONS)
    for row in given.itertuples():
        where = f"data/{CORRECTIONS}.csv, row {row.Index + 1} (line {row.Index + 2})"
        fitting = [table for table in known if _named(table, row.table)]
        if len(fitting) != 1:
            said = (
                f"one of {', '.join(fitting)}"
                if fitting
                else "a table of data/raw, such as table-04"
            )
            raise StudyError(f"{where}, column table: {row.table!r}; expected {said}.")
        table = fitting[0]
        if table not in printed:
            raw = as_text(tables.read(study, table))
            # A part is printed within its cell, after this is corrected; a hyphen parts the halves.
            whole = as_text(corrected(tables.read(study, table), given, table))
            parts = PARTS.get(table, {})
            halves = {part: whole[cell].str.partition("-")[n] for part, (cell, n) in parts.items()}
            printed[table] = raw.assign(**halves)
        cells = printed[table]
        if row.column not in cells:
            raise StudyError(
                f"{where}, column column: {row.column!r}; expected one of {', '.join(cells)}."
            )
        text = "" if pd.isna(row.printed) else row.printed
        column, one = cells[row.column], pd.notna(row.line)
        if one:
            column = column[column.index == row.line - 2]
        if (not text and not one) or not (column == text).any():
            place = f"line {row.line} of data/{table}.csv" if one else f"data/{table}.csv"
            raise StudyError(
                f"{where}, column printed: {text!r}; {place} prints no such cell in column {row.column}. "
                "Copy the cell as it stands there (a line is needed for an empty one)."
            )


def _named(table: str, given: str) -> bool:
    return f"/{table}".endswith(f"/{given.removeprefix('data/').removesuffix('.csv')}")
