"""Who the partners are: agreements sorted into groups, counted, and compared side against side.

A census has no sampling error: this module counts, and makes no test. What is compared was written
down before the code that counts it, in `data/reference/named_contrasts.csv`.
"""

from typing import Any

import numpy as np
import pandas as pd

from diplolib import regions
from nbproof import references
from nbproof.study import StudyError

ORGANISATIONS = ("EU", "OIC", "OTS")
EARTH_RADIUS = 6371.0088  # km, the mean radius
KM_DIGITS = 2  # a place is known to four digits of a degree, ten metres
# Upper limits in km; the last band is open.
BANDS = {"below_1000": 1000, "1000_to_2500": 2500, "2500_to_5000": 5000, "above_5000": np.inf}
# In km: a borough, a suburb or the next town
NEAR = 25

_MEMBERSHIP = ["member", "observer", "outside", "unidentified"]
# Every group of every grouping, in the order in which it is shown; an unidentified partner stays visible.
GROUPS = {
    "capital_kind": ["capital", "borough_of_capital", "other", "unidentified"],
    "region": [*regions.NAMES, "unidentified"],
    "successor": ["soviet_successor", "yugoslav_successor", "before_date", "other", "unidentified"],
    **dict.fromkeys(ORGANISATIONS, _MEMBERSHIP),
    "distance": [*BANDS, "unidentified"],
    "overlap": ["same_place", "near_place", "same_country", "other_country", "unidentified"],
}


def classify(
    agreements: pd.DataFrame,
    *,
    periods: pd.DataFrame,
    schemes: pd.DataFrame,
    capitals: pd.DataFrame,
    states: pd.DataFrame,
    memberships: pd.DataFrame,
    origin: tuple[float, float],
    region_scheme: str,
    state_status: tuple[str, ...],
    states_from: int,
    membership: str,
) -> pd.DataFrame:
    """Sort agreements into the groups of every grouping.

    Parameters
    ----------
    agreements : pandas.DataFrame
        Rows of `data/processed/agreements.csv`, of both levels: the overlap needs both. With the columns
        that the functions for the single groupings take.
    periods, schemes, capitals, states, memberships : pandas.DataFrame
        `data/reference/`: periods, regions, capitals, country_groups, memberships.
    origin : tuple of float
        Latitude and longitude of the studied city, in degrees.
    region_scheme : str
        A column of `schemes`.
    state_status : tuple of str
        Which status makes a state count; see `successor`.
    states_from : int
        The first year of `successor`.
    membership : {"any_day", "whole_year"}
        The rule of `member`.

    Returns
    -------
    pandas.DataFrame
        `agreements` with a column a grouping (text; see GROUPS), period (text) and distance_km (km).

    Raises
    ------
    StudyError
        As the functions for the single groupings do.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1", "A2"],
    ...         "level": ["metropolitan", "district"],
    ...         "municipality": ["Berlin", "Northtown"],
    ...         "year": [1987, 1995],
    ...         "partner_printed": ["Paris", "Vilnius"],
    ...         "place_id": ["paris-fr", "vilnius-lt"],
    ...         "country_code": ["FR", "LT"],
    ...         "latitude": [48.857, 54.687],
    ...         "longitude": [2.352, 25.28],
    ...         "capital": [True, True],
    ...     }
    ... )
    >>> classified = contrasts.classify(
    ...     agreements,
    ...     periods=pd.DataFrame(
    ...         {"name": ["early", "late"], "year_from": [1971, 1991], "year_to": [1990, 2021]}
    ...     ),
    ...     schemes=pd.DataFrame({"country_code": ["FR", "LT"], "un_m49": ["Europe", "Europe"]}),
    ...     capitals=pd.DataFrame(columns=["level", "municipality", "year", "place", "relation"]),
    ...     states=pd.DataFrame(
    ...         {
    ...             "country_code": ["LT"], "group": ["soviet_successor"], "since": ["1990-03-11"],
    ...             "status": ["restored"],
    ...         }
    ...     ),
    ...     memberships=pd.DataFrame(
    ...         {
    ...             "country_code": ["FR", "AZ", "TR"], "organisation": ["EU", "OIC", "OTS"],
    ...             "from": ["1958-01-01", "1991", "2009-10-03"], "to": None, "status": "member",
    ...         }
    ...     ).astype({"to": "str"}),
    ...     origin=(52.52, 13.405),
    ...     region_scheme="un_m49",
    ...     state_status=("successor", "restored"),
    ...     states_from=1991,
    ...     membership="any_day",
    ... )
    >>> classified[["period", "successor", "EU", "distance_km", "overlap"]]
      period         successor       EU  distance_km        overlap
    0  early               NaN   member       877.45  other_country
    1   late  soviet_successor  outside       818.56  other_country
    """
    distance_km = distance(agreements["latitude"], agreements["longitude"], *origin)
    region = regions.assign(agreements["country_code"], region_scheme, schemes)
    return agreements.assign(
        period=period(agreements["year"], periods),
        capital_kind=capital_kind(agreements, capitals),
        region=region.fillna("unidentified"),
        successor=successor(agreements, states, state_status, states_from),
        **{name: member(agreements, memberships, name, membership) for name in ORGANISATIONS},
        distance_km=distance_km,
        distance=band(distance_km),
        overlap=overlap(agreements),
    )


