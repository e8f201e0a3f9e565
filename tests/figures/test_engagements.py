"""The figure on engagements counts an event once, and loses none."""

import pytest

from ankara.figures import engagements
from diplolib import selection
from nbproof import tables


@pytest.fixture(scope="module")
def whole(collection):
    return tables.read(collection, "processed/engagements")


def choose(whole, **choices):
    chosen = selection.select_engagements(whole, **{"year_from": 2000, "year_to": 2021, **choices})
    return chosen[chosen["list"] == "coded"], chosen[chosen["list"] == "agreements"]


@pytest.fixture(scope="module")
def table(whole):
    return engagements.table(*choose(whole), year_from=2000, year_to=2021)


@pytest.fixture(scope="module")
def figure(table, words):
    return engagements.draw(table, words)


CASES = [
    ({}, 110, 54),
    ({"municipality": "Ankara"}, 62, 13),
    ({"municipality": "Çankaya"}, 48, 41),
    ({"status": "reported"}, 105, 51),
    ({"year_from": 1971, "year_to": 1990}, 54, 54),
]


@pytest.mark.parametrize(("choices", "n", "undated"), CASES)
def test_each_event_counts_once_and_the_undated_stay(whole, choices, n, undated):
    coded, _ = choose(whole, **choices)
    counted = coded[coded["counted"]]
    got = (len(counted), int(counted["year"].isna().sum()))
    expected = (n, undated)
    assert got == expected


def test_an_announced_event_that_is_also_told_stays_among_the_reported(whole):
    """The slides announce Ankara Days in Budapest, the article reports them."""
    coded, _ = choose(whole, status="reported")
    got = coded.loc[coded["counted"] & coded["name"].str.contains("Budapest"), "engagement_id"]
    expected = ["article-activities-10"]
    assert got.tolist() == expected


def test_every_counted_engagement_has_a_block(whole, table):
    coded, _ = choose(whole)
    got = set(table.loc[table["mark"] == "block", "engagement_id"])
    expected = set(coded.loc[coded["counted"], "engagement_id"])
    assert got == expected


def test_what_is_not_drawn_is_listed(table):
    got = int((table["mark"] == "left_out").sum())
    expected = 5
    assert got == expected


def test_no_two_blocks_stand_in_one_place(table):
    blocks = table[table["mark"] == "block"]
    got = int(blocks.duplicated(["municipality", "slot", "x", "y"]).sum())
    expected = 0
    assert got == expected


def test_a_span_stands_in_no_year(table):
    spans = table[(table["mark"] == "block") & (table["year"] != table["year_to"])]
    got = set(spans["slot"])
    expected = {"period"}
    assert got == expected


def test_the_comparison_counts_the_agreements_of_its_years(table):
    got = int(table.loc[table["mark"] == "agreement", "agreements"].sum())
    expected = 141
    assert got == expected


def test_a_block_is_drawn_for_each_engagement(figure, table):
    drawn = [
        container.get_label()
        for axis in figure.axes
        for container in axis.containers
        if container.get_label() != "agreement"
    ]
    got = sorted(drawn)
    expected = sorted(table.loc[table["mark"] == "block", "engagement_id"])
    assert got == expected


def test_status_is_told_without_colour(figure, table):
    """Hatched is announced, hollow planned, whatever the colour."""
    looks = {}
    for axis in figure.axes:
        for container in axis.containers:
            patch = container.patches[0]
            filled = patch.get_facecolor() == patch.get_edgecolor()
            looks[container.get_label()] = (filled, patch.get_hatch() is not None)
    blocks = table[table["mark"] == "block"]
    meant = {"reported": (True, False), "announced": (False, True), "planned": (False, False)}
    got = {name: looks[name] for name in blocks["engagement_id"]}
    expected = dict(zip(blocks["engagement_id"], blocks["status"].map(meant), strict=True))
    assert got == expected


def test_the_figure_says_what_is_left_out(figure, table, words):
    said = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert engagements.left_out(table, words) in said


def test_the_title_counts_each_municipality_and_the_undated(table, words):
    got = engagements.title(table, words)
    missing = [text for text in ("110", "Ankara 62", "Çankaya 48", "54") if text not in got]
    assert missing == []


def test_the_legend_names_only_what_is_drawn(figure, table, words):
    got = [text.get_text() for text in figure.legends[0].get_texts()]
    blocks = table[table["mark"] == "block"]
    kinds = [kind for kind in engagements.KINDS if kind in set(blocks["kind"])]
    expected = [words[f"engagements.kind.{kind}"] for kind in kinds]
    expected += [words[f"engagements.status.{status}"] for status in ("announced", "planned")]
    assert got == expected


def test_the_alt_text_counts_the_undated(table, words):
    got = engagements.describe(table, words)
    assert "54" in got


def test_without_comparison_there_is_no_such_panel(whole, words):
    coded, agreements = choose(whole)
    table = engagements.table(coded, agreements.iloc[:0], year_from=2000, year_to=2021)
    figure = engagements.draw(table, words)
    got = [c.get_label() for axis in figure.axes for c in axis.containers].count("agreement")
    expected = 0
    assert got == expected


def test_a_year_of_the_comparison_stands_above_its_blocks(figure):
    """A year's place in inches, in each panel of years."""
    years = [axis for axis in figure.axes if axis.get_xlim()[0] > 1900]
    compared, own = years[:2]
    got, expected = (axis.transData.transform((2016, 0))[0] for axis in (compared, own))
    assert got == pytest.approx(expected)
