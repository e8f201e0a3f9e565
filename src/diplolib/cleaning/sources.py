"""Where a row comes from."""

import pandas as pd


def with_source(raw: pd.DataFrame, table: str) -> pd.DataFrame:
    """`raw` with a column `source`: file and line of each row (line 1 of a file is its header)."""
    lines = map(f"data/{table}.csv:{{}}".format, range(2, len(raw) + 2))
    return raw.assign(source=pd.Series(lines, index=raw.index, dtype="str"))
