"""Where a row comes from."""

import pandas as pd


def with_source(raw: pd.DataFrame, table: str) -> pd.DataFrame:
    """`raw` with a column `source`: file and line of each row (line 1 of a file is its header)."""
    lines = pd.RangeIndex(2, len(raw) + 2).astype("str")
    return raw.assign(source=f"data/{table}.csv:" + lines)
