"""Ties that were attempted, cancelled or planned, or that only another source reports."""

import pandas as pd

from ankara.cleaning import sources
from nbproof import tables
from nbproof.study import Study

TABLE = "raw/article/other_ties"
PAGE = "raw/cankaya-2016/partners"
NAMES = "reference/other_tie_partners"


def clean_other_ties(study: Study, agreements: pd.DataFrame) -> pd.DataFrame:
    """The columns of `data/processed/other_ties.csv`: the article's ties, then the page's agreement.

    agreements: processed/agreements; `agreement_id` says which tie stands in Table 4 or 6 all the
    same. Raises StudyError for a partner without a row in other_tie_partners.csv.
    """
    article = sources.read(study, TABLE).drop(columns="line")
    ties = pd.concat([article, _reported_elsewhere(study)], ignore_index=True)
    ties = ties.astype({"year": "Int64", "year_end": "Int64"})
    names = tables.read(study, NAMES).set_index("listed_as")
    wanted = f"one with a row in data/{NAMES}.csv. Add one there"
    sources.require(ties, ties["partner"].isin(names.index), "partner", wanted)
    found = names.loc[ties["partner"]].set_axis(ties.index)
    ties = ties.rename(columns={"partner": "partner_printed", "country": "country_printed"})
    ties["partner"], ties["partner_tr"] = found["name"], found["name_tr"]
    ties["country_code"] = found["country_code"]
    keys = agreements.set_index(["municipality", "partner_printed", "year"])["agreement_id"]
    ties["agreement_id"] = keys.reindex(
        pd.MultiIndex.from_frame(ties[["municipality", "partner_printed", "year"]])
    ).to_numpy()
    return ties[tables.columns(study, "processed/other_ties")]


def _reported_elsewhere(study: Study) -> pd.DataFrame:
    """Çankaya's page calls an agreement signed; it prints no year, and its own date is not known."""
    page = sources.read(study, PAGE)
    page = page[page["relation"] == "agreement"].rename(columns={"country_printed": "country"})
    note = page["statement"] + " (" + page["period_printed"] + ")"
    return page.assign(municipality="Çankaya", status="reported_elsewhere", note=note)
