"""The life of a tie: the last engagement with a partner that the sources report.

The definitions stand in docs/what-was-known-when.md. A tie of which no source could report anything
is unknown; it is not dormant.
"""

import pandas as pd

from nbproof.study import StudyError

# An engagement with one counterpart abroad; a park's name alone has none.
KINDS = ("bilateral", "continuing")
SIGNS = ("place", "country", "none", "unknown")
COLUMNS = [
    "agreement_id", "level", "municipality", "year", "partner", "partner_tr", "country_code",
    "reported_until", "sign", "place_year", "place_year_end", "place_source", "country_year",
    "country_year_end", "country_source", "source",
]  # fmt: skip


def last_signs(
    agreements: pd.DataFrame, engagements: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Find the last sign of life of each tie: by place, and by country apart.

    Parameters
    ----------
    agreements : pandas.DataFrame
        `data/processed/agreements.csv`, with agreement_id, level, municipality, partner, partner_tr,
        place_id, country_code, source (text) and year (integer).
    engagements : pandas.DataFrame
        `data/processed/engagements.csv`, with list, municipality, kind, status, activity, place,
        country_code, source (text), year and year_end (integer; may be missing). The signs are its
        coded rows (list is `coded`) of KINDS that are reported and are no protocol.
    places : pandas.DataFrame
        `data/reference/places.csv`: place_id, listed_as and name (text), the names by which a place is
        known.

    Returns
    -------
    pandas.DataFrame
        One row an agreement, in COLUMNS. reported_until (year) is the last year among the municipality's
        engagements; missing where no source reports any. sign is `place`, `country` (no sign by place),
        `none` (sources could report one and do not) or `unknown` (none could). The years of a sign are
        missing where the only signs are undated.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import life
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1", "A2", "A3"],
    ...         "level": "metropolitan",
    ...         "municipality": "Northtown",
    ...         "year": [1990, 1995, 2015],
    ...         "partner": ["Paris", "Vienna", "Rome"],
    ...         "partner_tr": ["Paris", "Viyana", "Roma"],
    ...         "place_id": ["paris-fr", "vienna-at", "rome-it"],
    ...         "country_code": ["FR", "AT", "IT"],
    ...         "source": ["t.csv:2", "t.csv:3", "t.csv:4"],
    ...     }
    ... )
    >>> engagements = pd.DataFrame(
    ...     {
    ...         "list": ["coded"],
    ...         "municipality": ["Northtown"],
    ...         "kind": ["bilateral"],
    ...         "status": ["reported"],
    ...         "activity": ["visit"],
    ...         "year": [2010],
    ...         "year_end": [2012],
    ...         "place": ["Paris"],
    ...         "country_code": ["FR"],
    ...         "source": ["e.csv:2"],
    ...     }
    ... ).astype({"year": "Int64", "year_end": "Int64"})
    >>> places = pd.DataFrame(
    ...     {
    ...         "place_id": ["paris-fr", "vienna-at", "rome-it"],
    ...         "listed_as": ["Paris", "Viyana", "Roma"],
    ...         "name": ["Paris", "Vienna", "Rome"],
    ...     }
    ... )
    >>> ties = life.last_signs(agreements, engagements, places)
    >>> ties[["partner", "reported_until", "sign", "place_year_end"]]
      partner  reported_until     sign  place_year_end
    0   Paris            2012    place            2012
    1  Vienna            2012     none            <NA>
    2    Rome            2012  unknown            <NA>
    """
    coded = engagements[engagements["list"] == "coded"]
    until = coded.groupby("municipality")["year_end"].max()
    ties = agreements.assign(reported_until=agreements["municipality"].map(until))
    known = coded["kind"].isin(KINDS) & (coded["status"] == "reported")
    signs = coded[known & (coded["activity"] != "protocol")]
    pairs = ties.merge(signs, on="municipality", suffixes=("", "_of"))
    pairs = pairs[pairs["year_end"].fillna(pairs["reported_until"]) >= pairs["year"]]
    # Of two last ones that end in one year the later one begins later; undated ones come first.
    pairs = pairs.sort_values(["year_end", "year_of"], kind="stable", na_position="first")
    names = places.melt("place_id", ["listed_as", "name"], value_name="place")
    by_place = pd.Series(_names(pairs).isin(_names(names)), pairs.index)
    of_country = pairs["country_code"].eq(pairs["country_code_of"])
    for way, found in {"place": by_place, "country": of_country & ~by_place}.items():
        last = pairs[found.fillna(False)].drop_duplicates("agreement_id", keep="last")
        last = last.set_index("agreement_id")[["year_of", "year_end", "source_of"]]
        last.columns = [f"{way}_year", f"{way}_year_end", f"{way}_source"]
        ties = ties.join(last, on="agreement_id")
    unknown = ties["reported_until"].isna() | (ties["year"] > ties["reported_until"])
    sign = pd.Series("none", index=ties.index).mask(unknown.fillna(True), "unknown")
    sign = sign.mask(ties["country_source"].notna(), "country")
    return ties.assign(sign=sign.mask(ties["place_source"].notna(), "place"))[COLUMNS]


def check(ties: pd.DataFrame, name: str) -> None:
    """Refuse a sign of life before its tie's year.

    Parameters
    ----------
    ties : pandas.DataFrame
        As `last_signs` returns it, with agreement_id (text), year, place_year_end and country_year_end.
    name : str
        The file of `ties`, for the error.

    Raises
    ------
    StudyError
        With row, column, both years and the agreement's id.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import life
    >>> ties = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1"], "year": [1990], "place_year_end": [1985],
    ...         "country_year_end": [None],
    ...     }
    ... ).astype({"country_year_end": "Int64", "place_year_end": "Int64"})
    >>> life.check(ties, "ties.csv")
    Traceback (most recent call last):
    nbproof.study.StudyError: ties.csv, row 1 (line 2), column place_year_end: 1985, before the tie's ...
    """
    for column in ("place_year_end", "country_year_end"):
        early = ties[(ties[column] < ties["year"]).fillna(False)]
        if len(early):
            number, tie = early.index[0], early.iloc[0]
            raise StudyError(
                f"{name}, row {number + 1} (line {number + 2}), column {column}: {tie[column]}, before "
                f"the tie's year {tie['year']} ({tie['agreement_id']}); expected that year or later. "
                "Correct the engagement or the agreement that it comes from, and run again."
            )


def _names(places: pd.DataFrame) -> pd.MultiIndex:
    """Playa (Havana) and Playa, Havana are one way of writing a name."""
    written = places["place"].str.replace(r"[(),]", "", regex=True).str.casefold()
    return pd.MultiIndex.from_arrays([places["place_id"], written])
