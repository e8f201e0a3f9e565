"""Table 8 of the article: the metropolitan municipality's mayors and their parties."""

import pandas as pd

from ankara.cleaning import sources
from nbproof.study import Study

TABLE = "raw/article/table-08"


def clean_terms(study: Study) -> pd.DataFrame:
    """year_from (election), year_to (next election; missing for the last), party, mayor, source.

    One row a term as printed: a second name in `mayor` took over within the term, on a date that the
    table does not give.
    """
    raw = sources.read(study, TABLE)
    raw = raw.rename(columns={"year": "year_from"})
    raw.insert(1, "year_to", raw["year_from"].shift(-1).astype("Int64"))
    return raw
