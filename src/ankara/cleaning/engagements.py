"""Every engagement that the sources report: the listed agreements and the coded ones, in one table."""

import pandas as pd

from ankara.cleaning.sources import without_code
from diplolib import life
from nbproof import tables
from nbproof.study import Study, StudyError

CODING = "reference/engagements_coding"
DIMENSIONS = ["kind", "activity"]
NAMES = {
    "sister_city": ("Sister-city agreement with {}", "{} ile kardeş kent anlaşması"),
    "friendship_cooperation": (
        "Friendship and cooperation protocol with {}",
        "{} ile dostluk ve iş birliği protokolü",
    ),
}
STATUSES = {"listed": "reported"}


def clean_engagements(study: Study, agreements: pd.DataFrame) -> pd.DataFrame:
    """The columns of `data/processed/engagements.csv`: agreements first, then the coded ones.

    agreements: processed/agreements; by the codebook each is bilateral and a protocol, so nobody
    coded them and the agreement of the coders is missing. `counted` is false for a row that reports
    the same event as another one (`same_as`). Raises StudyError where `source` or `same_as` names a
    row that does not exist, and where a row of a coded table has no code.
    """
    coded = tables.read(study, CODING)
    _check_sources(study, coded)
    for dimension in DIMENSIONS:
        coded[f"{dimension}_agreed"] = (
            coded[f"{dimension}_coder_a"] == coded[f"{dimension}_coder_b"]
        ).astype("boolean")
    coded["list"] = "coded"
    whole = pd.concat([_from_agreements(agreements), coded], ignore_index=True)
    _check_same_as(whole)
    whole["counted"] = whole["same_as"].isna()
    return whole[tables.columns(study, "processed/engagements")].astype(
        {"year": "Int64", "year_end": "Int64", "counted": "boolean"}
    )


def clean_tie_life(
    study: Study, agreements: pd.DataFrame, engagements: pd.DataFrame
) -> pd.DataFrame:
    """The columns of `data/processed/tie_life.csv`, as `life.last_signs` gives them."""
    return life.last_signs(agreements, engagements, tables.read(study, "reference/places"))


def coder_agreement(coding: pd.DataFrame) -> pd.DataFrame:
    """dimension, rows, agreed, share, kappa (Cohen's): how far the two coders of the table agree.

    coding: reference/engagements_coding. Kappa is missing where chance alone would make every row
    agree (both coders used one and the same code).
    """
    found = []
    for dimension in DIMENSIONS:
        a, b = coding[f"{dimension}_coder_a"], coding[f"{dimension}_coder_b"]
        agreed = int((a == b).sum())
        share = agreed / len(coding)
        by_chance = (a.value_counts(normalize=True) * b.value_counts(normalize=True)).sum()
        kappa = (share - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
        found.append((dimension, len(coding), agreed, share, kappa))
    return pd.DataFrame(found, columns=["dimension", "rows", "agreed", "share", "kappa"])


def _from_agreements(agreements: pd.DataFrame) -> pd.DataFrame:
    names = [
        [template.format(partner) for template, partner in zip(NAMES[form], pair, strict=True)]
        for form, *pair in agreements[["form", "partner", "partner_tr"]].to_numpy()
    ]
    named = agreements.rename(columns={"agreement_id": "engagement_id", "partner": "place"})
    return named.assign(
        list="agreements",
        year_end=agreements["year"],
        period_printed=agreements["year"].astype("str"),
        name=[english for english, _ in names],
        name_tr=[turkish for _, turkish in names],
        kind="bilateral",
        activity="protocol",
        direction="with",  # an agreement binds both sides, and the lists name no direction
        status=agreements["status"].replace(STATUSES),
    )


def _check_sources(study: Study, coded: pd.DataFrame) -> None:
    """Each code names its row, whose position it bears; no printed row is lost unless it needs no code."""
    positions, uncoded = {}, set()
    for table, without in without_code("engagement").items():
        uncoded |= {f"data/{table}.csv:{position + 1}" for position in without}
        # Line 1 of the file is its header.
        for line, position in enumerate(tables.read(study, table)["position"], start=2):
            source = f"data/{table}.csv:{line}"
            if position != line - 1:
                raise StudyError(
                    f"{source}, column position: {position}; expected {line - 1}, its place in the file."
                )
            positions[source] = position
    number = coded["engagement_id"].str.rpartition("-")[2].astype("int64")
    for row in coded[coded["source"].map(positions) != number].head(1).itertuples():
        raise StudyError(
            f"data/{CODING}.csv:{row.Index + 2}, column source: {row.source!r} for {row.engagement_id}; "
            "expected the row with that position."
        )
    lost = [one for one in positions if one not in uncoded and one not in set(coded["source"])]
    if lost:
        raise StudyError(
            f"{lost[0]}, position {positions[lost[0]]}: no row of data/{CODING}.csv has this source. Add "
            "one, or the row would be in no table."
        )


def _check_same_as(whole: pd.DataFrame) -> None:
    """A row may point only at rows that are counted themselves, so that each event counts once."""
    counted = set(whole.loc[whole["same_as"].isna(), "engagement_id"])
    for row in whole[whole["same_as"].notna()].itertuples():
        lost = [name for name in row.same_as.split(" | ") if name not in counted]
        if lost:
            raise StudyError(
                f"data/{CODING}.csv, {row.engagement_id} ({row.source}), same_as {lost[0]!r}; "
                "expected an engagement_id of a row without same_as. Agreements are numbered in the "
                "order of data/raw/article/table-04.csv and table-06.csv."
            )