def period(years: pd.Series, periods: pd.DataFrame) -> pd.Series:
    """Name the period of each year.

    Parameters
    ----------
    years : pandas.Series
        Years (integer).
    periods : pandas.DataFrame
        name (text), year_from, year_to (integer, both included).

    Returns
    -------
    pandas.Series
        The period's name (text); missing for a year of no period.

    Raises
    ------
    StudyError
        Where two periods share a year.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> periods = pd.DataFrame(
    ...     {"name": ["early", "late"], "year_from": [1971, 1991], "year_to": [1990, 2021]}
    ... )
    >>> contrasts.period(pd.Series([1990, 1991]), periods).tolist()
    ['early', 'late']
    """
    ordered = periods.sort_values("year_from")
    overlapping = ordered["year_from"].to_numpy()[1:] <= ordered["year_to"].to_numpy()[:-1]
    if overlapping.any():
        first, second = ordered["name"].iloc[overlapping.argmax() : overlapping.argmax() + 2]
        raise StudyError(f"periods {first} and {second} share a year; a year has one period.")
    names = {
        year: name
        for name, since, until in ordered[["name", "year_from", "year_to"]].itertuples(index=False)
        for year in range(since, until + 1)
    }
    return years.map(names)


def decades(years: pd.Series) -> pd.DataFrame:
    """Cut a span of years into decades.

    Parameters
    ----------
    years : pandas.Series
        Years (integer), in any order.

    Returns
    -------
    pandas.DataFrame
        name, year_from, year_to of each decade from the first year to the last; the first and the last
        decade are cut there.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> contrasts.decades(pd.Series([1998, 2003]))
            name  year_from  year_to
    0  1998-1999       1998     1999
    1  2000-2003       2000     2003
    """
    first, last = int(years.min()), int(years.max())
    starts = range(first // 10 * 10, last + 1, 10)
    bounds = [(max(start, first), min(start + 9, last)) for start in starts]
    rows = [(f"{since}-{until}", since, until) for since, until in bounds]
    return pd.DataFrame(rows, columns=["name", "year_from", "year_to"])


def capital_kind(agreements: pd.DataFrame, capitals: pd.DataFrame) -> pd.Series:
    """Tell whether the partner was a capital in the agreement's year.

    Parameters
    ----------
    agreements : pandas.DataFrame
        level, municipality, partner_printed, country_code (text), year (integer), capital (boolean).
    capitals : pandas.DataFrame
        `data/reference/capitals.csv`: level, municipality, year, place, relation. It needs a row only where
        a place has to do with a capital.

    Returns
    -------
    pandas.Series
        capital, borough_of_capital, other or unidentified (text).

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "level": "district",
    ...         "municipality": "Northtown",
    ...         "year": [1990, 1995, 2000],
    ...         "partner_printed": ["Paris", "Pankow", "Atlantis"],
    ...         "country_code": ["FR", "DE", None],
    ...         "capital": [True, False, None],
    ...     }
    ... )
    >>> capitals = pd.DataFrame(
    ...     {
    ...         "level": ["district"], "municipality": ["Northtown"], "year": [1995],
    ...         "place": ["Pankow"], "relation": ["borough_of_capital"],
    ...     }
    ... )
    >>> contrasts.capital_kind(agreements.astype({"capital": "boolean"}), capitals).tolist()
    ['capital', 'borough_of_capital', 'unidentified']
    """
    key = ["level", "municipality", "year"]
    relation = capitals.set_index([*key, "place"])["relation"]
    rows = pd.MultiIndex.from_frame(agreements[[*key, "partner_printed"]])
    borough = relation.reindex(rows).eq("borough_of_capital").to_numpy()
    kind = pd.Series("other", index=agreements.index)
    kind = kind.mask(borough, "borough_of_capital")
    kind = kind.mask(agreements["capital"].fillna(False).astype(bool), "capital")
    return kind.mask(agreements["country_code"].isna(), "unidentified")


def successor(
    agreements: pd.DataFrame, states: pd.DataFrame, status: tuple[str, ...], first_year: int
) -> pd.Series:
    """Find the group of states that the partner's country belongs to, from its own beginning on.

    Parameters
    ----------
    agreements : pandas.DataFrame
        year (integer), country_code (text).
    states : pandas.DataFrame
        `data/reference/country_groups.csv`: country_code, group, since (ISO day), status.
    status : tuple of str
        Rows of `states` with one of these count.
    first_year : int
        The first year in which there was such a state to choose.

    Returns
    -------
    pandas.Series
        The group; `before_date` before the state's own year (in that year it counts, as an agreement has
        no day); else `other` or `unidentified`. Missing before `first_year`.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> agreements = pd.DataFrame(
    ...     {"year": [1980, 1992, 2007, 2010], "country_code": ["FR", "ME", "ME", "FR"]}
    ... )
    >>> states = pd.DataFrame(
    ...     {
    ...         "country_code": ["ME"], "group": ["yugoslav_successor"], "since": ["2006-06-03"],
    ...         "status": ["successor"],
    ...     }
    ... )
    >>> contrasts.successor(agreements, states, ("successor",), 1991).tolist()
    [nan, 'before_date', 'yugoslav_successor', 'other']
    """
    counted = states[states["status"].isin(status)].set_index("country_code")
    group = agreements["country_code"].map(counted["group"])
    since = agreements["country_code"].map(counted["since"].str[:4].astype(int))
    early = group.notna() & (agreements["year"] < since)
    group = group.fillna("other").mask(early, "before_date")
    group = group.mask(agreements["country_code"].isna(), "unidentified")
    return group.where(agreements["year"] >= first_year)


def member(
    agreements: pd.DataFrame, memberships: pd.DataFrame, organisation: str, rule: str = "any_day"
) -> pd.Series:
    """Tell whether the partner's country was in an organisation in the agreement's year.

    Parameters
    ----------
    agreements : pandas.DataFrame
        year (integer), country_code (text).
    memberships : pandas.DataFrame
        `data/reference/memberships.csv`: country_code, organisation, from, to (ISO days or years; `to` is
        missing while it lasts), status (member or observer).
    organisation : str
        The organisation, as `memberships` writes it.
    rule : {"any_day", "whole_year"}
        An agreement has a year and no day: a status counts where it was held on any day of that year, or
        only where it surely was in the whole year.

    Returns
    -------
    pandas.Series
        member, observer, outside or unidentified (text).

    Raises
    ------
    StudyError
        For an unknown organisation or rule.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> agreements = pd.DataFrame({"year": [2003, 2004, 2005], "country_code": "PL"})
    >>> memberships = pd.DataFrame(
    ...     {
    ...         "country_code": ["PL"], "organisation": ["EU"], "from": ["2004-05-01"], "to": [None],
    ...         "status": ["member"],
    ...     }
    ... ).astype({"to": "str"})
    >>> contrasts.member(agreements, memberships, "EU").tolist()
    ['outside', 'member', 'member']
    >>> contrasts.member(agreements, memberships, "EU", "whole_year").tolist()
    ['outside', 'outside', 'member']
    """
    if rule not in ("any_day", "whole_year"):
        raise StudyError(f"membership rule {rule!r}: expected any_day or whole_year.")
    held = memberships[memberships["organisation"] == organisation]
    if held.empty:
        known = ", ".join(sorted(memberships["organisation"].unique()))
        raise StudyError(f"organisation {organisation!r} is not in memberships.csv ({known}).")
    pairs = agreements[["country_code", "year"]].reset_index(names="row")
    pairs = pairs.merge(held, on="country_code")
    pairs = pairs[_held(pairs, rule)].sort_values("status")  # who is both counts as member
    status = pairs.drop_duplicates("row").set_index("row")["status"]
    found = status.reindex(agreements.index).fillna("outside")
    return found.mask(agreements["country_code"].isna(), "unidentified")


def distance(latitude: Any, longitude: Any, *origin: Any) -> Any:
    """Measure the great-circle distance on a sphere.

    Parameters
    ----------
    latitude, longitude : float, pandas.Series or numpy.ndarray
        The places, in degrees, as numpy combines them.
    *origin : float or numpy.ndarray
        Latitude and longitude of the place to measure from, in degrees.

    Returns
    -------
    float, pandas.Series or numpy.ndarray
        Kilometres, rounded to KM_DIGITS; within 0.6 % of the distance on the ellipsoid. Missing where the
        place is.

    Examples
    --------
    From Berlin to Paris:

    >>> from diplolib import contrasts
    >>> float(contrasts.distance(48.857, 2.352, 52.52, 13.405))
    877.45
    """
    here, there = np.radians(origin[0]), np.radians(latitude)
    across = np.sin(np.radians(longitude - origin[1]) / 2) ** 2
    squared = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * across
    return np.round(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(squared, 1))), KM_DIGITS)


