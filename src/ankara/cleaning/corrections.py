"""Does each row of `data/reference/corrections.csv` correct a cell that a source prints?"""

import functools

import pandas as pd

from ankara.cleaning import districts
from ankara.cleaning.sources import CORRECTIONS, corrected, with_source
from diplolib.places import concern
from nbproof import tables
from nbproof.study import Study, StudyError
from nbproof.tables.csvfile import as_text


def check(study: Study) -> None:
    """Refuse a correction that corrects nothing: an unknown table or column, a cell not printed so.

    Raises StudyError with the row of corrections.csv.
    """
    paths = sorted(path.relative_to(study.data) for path in study.data.glob("raw/**/*.csv"))
    given = tables.read(study, CORRECTIONS)
    meant = {
        table: concern(given, table)
        for table in (path.with_suffix("").as_posix() for path in paths)
    }
    printed = functools.cache(lambda table: _printed(study, table, given))
    for row in given.itertuples():
        where = f"data/{CORRECTIONS}.csv, row {row.Index + 1} (line {row.Index + 2})"
        fitting = [table for table, rows in meant.items() if rows[row.Index]]
        if len(fitting) != 1:
            wanted = f"one of {', '.join(fitting)}" if fitting else "a table of data/raw"
            raise StudyError(f"{where}, column table: {row.table!r}; expected {wanted}.")
        cells = printed(fitting[0])
        if row.column not in cells:
            wanted = ", ".join(cells)
            raise StudyError(f"{where}, column column: {row.column!r}; expected one of {wanted}.")
        text = "" if pd.isna(row.printed) else row.printed
        place, found = f"data/{fitting[0]}.csv", cells[row.column] == text
        if pd.notna(row.line):
            place, found = f"line {row.line} of {place}", found[found.index == row.line - 2]
        elif not text:
            found[:] = False
        if not found.any():
            raise StudyError(
                f"{where}, column printed: {text!r}; {place} prints no such cell in column {row.column}. "
                "Copy the cell as it stands there (a line is needed for an empty one)."
            )


def _printed(study: Study, table: str, corrections: pd.DataFrame) -> pd.DataFrame:
    raw = tables.read(study, table)
    cells = as_text(raw)
    if table == districts.TABLE:
        # District and partner are printed within a cell, after this is corrected.
        whole = corrected(with_source(raw, table), corrections, table)
        cells = cells.join(districts.split(whole))
    return cells
