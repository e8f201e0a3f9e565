"""Partners by the mayor's party and by kind: recounted from the files, without the library."""

import csv

import pandas as pd
import pytest

from diplolib import partners


def lines(collection, name: str) -> list[dict]:
    with (collection.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def counted(partnered):
    return partners.count(partnered, "party").set_index(["level", "party", "kind"])["agreements"]


def recount(collection, level: str, party: str, organisation: str, leave: str = "") -> list[int]:
    """Agreements of the party, and those whose country was a member in the year."""
    held = {
        (row["level"], row["municipality"], row["year"]): row["party"]
        for row in lines(collection, "processed/panel")
    }
    spans = [row for row in lines(collection, "reference/memberships")
             if row["organisation"] == organisation and row["status"] == "member"]  # fmt: skip
    whole = inside = 0
    for row in lines(collection, "processed/agreements"):
        year = row["year"]
        if row["level"] != level or row["municipality"] == leave:
            continue
        if (held.get((level, row["municipality"], year)) or "unknown") != party:
            continue
        whole += 1
        inside += any(
            span["country_code"] == row["country_code"]
            and span["from"][:4] <= year <= (span["to"] or "9999")[:4]
            for span in spans
        )
    return [whole, inside]


@pytest.mark.parametrize("organisation", ["OIC", "EU", "OTS"])
@pytest.mark.parametrize(
    ("level", "party"),
    [
        ("district", "AK Parti"), ("district", "CHP"), ("district", "MHP"),
        ("metropolitan", "SHP"), ("metropolitan", "AK Parti"), ("metropolitan", "unknown"),
    ],
)  # fmt: skip
def test_members_are_as_recounted(collection, counted, level, party, organisation):
    got = [counted[level, party, "all"], counted[level, party, organisation]]
    expected = recount(collection, level, party, organisation)
    assert got == expected


def test_without_one_municipality_the_rest_is_as_recounted(collection, partnered):
    rest = partners.count(partnered[partnered["municipality"] != "Çankaya"], "party")
    rest = rest.set_index(["level", "party", "kind"])["agreements"]
    got = [rest["district", "CHP", "all"], rest["district", "CHP", "EU"]]
    expected = recount(collection, "district", "CHP", "EU", leave="Çankaya")
    assert got == expected


def test_boroughs_are_those_of_the_reviewed_table(collection, counted):
    boroughs = {
        (row["level"], row["municipality"], row["year"], row["place"])
        for row in lines(collection, "reference/capitals")
        if row["relation"] == "borough_of_capital"
    }
    listed = [
        (row["level"], row["municipality"], row["year"], row["partner_printed"])
        for row in lines(collection, "processed/agreements")
    ]
    got = counted.xs("borough_of_capital", level="kind").sum()
    expected = len([row for row in listed if row in boroughs])
    assert got == expected


def test_every_printed_agreement_counts_once_in_the_whole(collection, counted):
    got = counted.xs("all", level="kind").groupby("level").sum().to_dict()
    expected = {
        "district": len(lines(collection, "raw/article/table-06")),
        "metropolitan": len(lines(collection, "raw/article/table-04")),
    }
    assert got == expected


def test_before_the_first_election_the_party_is_unknown(partnered):
    early = partnered[partnered["year"] < 1984]
    got = early["party"].isna().tolist()
    expected = [True, True]
    assert got == expected


YEARS = pd.DataFrame(
    [("district", "X", 2004, "A"), ("district", "X", 2009, "A"), ("district", "X", 2009, "B")],
    columns=["level", "municipality", "year", "party"],
).assign(aligned_leads=True, aligned_sits=True)


@pytest.mark.parametrize(("year", "expected"), [(2004, "A"), (2009, None), (2010, None)])
def test_two_mayors_of_a_halved_year_leave_the_party_open(year, expected):
    listed = pd.DataFrame({"level": ["district"], "municipality": ["X"], "year": [year]})
    got = partners.with_party(listed, YEARS)["party"].iloc[0]
    assert (None if pd.isna(got) else got) == expected


@pytest.mark.parametrize(("n", "expected"), [(partners.LEAST, 1.0), (partners.LEAST - 1, None)])
def test_a_share_is_given_from_ten_agreements_on(n, expected):
    listed = pd.DataFrame(
        {"agreement_id": [f"D{i}" for i in range(n)], "party": "A", "level": "district"}
    )
    listed = listed.assign(OIC="member", EU="observer", OTS="outside", capital_kind="other")
    share = partners.count(listed, "party").set_index("kind")["share"]["OIC"]
    assert (None if pd.isna(share) else share) == expected


def test_an_observer_does_not_count():
    listed = pd.DataFrame({"agreement_id": ["D1"], "party": ["A"], "level": ["district"]})
    listed = listed.assign(OIC="observer", EU="member", OTS="outside", capital_kind="other")
    found = partners.count(listed, "party").set_index("kind")["agreements"]
    got = found[["OIC", "EU"]].tolist()
    expected = [0, 1]
    assert got == expected
