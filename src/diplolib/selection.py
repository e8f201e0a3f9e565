"""The agreements that a reader asks for."""

import pandas as pd

from diplolib import places
from diplolib.study import StudyError


def select(
    agreements: pd.DataFrame,
    *,
    year_from: int,
    year_to: int,
    level: str = "all",
    form: str = "all",
    min_confidence: str = "none",
) -> pd.DataFrame:
    """The rows of `data/processed/agreements.csv` within the given limits, both years included.

    level: all, metropolitan or district. form: all, sister_city or friendship_cooperation.
    min_confidence: none (leaves nothing out), low, medium or high. Raises StudyError if nothing is
    left: a figure of nothing would look like a finding.
    """
    wanted = agreements["year"].between(year_from, year_to)
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
