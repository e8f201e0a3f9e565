"""Every engagement that the sources report: the listed agreements and the coded ones, in one table."""

import pandas as pd

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
# The tables whose rows are coded, with the positions of those that name no single act of their own (a
# target, a local measure, a principle) or that another row tells of (events with Centar; two parks).
CODED: dict[str, set[int]] = {
    "raw/ankara-2015/conferences": set(),
    "raw/ankara-2015/culture-days": set(),
    "raw/ankara-2015/memberships": set(),
    "raw/ankara-2015/visits": set(),
    "raw/article/activities": set(),
    "raw/cankaya-2016/conferences": set(),
    "raw/cankaya-2016/embassies-festivals": set(),
    "raw/cankaya-2016/networks-projects": {1, 8, 9, 10},
    "raw/cankaya-2016/parks": set(),
    "raw/cankaya-2016/partners": {4, 5, 6, 7},
}


def clean_engagements(study: Study, agreements: pd.DataFrame) -> pd.DataFrame:
    """The columns of `data/processed/engagements.csv`: agreements first, then the coded ones.

    agreements: processed/agreements; by the codebook each is bilateral and a protocol, so nobody
    coded them and the agreement of the coders is missing. `counted` is false for a row that reports
    the same event as another one (`same_as`). Raises StudyError where `source` or `same_as` names a
    row that does not exist, and where a row of a coded table has no code.
    """
    coded = tables.read(study, CODING)
    _check_sources(study, coded)
    _check_all_are_coded(study, coded)
    for dimension in DIMENSIONS:
        coded[f"{dimension}_agreed"] = (
            coded[f"{dimension}_coder_a"] == coded[f"{dimension}_coder_b"]
        ).astype("boolean")
    coded["list"] = "coded"
    whole = pd.concat([_from_agreements(agreements), coded], ignore_index=True)
    _check_same_as(whole)
    whole["counted"] = whole["same_as"].isna()
    fields = tables.resource(study, "processed/engagements")["schema"]["fields"]
    return whole[[field["name"] for field in fields]].astype(
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
    return pd.DataFrame(
        {
            "engagement_id": agreements["agreement_id"],
            "list": "agreements",
            "year": agreements["year"],
            "year_end": agreements["year"],
            "period_printed": agreements["year"].astype("str"),
            "municipality": agreements["municipality"],
            "name": [english for english, _ in names],
            "name_tr": [turkish for _, turkish in names],
            "kind": "bilateral",
            "activity": "protocol",
            "place": agreements["partner"],
            "country_code": agreements["country_code"],
            # An agreement binds both sides, and the lists name no direction.
            "direction": "with",
            "status": agreements["status"].replace(STATUSES),
            "source": agreements["source"],
        }
    )


def _check_sources(study: Study, coded: pd.DataFrame) -> None:
    """Each `source` is a row of a raw table whose position is the number in the identifier."""
    place = coded["source"].str.extract(r"^data/(?P<table>.+)\.csv:(?P<line>\d+)$")
    number = coded["engagement_id"].str.rpartition("-")[2].astype("int64")
    for table, rows in coded.groupby(place["table"]):
        positions = tables.read(study, table)["position"]
        # Line 1 of the file is its header.
        printed = positions.reindex(place.loc[rows.index, "line"].astype("int64") - 2)
        wrong = rows.index[printed.to_numpy() != number[rows.index].to_numpy()]
        if len(wrong):
            row = coded.loc[wrong[0]]
            raise StudyError(
                f"data/{CODING}.csv:{wrong[0] + 2}, column source: {row['source']!r} for "
                f"{row['engagement_id']}; expected the row with that position."
            )


def _check_all_are_coded(study: Study, coded: pd.DataFrame) -> None:
    """No printed row is lost: each has its place in the order, and a code unless it needs none."""
    sources = set(coded["source"])
    for table, uncoded in CODED.items():
        for row, position in enumerate(tables.read(study, table)["position"], start=1):
            # Line 1 of the file is its header.
            source = f"data/{table}.csv:{row + 1}"
            if position != row:
                raise StudyError(
                    f"{source}, column position: {position}; expected {row}, its place in the file."
                )
            if source not in sources and position not in uncoded:
                raise StudyError(
                    f"{source}, position {position}: no row of data/{CODING}.csv has this source. "
                    "Add one, or the row would be in no table."
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
