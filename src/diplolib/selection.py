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
    """Select the agreements within the given limits.

    Parameters
    ----------
    agreements : pandas.DataFrame
        Rows of `data/processed/agreements.csv`, with year (integer), level, form and confidence (text).
    year_from, year_to : int
        The first and the last year, both included.
    level : str
        The level of government that signed: a key of [levels] in study.toml (without it "metropolitan" or
        "district"), or "all".
    form : {"all", "sister_city", "friendship_cooperation"}
        The form of the agreement.
    min_confidence : {"none", "low", "medium", "high"}
        How sure the partner's place must be at least; `none` leaves nothing out.
    undated : bool
        Whether rows that have no year stay.

    Returns
    -------
    pandas.DataFrame
        The rows within the limits, in their order and with all columns.

    Raises
    ------
    StudyError
        If nothing is left: a figure of nothing would look like a finding.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import selection
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1", "A2", "A3"],
    ...         "year": [1990, 2005, 2010],
    ...         "level": ["metropolitan", "district", "district"],
    ...         "form": ["sister_city", "sister_city", "friendship_cooperation"],
    ...         "confidence": ["high", "low", "high"],
    ...     }
    ... )
    >>> chosen = selection.select(agreements, year_from=1990, year_to=2010, min_confidence="high")
    >>> chosen["agreement_id"].tolist()
    ['A1', 'A3']
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
    """Select the engagements within the given limits.

    Parameters
    ----------
    engagements : pandas.DataFrame
        Rows of `data/processed/engagements.csv`, with engagement_id, municipality, status and same_as
        (text; same_as holds ids separated by " | ", or is missing), year and year_end (integer).
    year_from, year_to : int
        The first and the last year, both included. A span stays if it meets the years; what has no year
        always stays.
    municipality : str
        `all`, or one municipality as the table writes it.
    status : {"all", "reported"}
        `reported` is what is told as past or existing.

    Returns
    -------
    pandas.DataFrame
        The rows within the limits. The column counted (boolean) is set anew: a row that reports an event
        again counts where its better row was left out by its municipality or status.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import selection
    >>> engagements = pd.DataFrame(
    ...     {
    ...         "engagement_id": ["E1", "E2", "E3"],
    ...         "municipality": ["Northtown"] * 3,
    ...         "status": ["planned", "reported", "reported"],
    ...         "year": [2010, 2010, None],
    ...         "year_end": [2012, 2010, None],
    ...         "same_as": [None, "E1", None],
    ...     }
    ... ).astype({"year": "Int64", "year_end": "Int64", "same_as": "str"})
    >>> every = selection.select_engagements(engagements, year_from=2011, year_to=2020)
    >>> every[["engagement_id", "counted"]].to_dict("list")
    {'engagement_id': ['E1', 'E3'], 'counted': [True, True]}
    >>> reported = selection.select_engagements(
    ...     engagements, year_from=2010, year_to=2020, status="reported"
    ... )
    >>> reported[["engagement_id", "counted"]].to_dict("list")
    {'engagement_id': ['E2', 'E3'], 'counted': [True, True]}
    """
    wanted = pd.Series(True, index=engagements.index)
    for column, value in {"municipality": municipality, "status": status}.items():
        if value != "all":
            wanted &= engagements[column] == value
    kept = engagements[wanted]
    others = kept["same_as"].str.split(" | ", regex=False).explode()
    again = others.isin(kept["engagement_id"]).groupby(level=0).any()
    kept = kept.assign(counted=~again.reindex(kept.index).astype("boolean"))
    outside = (kept["year"] > year_to) | (kept["year_end"] < year_from)
    return kept[~outside.fillna(False)]
