"""The agreements that a reader asks for."""

import pandas as pd

from diplolib import places
from nbproof.study import StudyError


def select(
    agreements: pd.DataFrame,
    *,
    year_from: int,
    year_to: int,
    level: str = "all",
    form: str = "all",
    min_confidence: str = "none",
    undated: bool = False,
) -> pd.DataFrame:
    """The rows of `data/processed/agreements.csv` within the given limits, both years included.

    level: all, metropolitan or district. form: all, sister_city or friendship_cooperation.
    min_confidence: none (leaves nothing out), low, medium or high. undated: keep rows that have no year.
    Raises StudyError if nothing is left: a figure of nothing would look like a finding.
    """
    wanted = agreements["year"].between(year_from, year_to).fillna(False).astype("bool")
    if undated:
        wanted |= agreements["year"].isna()
    wanted &= places.at_least(agreements["confidence"], min_confidence)
    for column, value in {"level": level, "form": form}.items():
        if value != "all":
            wanted &= agreements[column] == value
    if not wanted.any():
        raise StudyError(
            f"no agreement of {year_from}–{year_to} has level {level}, form {form} and confidence "
            f"{min_confidence} or better. Choose wider limits."
        )
    return agreements[wanted]


def select_engagements(
    engagements: pd.DataFrame,
    *,
    year_from: int,
    year_to: int,
    municipality: str = "all",
    status: str = "all",
) -> pd.DataFrame:
    """The rows of `data/processed/engagements.csv` within the given limits, both years included.

    A span stays if it meets the years; what has no year always stays. municipality: all, or one as
    the table writes it. status: all, or reported (told as past or existing). `counted` is set anew:
    a row that reports an event again counts where its better row was left out by its status.
    """
    wanted = pd.Series(True, index=engagements.index)
    for column, value in {"municipality": municipality, "status": status}.items():
        if value != "all":
            wanted &= engagements[column] == value
    kept = engagements[wanted]
    again = kept["same_as"].str.split(" | ", regex=False).explode()
    again = again.isin(kept["engagement_id"]).groupby(level=0).any()
    kept = kept.assign(counted=~again.reindex(kept.index).astype("boolean"))
    outside = (kept["year"] > year_to) | (kept["year_end"] < year_from)
    return kept[~outside.fillna(False)]
