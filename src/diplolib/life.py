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
    """One row an agreement, in COLUMNS: the last sign of life by place, and by country apart.

    agreements: processed/agreements. engagements: processed/engagements; its coded rows are the signs.
    places: place_id, listed_as and name of reference/places, the names by which a place is known.
    reported_until: the last year among the municipality's engagements; missing where no source
    reports any. sign: place, country (no sign by place), none (sources could report one and do not)
    or unknown (none could). The years are missing where the only signs are undated.
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
    names, there = (_names(frame) for frame in (names, pairs))
    by_place = pd.Series(there.isin(names), index=pairs.index)
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
    """Raise StudyError for a sign of life before its tie's year; `name` is the file of `ties`."""
    for column in ("place_year_end", "country_year_end"):
        early = ties[(ties[column] < ties["year"]).fillna(False)]
        for number, tie in early.head(1).to_dict("index").items():
            raise StudyError(
                f"{name}, row {number + 1} (line {number + 2}), column {column}: {tie[column]}, before "
                f"the tie's year {tie['year']} ({tie['agreement_id']}); expected that year or later. "
                "Correct the engagement or the agreement that it comes from, and run again."
            )


def _names(places: pd.DataFrame) -> pd.MultiIndex:
    """Playa (Havana) and Playa, Havana are one way of writing a name."""
    written = places["place"].str.replace(r"[(),]", "", regex=True).str.casefold()
    return pd.MultiIndex.from_arrays([places["place_id"], written])
