"""The rows behind a mark, in one cell: references to them, joined by ";" in reading order.

A reference is the key of an identified row, or the file and row of a printed or curated line. Reading
order is that of the table a row comes from: its index, which a selection keeps.
"""

from typing import Any

import pandas as pd
from pandas.api.typing import NAType

SEPARATOR = ";"


def counted(
    frame: pd.DataFrame, by: Any, name: str, reference: str = "source", *, dropna: bool = True
) -> pd.DataFrame:
    """One row a group of `by` (as `groupby` takes it), in its order: by, `name` and `rows`.

    `name` is how many rows of `frame` the group has, `rows` the column `reference` of each of them,
    so that there are always as many references as were counted.
    """
    groups = frame.sort_index().groupby(by, dropna=dropna)[reference]
    columns: dict[str, Any] = {name: "size", "rows": SEPARATOR.join}
    return groups.agg(**columns).reset_index()


def joined(references: pd.Series) -> str | NAType:
    """References, or cells that hold several, as one cell, each reference once.

    Missing where there is none.
    """
    cells = references.sort_index(kind="stable").tolist()
    # Plain Python: most groups are a row or two, for which pandas takes ten times as long.
    known = dict.fromkeys(cell for cell in cells if pd.notna(cell))
    single = dict.fromkeys(SEPARATOR.join(known).split(SEPARATOR))
    return SEPARATOR.join(single) or pd.NA


def several(*cells: pd.Series) -> pd.Series:
    """The references of several columns in one; missing where none has any."""
    filled = [cell.fillna("").astype("str") for cell in cells]
    both = filled[0]
    for cell in filled[1:]:
        both = (both + SEPARATOR + cell).str.strip(SEPARATOR)
    return both.where(both != "")
