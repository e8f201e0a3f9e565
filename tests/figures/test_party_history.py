"""The party histories: the table against the panel, the drawing against the table."""

import pandas as pd
import pytest

from ankara.cleaning.sources import with_source
from ankara.figures import party_history
from diplolib import panel
from nbproof import tables


@pytest.fixture(scope="module")
def built(traced_panel):
    return traced_panel


@pytest.fixture(scope="module")
def table(built):
    return party_history.table(built, government_source="reference")


@pytest.fixture(scope="module")
def figure(table, words):
    return party_history.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def test_the_dots_add_up_to_the_panel_s_agreements(table, built):
    got = int(marks(table, "agreements")["agreements"].sum())
    expected = int(built["agreements"].sum())
    assert got == expected


def test_each_municipality_s_spans_cover_its_years_once(table, built):
    spans = marks(table, "status")
    got = (spans["year_to"] - spans["year"]).groupby(spans["municipality"]).sum().to_dict()
    expected = built.groupby("municipality")["exposure"].sum().to_dict()
    assert got == expected


def test_a_span_has_the_status_of_its_years(table, built):
    rows = built.set_index(["municipality", "year"])
    wrong = []
    for span in marks(table, "status").itertuples():
        for year in range(span.year, span.year_to):
            row = rows.loc[(span.municipality, year)]
            expected = (
                "unknown" if pd.isna(row["aligned_leads"])
                else "leads" if row["aligned_leads"]
                else "sits" if row["aligned_sits"] else "neither"
            )  # fmt: skip
            if span.status != expected:
                wrong.append((span.municipality, year))
    assert wrong == []


def test_the_unknown_cell_is_an_unknown_span(table):
    rows = marks(table, "status")
    rows = rows[rows["status"] == "unknown"]
    got = list(zip(rows["municipality"], rows["year"], rows["year_to"], strict=True))
    expected = [("Ankara", 2003, 2004), ("Etimesgut", 1989, 1994), ("Haymana", 2014, 2019)]
    assert got == expected


def test_a_party_that_stays_is_named_once(table):
    rows = marks(table, "party")
    rows = rows[rows["municipality"] == "Çankaya"]
    got = list(zip(rows["text"], rows["year"], rows["year_to"], strict=True))
    expected = [("SHP", 1989, 1995), ("CHP", 1995, 2021)]
    assert got == expected


def test_a_halved_year_parts_two_spans_in_its_middle(collection):
    names = ["processed/elections", "processed/agreements", "reference/party_successions"]
    elections, agreements, successions = (tables.read(collection, name) for name in names)
    successions = with_source(successions, names[2])
    printed = panel.printed(tables.read(collection, "processed/governments_printed"))
    given = (elections, agreements, printed, successions)
    halved = panel.with_rows(panel.build(*given, election_year="half"), *given)
    rows = marks(party_history.table(halved, government_source="article"), "party")
    got = rows.loc[rows["municipality"] == "Keçiören", "year"].tolist()
    expected = [1989.5, 1994.5, 1999.5, 2004.5]
    assert got == expected


def test_each_span_is_a_strip_of_its_length(table, figure):
    got = sorted(
        (patch.get_label(), patch.get_x(), patch.get_width())
        for container in figure.axes[0].containers
        for patch in container
    )
    expected = sorted(
        [
            ("government", row.year, row.year_to - row.year)
            for row in marks(table, "government").itertuples()
        ]
        + [
            (row.status, row.year, row.year_to - row.year)
            for row in marks(table, "status").itertuples()
        ]
    )
    assert got == expected


def test_each_year_with_agreements_is_a_dot_of_its_size(table, figure):
    (dots,) = [c for c in figure.axes[0].collections if c.get_label() == "agreements"]
    sizes = dots.get_sizes() / party_history.DOT
    got = list(zip(dots.get_offsets()[:, 0].tolist(), sizes.tolist(), strict=True))
    rows = marks(table, "agreements")
    expected = list(zip(rows["year"] + 0.5, rows["agreements"], strict=True))
    assert got == expected


def test_a_name_wider_than_its_years_is_not_drawn(table, figure):
    drawn = {text.get_text() for text in figure.axes[0].texts}
    assert "AK Parti" in drawn
    got = [name for name in ("bağ.", "ind.") if name in drawn]  # a year each
    expected = []
    assert got == expected


def test_the_title_has_the_counts_of_the_governing_party(table, built, words):
    leads = built[built["aligned_leads"].fillna(False)].groupby("level")["agreements"].sum()
    said = party_history.title(table, words)
    got = [level for level, n in leads.items() if str(int(n)) not in said]
    expected = []
    assert got == expected


def test_each_line_is_named_in_the_panel_s_order(table, figure, built, words):
    got = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    expected = [
        words["party_history.government"],
        words.fill("party_history.name.metropolitan", name="Ankara"),
        *built.loc[built["level"] == "district", "municipality"].unique(),
    ]
    assert got == expected


def test_the_alt_text_holds_the_counts_by_status(table, built, words):
    text = party_history.describe(table, words)
    leads = built[built["aligned_leads"].fillna(False)].groupby("level")["agreements"].sum()
    got = [words.number(leads[level]) in text for level in ("metropolitan", "district")]
    expected = [True, True]
    assert got == expected
