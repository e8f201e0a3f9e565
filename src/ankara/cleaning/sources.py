"""A source table with what `data/reference/corrections.csv` corrects in it, and where each row comes from."""

from pathlib import Path

import pandas as pd

from diplolib.places import concern, correct
from nbproof import tables
from nbproof.study import Study, StudyError
from nbproof.tables.csvfile import as_text

CORRECTIONS = "reference/corrections"
# Printed cells and what stands for them; the tables whose rows are coded, and the rows that need no code
CODES, CODED = (
    pd.read_csv(Path(__file__).with_name(f"{name}.csv"), dtype="str", keep_default_na=False)
    for name in ("codes", "coded")
)


def read(study: Study, table: str) -> pd.DataFrame:
    """`table` corrected, with a column `source`."""
    return with_source(
        corrected(tables.read(study, table), tables.read(study, CORRECTIONS), table), table
    )


def with_source(raw: pd.DataFrame, table: str) -> pd.DataFrame:
    """`raw` with a column `source`: file and line of each row (line 1 of a file is its header)."""
    lines = map(f"data/{table}.csv:{{}}".format, range(2, len(raw) + 2))
    return raw.assign(source=pd.Series(lines, index=raw.index, dtype="str"))


def corrected(raw: pd.DataFrame, corrections: pd.DataFrame, table: str) -> pd.DataFrame:
    """`raw` with the corrections of its own columns; the types stay.

    Raises StudyError for a correction that is no value of the column's type.
    """
    own = corrections[concern(corrections, table)]
    for column in raw.columns.intersection(own["column"].unique()):
        text = correct(as_text(raw[[column]])[column], own, table, column)
        try:
            raw = raw.assign(**{column: text.mask(text == "").astype(raw[column].dtype)})
        except (ValueError, TypeError) as error:
            raise StudyError(
                f"data/{CORRECTIONS}.csv, table {table.rpartition('/')[2]}, column {column}: a corrected "
                f"value is not of the column's type ({error}). Write it as the table would print it."
            ) from None
    return raw


def coded(rows: pd.DataFrame, column: str, kind: str) -> pd.Series:
    """The codes of printed cells; raises StudyError for a cell without one."""
    codes = CODES[CODES["kind"] == kind].set_index("printed")["code"]
    wanted = f"one of {', '.join(codes.index)}. Give it a code in cleaning/codes.csv"
    require(rows, rows[column].isin(codes.index), column, wanted)
    return rows[column].map(codes)


def without_code(coding: str) -> dict[str, set[int]]:
    """The tables of a coding, engagement or aim, each with the numbers of the rows that need no code."""
    rows = CODED[CODED["coding"] == coding]
    return {
        name: set(map(int, one.split()))
        for name, one in zip(rows["table"], rows["without"], strict=True)
    }


def require(rows: pd.DataFrame, fits: pd.Series, column: str, wanted: str) -> None:
    """Raise StudyError for the first row that does not fit; each has its `source`."""
    for row in rows[~fits].head(1).to_dict("records"):
        raise StudyError(f"{row['source']}, column {column}: {row[column]!r}; expected {wanted}.")
