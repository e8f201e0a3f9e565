"""Partners by party: each number at its bar, the title from the counts, one municipality apart."""

import re

import pytest

from diplolib import partners
from diplolib.figures import partners_party


@pytest.fixture(scope="module")
def table(partnered):
    return partners_party.table(partnered, left_out="Çankaya")


@pytest.fixture(scope="module")
def figure(table, words):
    return partners_party.draw(table, words)


def test_as_many_rows_stand_behind_a_number_as_it_says(table):
    got = table["rows"].str.split(";").map(lambda rows: len([row for row in rows if row]))
    assert got.tolist() == table["agreements"].tolist()


def test_the_municipality_is_taken_from_its_party_alone(table):
    rest = table[table["mark"].eq("without") & table["kind"].eq("all")]
    got = rest[["party", "without", "agreements"]].to_numpy().tolist()
    whole = table[
        table["mark"].eq("party") & table["level"].eq("district") & table["kind"].eq("all")
    ]
    own = sum(row.split(";").count("D002") for row in whole["rows"])  # Maykop, Çankaya's first
    expected = [["CHP", "Çankaya", 5]]
    assert got == expected
    assert own == 1


def test_the_title_names_the_kinds_that_set_the_two_largest_apart(table):
    named = table[table["named"] & table["mark"].eq("party")]
    got = named[["party", "kind", "agreements", "of"]].to_numpy().tolist()
    expected = [["AK Parti", "OIC", 24, 72], ["CHP", "borough_of_capital", 8, 21]]
    assert got == expected


def test_the_title_is_that_of_the_counts(table, words):
    got = partners_party.title(table, words)
    missing = [text for text in ("AK Parti", "CHP", "24", "72", "8", "21") if text not in got]
    assert missing == []


def test_the_title_says_what_remains_without_one_municipality(table, words):
    _, _, last = partners_party.title(table, words).split("\n")
    first, rest = last.split(" (")
    got = [sorted(map(int, re.findall(r"\d+", part))) for part in (first, rest)]
    expected = [[8, 21], [1, 5]]
    assert got == expected


def test_without_two_large_parties_the_topic_is_the_title(partnered, words):
    few = partnered[partnered["level"].eq("metropolitan") | partnered["municipality"].eq("Çankaya")]
    got = partners_party.title(partners_party.table(few, left_out="Sincan"), words)
    expected = words["partners_party.topic"]
    assert got == expected


def test_every_bar_is_a_number_of_the_table(table, figure):
    kinds = [table[table["kind"] == kind] for kind in partners.KINDS]
    for axis, rows in zip(figure.axes, kinds, strict=True):
        got = sorted(patch.get_width() for patch in axis.patches)
        expected = sorted([*rows["agreements"], *rows["of"]])
        assert got == expected
