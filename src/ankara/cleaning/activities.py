"""The activities of 2010–2020 that the article names, with its authors' codes."""

import pandas as pd

from ankara.cleaning import sources
from nbproof.study import Study

TABLE = "raw/article/activities"


def clean_activities(study: Study) -> pd.DataFrame:
    """The raw columns, plus year_from and year_to of the planning period, and source."""
    raw = sources.read(study, TABLE)
    years = raw["period"].str.split("-", expand=True).astype("Int64")
    raw.insert(2, "year_from", years[0])
    # The third period is one year, printed without a second one.
    raw.insert(3, "year_to", years[1].fillna(years[0]))
    return raw
