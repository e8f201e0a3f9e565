"""Who the partners are: agreements sorted into groups, counted, and compared side against side.

A census has no sampling error: this module counts, and makes no test. What is compared was written
down before the code that counts it, in `data/reference/named_contrasts.csv`.
"""

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
    """`agreements` with a column a grouping (see GROUPS), `period` and `distance_km`.

    agreements: rows of processed/agreements, of both levels: the overlap needs both. periods, schemes,
    capitals, states, memberships: reference/periods, regions, capitals, country_groups, memberships.
    origin: latitude and longitude of the studied city. state_status, states_from: see `successor`.
    membership: see `member`. Raises StudyError as the single functions do.
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
    """The period's name for each year; missing for a year of no period.

    periods: columns name, year_from, year_to (both included). Raises StudyError where two overlap.
    """
    ordered = periods.sort_values("year_from")
    overlapping = ordered["year_from"].to_numpy()[1:] <= ordered["year_to"].to_numpy()[:-1]
    if overlapping.any():
        first, second = ordered["name"].iloc[overlapping.argmax() : overlapping.argmax() + 2]
        raise StudyError(f"periods {first} and {second} share a year; a year has one period.")
    names = {
        year: row.name
        for row in ordered.itertuples()
        for year in range(row.year_from, row.year_to + 1)
    }
    return years.map(names)


def decades(years: pd.Series) -> pd.DataFrame:
    """name, year_from, year_to of each decade from the first year to the last; the ends are cut."""
    first, last = int(years.min()), int(years.max())
    starts = range(first // 10 * 10, last + 1, 10)
    bounds = [(max(start, first), min(start + 9, last)) for start in starts]
    rows = [(f"{since}-{until}", since, until) for since, until in bounds]
    return pd.DataFrame(rows, columns=["name", "year_from", "year_to"])


def capital_kind(agreements: pd.DataFrame, capitals: pd.DataFrame) -> pd.Series:
    """capital, borough_of_capital, other or unidentified.

    agreements: level, municipality, year, partner_printed, capital, country_code. capitals: level,
    municipality, year, place, relation; it needs a row only where a place has to do with a capital.
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
    """The group of states that the partner's country belongs to, from the year of its own beginning.

    agreements: year, country_code. states: country_code, group, since (ISO day), status; rows with one
    of the given `status` count. Before the state's own year: before_date; in that year it counts, as
    an agreement has no day. Else other or unidentified; missing before `first_year`, when there was
    no such state to choose.
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
    """member, observer, outside or unidentified: the partner's country in the agreement's year.

    agreements: year, country_code. memberships: country_code, organisation, from, to (ISO days or
    years; `to` missing while it lasts), status. rule: an agreement has a year and no day, so a status
    counts where it was held on `any_day` of that year, or only where it surely was in the `whole_year`.
    Raises StudyError for an unknown organisation or rule.
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


def distance(latitude, longitude, *origin):
    """Great-circle distance in km, on a sphere, from `origin` (latitude, longitude; in degrees).

    Numbers, columns or arrays, as numpy combines them.

    Within 0.6 % of the distance on the ellipsoid, rounded to KM_DIGITS; missing where the place is.
    """
    here, there = np.radians(origin[0]), np.radians(latitude)
    across = np.sin(np.radians(longitude - origin[1]) / 2) ** 2
    squared = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * across
    return np.round(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(squared, 1))), KM_DIGITS)


def band(distance_km: pd.Series) -> pd.Series:
    """The band of BANDS that each distance falls into, its upper limit excluded; else unidentified."""
    edges = [0, *BANDS.values()]
    bands = pd.cut(distance_km, edges, right=False, labels=list(BANDS))
    return bands.astype("str").where(distance_km.notna(), "unidentified")


def overlap(agreements: pd.DataFrame) -> pd.Series:
    """What each partner shares with the partners of the other levels of government.

    agreements: level, place_id, country_code, latitude, longitude. same_place; near_place (another
    place within NEAR km); same_country; other_country; unidentified.
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
    """Each named contrast, counted: `named` with both sides' counts and what they come to.

    classified: as `classify` returns it, or some of its rows. named: reference/named_contrasts.
    Adds agreements, of, share, rows and the same with `against_` for the other side; difference (of
    the shares); first_turn and against_turn (how many agreements of that side alone would have to be
    otherwise for the difference to vanish or turn) and margin (the smaller of both: a measure of
    fragility, not a test); outcome (as_expected, not_as_expected, no_direction, after_the_fact,
    nothing_to_compare). Raises StudyError for an unknown grouping or group.
    """
    counted = []
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


def direction(contrast) -> str:
    """What a row of named_contrasts expects: higher (on the first side), after_the_fact, no_direction."""
    if contrast.after_the_fact:
        return "after_the_fact"
    return "no_direction" if pd.isna(contrast.expected) else contrast.expected


def weight(contrast) -> str:
    """Where a row of named_contrasts stands: main, beside (has a direction too), no_direction."""
    if contrast.main:
        return "main"
    return "no_direction" if pd.isna(contrast.expected) else "beside"


def breaks(classified: pd.DataFrame, column: str, group: str, least: int = 10) -> pd.DataFrame:
    """The group's share before and from every year that could divide the list.

    classified: year and `column`. least: so many agreements must lie on either side. Returns year,
    before, since (shares), difference.
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


def _side(classified: pd.DataFrame, contrast, groups: list[str], prefix: str) -> dict:
    years = [getattr(contrast, f"{prefix}year_{end}") for end in ("from", "to")]
    wanted = classified["year"].between(*years) & classified[contrast.column].notna()
    for column in ("level", "form"):
        value = getattr(contrast, prefix + column)
        if value != "all":
            wanted &= classified[column] == value
    inside = classified["agreement_id"][wanted & classified[contrast.column].isin(groups)]
    of = int(wanted.sum())
    share = len(inside) / of if of else np.nan
    found = {"agreements": len(inside), "of": of, "share": share}
    found["rows"] = references.SEPARATOR.join(inside.sort_index())
    return {prefix + name: value for name, value in found.items()}


def _outcome(contrast, row: dict) -> dict:
    if not row["of"] or not row["against_of"]:
        turns = dict.fromkeys(["first_turn", "against_turn", "margin"], pd.NA)
        return {"difference": np.nan, **turns, "outcome": "nothing_to_compare"}
    # In whole numbers: shares such as 1/3 and 2/6 are equal.
    excess = row["agreements"] * row["against_of"] - row["against_agreements"] * row["of"]
    outcome = direction(contrast)
    if outcome == "higher":
        outcome = "as_expected" if excess > 0 else "not_as_expected"
    turns = [-(-abs(excess) // of) for of in (row["against_of"], row["of"])]
    return {
        "difference": row["share"] - row["against_share"],
        "first_turn": turns[0],
        "against_turn": turns[1],
        "margin": min(turns),
        "outcome": outcome,
    }
