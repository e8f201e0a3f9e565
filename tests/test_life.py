"""The last sign of life of each tie, and what could not be reported at all."""

import csv

import pandas as pd
import pytest

from diplolib import life
from nbproof import tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def ties(collection):
    return life.last_signs(
        *(tables.read(collection, f"processed/{name}") for name in ("agreements", "engagements")),
        tables.read(collection, "reference/places"),
    )


def reported(collection, municipality: str) -> list[dict]:
    """The coded engagements that may be a sign, as the file has them."""
    with (collection.data / "reference/engagements_coding.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        row for row in rows
        if row["municipality"] == municipality and row["status"] == "reported"
        and row["kind"] in ("bilateral", "continuing") and row["activity"] != "protocol"
    ]  # fmt: skip


def test_one_row_an_agreement(collection, ties):
    got = ties["agreement_id"].tolist()
    expected = tables.read(collection, "processed/agreements")["agreement_id"].tolist()
    assert got == expected


# As the sources write them, with the partner of Table 4 where the name is another
METROPOLITAN = {
    "Seoul", "Islamabad", "Beijing", "Moscow", "Kyiv", "Ashgabat", "Tirana", "Astana", "Kabul",
    "Ulaanbaatar", "Pristina", "Shanghai", "Washington", "Vienna", "Tehran", "Budapest",
}  # fmt: skip


def test_the_partners_with_a_sign_are_the_places_that_the_sources_name(collection, ties):
    named = {row["place"] for row in reported(collection, "Ankara")} - {""}
    got = set(ties.loc[ties["sign"].eq("place") & ties["municipality"].eq("Ankara"), "partner"])
    expected = {name.replace("Washington", "Washington, D.C.") for name in METROPOLITAN}
    assert got == expected
    assert named - METROPOLITAN == {"Tatarstan"}  # Kazan's republic, not Kazan


@pytest.mark.parametrize(
    ("partner", "place"),
    [("Seoul", "Seoul"), ("Astana", "Astana"), ("Vienna", "Vienna"), ("Washington, D.C.", "Washington")],
)  # fmt: skip
def test_the_last_year_is_the_latest_that_a_source_names(collection, ties, partner, place):
    years = [row["year_end"] for row in reported(collection, "Ankara") if row["place"] == place]
    row = ties[ties["partner"].eq(partner) & ties["level"].eq("metropolitan")].iloc[0]
    got = row["place_year_end"]
    expected = max(int(year) for year in years if year)
    assert got == expected


def test_a_district_without_a_source_is_unknown(ties):
    others = ties[ties["level"].eq("district") & ties["municipality"].ne("Çankaya")]
    got = set(others["sign"])
    expected = {"unknown"}
    assert got == expected


AGREEMENT = {
    "agreement_id": "D1", "level": "district", "municipality": "X", "year": 2010, "partner": "Centar (Skopje)",
    "partner_tr": "Centar", "country_code": "MK", "place_id": "centar-mk", "source": "a:2",
}  # fmt: skip
ENGAGEMENT = {
    "list": "coded", "municipality": "X", "kind": "bilateral", "activity": "culture_promotion",
    "status": "reported", "place": "Centar, Skopje", "country_code": "MK", "year": 2012, "year_end": 2012,
    "source": "b:2",
}  # fmt: skip
PLACES = pd.DataFrame(
    {"place_id": ["centar-mk"], "listed_as": ["Centar"], "name": ["Centar (Skopje)"]}
)


def sign(agreement=(), *engagements):
    rows = pd.DataFrame([ENGAGEMENT | dict(row) for row in engagements])
    rows = rows.astype({"year": "Int64", "year_end": "Int64"})
    return life.last_signs(pd.DataFrame([AGREEMENT | dict(agreement)]), rows, PLACES).iloc[0]


@pytest.mark.parametrize(
    ("agreement", "engagement", "expected"),
    [
        ({}, {}, "place"),
        ({}, {"place": "Centar"}, "place"),
        ({}, {"place": "Ohrid"}, "country"),
        ({}, {"place": None}, "country"),
        ({}, {"country_code": "GR", "place": None}, "none"),
        ({}, {"year": 2008, "year_end": 2012}, "place"),  # a span that may reach into the tie
        ({"year": 2012}, {}, "place"),
        ({"year": 2013}, {}, "unknown"),  # younger than what the sources report
        ({}, {"status": "announced"}, "none"),
        ({}, {"activity": "protocol"}, "none"),
        ({}, {"kind": "other"}, "none"),
        ({}, {"municipality": "Y"}, "unknown"),
    ],
)
def test_what_is_a_sign(agreement, engagement, expected):
    got = sign(agreement, engagement)["sign"]
    assert got == expected


def test_an_engagement_before_the_tie_is_no_sign():
    got = sign({}, {"year": 2009, "year_end": 2009}, {"place": None, "country_code": "GR"})["sign"]
    expected = "none"
    assert got == expected


def test_an_undated_sign_has_no_year():
    found = sign({}, {"year": None, "year_end": None}, {"place": None, "country_code": "GR"})
    got = found["sign"], pd.isna(found["place_year_end"])
    expected = "place", True
    assert got == expected


def test_the_sign_by_country_stands_apart_from_that_by_place():
    found = sign(
        {}, {"source": "b:2"}, {"place": "Ohrid", "year": 2014, "year_end": 2014, "source": "b:3"}
    )
    got = found["place_source"], found["country_source"], found["sign"]
    expected = "b:2", "b:3", "place"
    assert got == expected


@pytest.mark.parametrize("column", ["place_year_end", "country_year_end"])
def test_a_sign_before_its_tie_is_refused(ties, column):
    broken = ties.copy()
    broken.loc[3, column] = 1985  # the tie is of 1986
    with pytest.raises(
        StudyError, match=rf"tie_life\.csv, row 4 \(line 5\), column {column}: 1985, before .* 1986"
    ):
        life.check(broken, "data/processed/tie_life.csv")


def test_the_signs_found_are_not_refused(ties):
    assert life.check(ties, "data/processed/tie_life.csv") is None
