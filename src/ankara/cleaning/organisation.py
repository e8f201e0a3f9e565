"""Figure 1 of the article: the units of the metropolitan municipality's foreign relations."""

import pandas as pd

from ankara.cleaning import sources
from nbproof.study import Study, StudyError

TABLE = "raw/article/figure-01"


def clean_organisation(study: Study) -> pd.DataFrame:
    """unit, unit_en, parent_unit (missing for the root), unit_type, depth (root 0), source.

    Raises StudyError if a unit stands under one that is not in the table.
    """
    raw = sources.read(study, TABLE).drop(columns="line")
    raw.insert(4, "depth", _depths(raw))
    return raw


def _depths(raw: pd.DataFrame) -> pd.Series:
    """A parent is printed before what stands under it, so there can be no circle."""
    depths: dict[str, int] = {}
    for row in raw.itertuples():
        if pd.isna(row.parent_unit):
            depths[row.unit] = 0
        elif row.parent_unit in depths:
            depths[row.unit] = depths[row.parent_unit] + 1
        else:
            raise StudyError(
                f"{row.source}, column parent_unit: {row.parent_unit!r}; expected a unit of a row above."
            )
    return raw["unit"].map(depths)