def band(distance_km: pd.Series) -> pd.Series:
    """Sort distances into the bands of BANDS.

    Parameters
    ----------
    distance_km : pandas.Series
        Kilometres (float); may be missing.

    Returns
    -------
    pandas.Series
        The band (text), its upper limit excluded; `unidentified` where the distance is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> contrasts.band(pd.Series([877.45, 1000.0, None])).tolist()
    ['below_1000', '1000_to_2500', 'unidentified']
    """
    edges = [0, *BANDS.values()]
    bands = pd.cut(distance_km, edges, right=False, labels=list(BANDS))
    return bands.astype("str").where(distance_km.notna(), "unidentified")


def overlap(agreements: pd.DataFrame) -> pd.Series:
    """Tell what each partner shares with the partners of the other levels of government.

    Parameters
    ----------
    agreements : pandas.DataFrame
        level, place_id, country_code (text), latitude, longitude (degrees).

    Returns
    -------
    pandas.Series
        same_place, near_place (another place within NEAR km), same_country, other_country or unidentified
        (text).

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "level": ["metropolitan", "district", "district"],
    ...         "place_id": ["paris-fr", "versailles-fr", "lyon-fr"],
    ...         "country_code": ["FR", "FR", "FR"],
    ...         "latitude": [48.857, 48.805, 45.764],
    ...         "longitude": [2.352, 2.12, 4.836],
    ...     }
    ... )
    >>> contrasts.overlap(agreements).tolist()
    ['near_place', 'near_place', 'same_country']
    """
    found = pd.Series("other_country", index=agreements.index)
    for level, own in agreements.groupby("level"):
        others = agreements[agreements["level"] != level]
        points = [rows[["latitude", "longitude"]].to_numpy() for rows in (own, others)]
        near = (distance(*points[0].T[..., None], *points[1].T) <= NEAR).any(axis=1)
        kind = pd.Series("other_country", index=own.index)
        kind = kind.mask(own["country_code"].isin(others["country_code"].dropna()), "same_country")
        kind = kind.mask(near, "near_place")
        found[own.index] = kind.mask(own["place_id"].isin(others["place_id"]), "same_place")
    return found.mask(agreements["country_code"].isna(), "unidentified")


