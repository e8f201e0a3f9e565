"""District units against ties: every district once, both readings apart."""

import pytest

from ankara.figures import units
from nbproof import tables


@pytest.fixture(scope="module")
def frames(collection):
    return [tables.read(collection, f"processed/{name}") for name in ("units", "agreements")]


@pytest.fixture(scope="module")
def table(frames):
    return units.table(*frames, units_by="table", order="agreements")


@pytest.fixture(scope="module")
def figure(table, words):
    return units.draw(table, words)


def rows(table, mark):
    return table[table["mark"] == mark]


def test_every_agreement_of_a_district_is_counted(table):
    got = int(table["agreements"].sum())
    expected = 107
    assert got == expected


def test_a_district_without_agreements_stays(table):
    districts = rows(table, "district")
    got = sorted(districts.loc[districts["agreements"] == 0, "municipality"])
    expected = sorted(["Ayaş", "Bala", "Çamlıdere", "Evren", "Güdül"])
    assert got == expected


@pytest.mark.parametrize(
    ("units_by", "expected"),
    [("table", [("foreign_relations", 3, 19), ("merged", 1, 22)]), ("prose", [("foreign_relations", 4, 54)])],
)  # fmt: skip
def test_table_and_text_give_other_groups(frames, units_by, expected):
    table = units.table(*frames, units_by=units_by, order="agreements")
    own = table[table["unit_type"].isin(units.OWN)].groupby("unit_type")["agreements"]
    got = [(kind, len(found), found.sum()) for kind, found in own]
    assert got == expected


def test_a_year_limits_the_agreements(frames):
    listed, agreements = frames
    early = agreements[agreements["year"] <= 2010]
    table = units.table(listed, early, units_by="table", order="agreements")
    got = int(rows(table, "district")["agreements"].sum())
    expected = int((early["level"] == "district").sum())
    assert got == expected


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [("agreements", "Keçiören", "Güdül"), ("unit", "Çankaya", "Güdül"), ("printed", "Akyurt", "Yenimahalle")],
)  # fmt: skip
def test_districts_stand_in_the_order_asked_for(frames, order, first, last):
    names = rows(units.table(*frames, units_by="table", order=order), "district")["municipality"]
    got = (names.iloc[0], names.iloc[-1])
    expected = (first, last)
    assert got == expected


def test_each_bar_is_a_district(figure, table):
    districts = rows(table, "district")
    bars = [patch for patch in figure.axes[0].patches if patch.get_label() in units.COLOURS]
    got = [
        (round(bar.get_y() + bar.get_height() / 2), bar.get_width(), bar.get_label())
        for bar in bars
    ]
    expected = list(zip(range(25), districts["agreements"], districts["unit_type"], strict=True))
    assert got == expected


def test_the_names_mark_where_the_text_differs(figure):
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    got = [name for name in names if name.endswith("*")]
    expected = ["Keçiören *", "Sincan *", "Pursaklar *"]
    assert got == expected


def test_each_bar_is_named_by_its_unit(figure, table, words):
    said = [text.get_text() for text in figure.axes[0].texts]
    got = [text for text in said if not text.isdecimal()]
    expected = [words[f"units.type.{kind}"] for kind in table["unit_type"]]
    assert got == expected


def test_the_title_counts_the_directorates(table, words):
    got = units.title(table, words)
    expected = words.fill("units.title", own=4, own_n=41, n=107)
    assert got == expected


def test_every_text_can_be_read(figure, unreadable):
    got = unreadable(figure)
    expected = []
    assert got == expected


def test_the_alt_text_counts_each_type(table, words):
    said = units.describe(table, words)
    got = [kind for kind in table["unit_type"] if words[f"units.type.{kind}"] not in said]
    expected = []
    assert got == expected
