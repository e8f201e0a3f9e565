"""The figure of the ledger: what is drawn is what the table says."""

import pytest

from ankara.figures import claims
from ankara.ledger.shown import verdict
from ankara.ledger.verdicts import VERDICTS
from nbproof import tables


@pytest.fixture(scope="module")
def table(collection):
    return claims.table(tables.read(collection, "processed/claims"))


@pytest.fixture(scope="module")
def figure(table, words):
    return claims.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def test_every_statement_is_in_one_segment(table):
    got = int(table["claims"].sum())
    expected = 347
    assert got == expected


def test_only_counts_that_no_reading_gives_are_compared(table):
    rows = marks(table, "difference")
    got = set(rows["kind"]), set(rows["verdict"]), bool((rows["difference"] == 0).any())
    expected = {"count"}, {"not reproduced"}, False
    assert got == expected


def test_the_weightiest_difference_comes_first(collection, table):
    got = marks(table, "difference")["id"].tolist()
    reasons = tables.read(collection, "reference/claim_reasons")["id"]
    expected = [name for name in reasons if name in got]
    assert got == expected
    assert got[0] == "metropolitan-capitals"


def said(figure):
    return [" ".join(text.get_text().split()) for text in figure.axes[1].texts]


def test_what_accounts_for_a_difference_is_drawn(figure, table, words):
    column = "exact" if words.language == "en" else "exact_tr"
    exact = marks(table, "difference")[column].dropna().tolist()
    got = [text for text in exact if any(f"({text})" in line for line in said(figure))]
    expected = exact
    assert got == expected
    assert len(exact) == 4


def test_the_segments_are_as_long_as_their_counts(figure, table, words):
    axis = figure.axes[0]
    got = {bars.get_label(): [bar.get_width() for bar in bars] for bars in axis.containers}
    rows = marks(table, "verdict")
    expected = {
        verdict(name, words): rows.loc[rows["verdict"] == name, "claims"].tolist()
        for name in VERDICTS
    }
    assert got == expected


def test_the_segments_of_a_kind_follow_one_another(figure):
    axis = figure.axes[0]
    ends = [[0] * len(axis.containers[0])]
    for bars in axis.containers:
        got = [bar.get_x() for bar in bars]
        expected = ends[-1]
        assert got == expected
        ends.append([bar.get_x() + bar.get_width() for bar in bars])


def test_the_legend_names_every_verdict(figure, words):
    legend = figure.axes[0].get_legend()
    got = [text.get_text() for text in legend.get_texts()]
    expected = [verdict(name, words) for name in VERDICTS]
    assert got == expected


def test_a_bar_is_as_long_as_its_difference(figure, table):
    got = [bar.get_width() for bars in figure.axes[1].containers for bar in bars]
    expected = marks(table, "difference")["difference"].tolist()
    assert got == expected


@pytest.mark.parametrize("side", ["published", "recomputed"])
def test_both_numbers_stand_in_the_line_of_their_statement(figure, table, side, words):
    got = said(figure)[["published", "recomputed"].index(side) + 1 :: 4]
    expected = marks(table, "difference")[side].map(words.number).tolist()
    assert got == expected


def test_each_bar_has_its_statement(figure, table, words):
    column = "claim_tr" if words.language == "tr" else "claim"
    claims_said = marks(table, "difference")[column]
    got = [
        line.startswith(claim) for line, claim in zip(said(figure)[::4], claims_said, strict=True)
    ]
    assert all(got)


def test_the_title_counts_what_comes_out(table, words):
    rows = marks(table, "verdict").groupby("verdict")["claims"].sum()
    checkable = rows.sum() - rows["not checkable"]
    got = claims.title(table, words)
    missing = [n for n in (checkable, checkable - rows["not reproduced"]) if str(n) not in got]
    assert missing == []


def test_the_alt_text_tells_every_difference(table, words):
    said = claims.describe(table, words)
    column = "claim_tr" if words.language == "tr" else "claim"
    got = [claim for claim in marks(table, "difference")[column] if claim not in said]
    expected = []
    assert got == expected


def test_a_ledger_without_differences_is_drawn(table, words):
    figure = claims.draw(marks(table, "verdict"), words)
    got = len(figure.axes[1].containers)
    expected = 0
    assert got == expected
