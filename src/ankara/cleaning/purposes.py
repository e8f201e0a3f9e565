"""The purposes that the article lists, and which protocol has which."""

import pandas as pd

from ankara.cleaning import sources
from nbproof import tables
from nbproof.study import Study, StudyError

TABLE = "raw/article/purposes"
PROTOCOLS = "reference/purposes_by_protocol"


def clean_purposes(study: Study) -> pd.DataFrame:
    """position, purpose (as printed), purpose_en, prose_status, source: one row a listed purpose."""
    raw = sources.read(study, TABLE)
    names = tables.read(study, "reference/purpose_names").set_index("purpose")["purpose_en"]
    lost = raw[~raw["purpose"].isin(names.index)]
    if len(lost):
        row = lost.iloc[0]
        raise StudyError(
            f"{row['source']}, purpose {row['purpose']!r}: no English name in "
            "data/reference/purpose_names.csv. Add a row."
        )
    raw.insert(2, "purpose_en", raw["purpose"].map(names))
    return raw


def clean_protocols(study: Study, agreements: pd.DataFrame, purposes: pd.DataFrame) -> pd.DataFrame:
    """agreement_id, year, city, purpose, source: one row for each purpose of each coded protocol.

    Raises StudyError where a row names no metropolitan agreement of that year and city, or a purpose
    that the article does not list.
    """
    coded = tables.read(study, PROTOCOLS)
    metropolitan = agreements[agreements["level"] == "metropolitan"]
    keys = metropolitan.set_index(["year", "partner_printed"])["agreement_id"]
    ids = pd.MultiIndex.from_frame(coded[["year", "city"]])
    for row, known in enumerate(ids.isin(keys.index)):
        if not known:
            year, city = ids[row]
            raise StudyError(
                f"data/{PROTOCOLS}.csv:{row + 2}, columns year and city: {year} {city!r}; expected "
                "a year and city as Table 4 prints them."
            )
    unlisted = coded.index[~coded["purpose"].isin(purposes["purpose"])]
    if len(unlisted):
        row = unlisted[0]
        raise StudyError(
            f"data/{PROTOCOLS}.csv:{row + 2}, column purpose: {coded.loc[row, 'purpose']!r}; "
            "expected one of data/raw/article/purposes.csv, as printed there."
        )
    coded.insert(0, "agreement_id", keys.loc[ids].to_numpy())
    return coded
