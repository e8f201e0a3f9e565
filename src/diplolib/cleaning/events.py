"""The dated policies, laws, elections and other events that the article names."""

import pandas as pd

from diplolib import tables
from diplolib.cleaning.sources import with_source
from diplolib.study import Study

TABLE = "raw/article/events"


def clean_events(study: Study) -> pd.DataFrame:
    """The raw columns and source, in the article's order; year is missing where it prints none."""
    return with_source(tables.read(study, TABLE), TABLE)
