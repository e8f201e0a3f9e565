"""The dated policies, laws, elections and other events that the article names."""

import pandas as pd

from ankara.cleaning import sources
from nbproof.study import Study

TABLE = "raw/article/events"


def clean_events(study: Study) -> pd.DataFrame:
    """The raw columns and source, in the article's order; year is missing where it prints none."""
    return sources.read(study, TABLE)
