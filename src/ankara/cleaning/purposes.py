"""The purposes that the article lists, and which protocol has which."""

import pandas as pd

from ankara.cleaning import sources
from nbproof import tables
from nbproof.study import Study

TABLE = "raw/article/purposes"
PROTOCOLS = "reference/purposes_by_protocol"


def clean_purposes(study: Study) -> pd.DataFrame:
    """position, purpose (as printed), purpose_en, prose_status, source: one row a listed purpose."""
    raw = sources.read(study, TABLE)
    names = tables.read(study, "reference/purpose_names").set_index("purpose")["purpose_en"]
    wanted = "one with an English name in data/reference/purpose_names.csv. Add a row there"
    sources.require(raw, raw["purpose"].isin(names.index), "purpose", wanted)
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
    rows = sources.with_source(coded, PROTOCOLS)
    pairs = rows.assign(**{"year and city": list(ids)})
    known = pd.Series(ids.isin(keys.index), rows.index)
    sources.require(pairs, known, "year and city", "a pair as Table 4 prints it")
    wanted = "one of data/raw/article/purposes.csv, as printed there"
    sources.require(rows, rows["purpose"].isin(purposes["purpose"]), "purpose", wanted)
    coded.insert(0, "agreement_id", keys.loc[ids].to_numpy())
    return coded