def compare(classified: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Count both sides of each named contrast, and say what they come to.

    Parameters
    ----------
    classified : pandas.DataFrame
        As `classify` returns it, or some of its rows.
    named : pandas.DataFrame
        `data/reference/named_contrasts.csv`: column (a grouping), groups (joined by " | "), the limits
        level, form, year_from and year_to, the same with `against_` for the other side, expected
        (higher or missing) and after_the_fact (boolean).

    Returns
    -------
    pandas.DataFrame
        `named` with agreements, of, share, rows, and the same with `against_` for the other side;
        difference (of the shares); first_turn and against_turn (how many agreements of that side alone
        would have to be otherwise for the difference to vanish or turn) and margin (the smaller of both: a
        measure of fragility, not a test); outcome (as_expected, not_as_expected, no_direction,
        after_the_fact or nothing_to_compare).

    Raises
    ------
    StudyError
        For an unknown grouping or group.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> classified = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1", "A2", "A3", "A4"],
    ...         "year": [1990, 1995, 2000, 2005],
    ...         "level": ["metropolitan", "metropolitan", "district", "district"],
    ...         "form": "sister_city",
    ...         "capital_kind": ["capital", "capital", "capital", "other"],
    ...     }
    ... )
    >>> named = pd.DataFrame(
    ...     {
    ...         "name": ["capitals-by-level"], "column": ["capital_kind"], "groups": ["capital"],
    ...         "level": ["metropolitan"], "form": ["all"], "year_from": [1971], "year_to": [2021],
    ...         "against_level": ["district"], "against_form": ["all"], "against_year_from": [1971],
    ...         "against_year_to": [2021], "expected": ["higher"], "after_the_fact": [False],
    ...     }
    ... )
    >>> compared = contrasts.compare(classified, named)
    >>> compared[["share", "against_share", "difference", "margin", "outcome"]]
       share  against_share  difference  margin      outcome
    0    1.0            0.5         0.5       1  as_expected
    """
    counted = []
    contrast: Any
    for contrast in named.itertuples(index=False):
        groups = contrast.groups.split(" | ")
        lost = [group for group in groups if group not in GROUPS.get(contrast.column, [])]
        if lost:
            raise StudyError(
                f"named_contrasts.csv, {contrast.name}: no group {lost[0]!r} in "
                f"{contrast.column!r}; expected {', '.join(GROUPS.get(contrast.column, GROUPS))}."
            )
        row = _side(classified, contrast, groups, "")
        row |= _side(classified, contrast, groups, "against_")
        counted.append(row | _outcome(contrast, row))
    return pd.concat([named.reset_index(drop=True), pd.DataFrame(counted)], axis="columns")


def direction(contrast: Any) -> str:
    """Say what a named contrast expects.

    Parameters
    ----------
    contrast : named tuple
        A row of `data/reference/named_contrasts.csv`: expected (text or missing), after_the_fact (boolean).

    Returns
    -------
    str
        higher (on the first side), after_the_fact or no_direction.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> named = pd.DataFrame({"expected": ["higher", None], "after_the_fact": [False, False]})
    >>> [contrasts.direction(row) for row in named.itertuples()]
    ['higher', 'no_direction']
    """
    if contrast.after_the_fact:
        return "after_the_fact"
    return "no_direction" if pd.isna(contrast.expected) else contrast.expected


def weight(contrast: Any) -> str:
    """Say where a named contrast stands.

    Parameters
    ----------
    contrast : named tuple
        A row of `data/reference/named_contrasts.csv`: main (boolean), expected (text or missing).

    Returns
    -------
    str
        main, beside (it has a direction too) or no_direction.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> named = pd.DataFrame({"main": [True, False, False], "expected": ["higher", "higher", None]})
    >>> [contrasts.weight(row) for row in named.itertuples()]
    ['main', 'beside', 'no_direction']
    """
    if contrast.main:
        return "main"
    return "no_direction" if pd.isna(contrast.expected) else "beside"


def breaks(classified: pd.DataFrame, column: str, group: str, least: int = 10) -> pd.DataFrame:
    """Compare a group's share before and from every year that could divide the list.

    Parameters
    ----------
    classified : pandas.DataFrame
        year (integer) and `column` (text).
    column : str
        A grouping.
    group : str
        A group of that grouping.
    least : int
        So many agreements must lie on either side.

    Returns
    -------
    pandas.DataFrame
        year (the first of the later side), before, since (shares), difference (since minus before).

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import contrasts
    >>> classified = pd.DataFrame(
    ...     {"year": [1990, 1991, 1992, 1993], "EU": ["outside", "member", "member", "member"]}
    ... )
    >>> contrasts.breaks(classified, "EU", "member", least=2)
       year  before  since  difference
    0  1992     0.5    1.0         0.5
    """
    inside = classified[column] == group
    rows = []
    for year in range(classified["year"].min(), classified["year"].max() + 1):
        since = classified["year"] >= year
        if min(since.sum(), (~since).sum()) >= least:
            rows.append((year, inside[~since].mean(), inside[since].mean()))
    table = pd.DataFrame(rows, columns=["year", "before", "since"])
    return table.assign(difference=table["since"] - table["before"])


def _held(pairs: pd.DataFrame, rule: str) -> pd.Series:
    """ISO days compare as text; a year alone is read against the status under whole_year."""
    year = pairs["year"].astype("str")
    first, last = year + "-01-01", year + "-12-31"
    if rule == "any_day":
        since = _day(pairs["from"], "-01-01")
        until = _day(pairs["to"].fillna("9999"), "-12-31")
        return (since <= last) & (until >= first)
    since = _day(pairs["from"], "-12-31")
    until = _day(pairs["to"].fillna("9999-12-31"), "-01-01")
    return (since <= first) & (until >= last)


def _day(dates: pd.Series, day: str) -> pd.Series:
    return dates.where(dates.str.len() > 4, dates + day)


def _side(classified: pd.DataFrame, contrast: Any, groups: list[str], prefix: str) -> dict:
    years = [getattr(contrast, f"{prefix}year_{end}") for end in ("from", "to")]
    wanted = classified["year"].between(*years) & classified[contrast.column].notna()
    for column in ("level", "form"):
        value = getattr(contrast, prefix + column)
        if value != "all":
            wanted &= classified[column] == value
    inside = classified["agreement_id"][wanted & classified[contrast.column].isin(groups)]
    of = int(wanted.sum())
    share = len(inside) / of if of else np.nan
    found: dict[str, Any] = {"agreements": len(inside), "of": of, "share": share}
    found["rows"] = references.SEPARATOR.join(inside.sort_index())
    return {prefix + name: value for name, value in found.items()}


def _outcome(contrast: Any, row: dict) -> dict:
    if not row["of"] or not row["against_of"]:
        none = dict.fromkeys(["first_turn", "against_turn", "margin"], pd.NA)
        return {"difference": np.nan, **none, "outcome": "nothing_to_compare"}
    # In whole numbers: shares such as 1/3 and 2/6 are equal.
    excess = row["agreements"] * row["against_of"] - row["against_agreements"] * row["of"]
    outcome = direction(contrast)
    if outcome == "higher":
        outcome = "as_expected" if excess > 0 else "not_as_expected"
    turns = [-(-abs(excess) // of) for of in (row["against_of"], row["of"])]
    difference = row["share"] - row["against_share"]
    sides = {"first_turn": turns[0], "against_turn": turns[1], "margin": min(turns)}
    return {"difference": difference, **sides, "outcome": outcome}
