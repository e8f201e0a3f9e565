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


def test_what_accounts_for_a_difference_is_drawn(figure, table, words):
    got = {text.get_text() for text in figure.axes[1].texts}
    column = "exact" if words.language == "en" else "exact_tr"
    expected = set(marks(table, "difference")[column].dropna())
    assert len(expected) == 4
    assert expected <= got


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


@pytest.mark.parametrize("side", ["published", "recomputed"])
def test_a_dot_stands_at_its_number(figure, table, side):
    axis = figure.axes[1]
    (dots,) = [dots for dots in axis.collections if dots.get_label() == side]
    got = dots.get_offsets()[:, 0].tolist()
    expected = marks(table, "difference")[side].tolist()
    assert got == expected


def test_each_dumbbell_has_its_statement(figure, table, words):
    axis = figure.axes[1]
    got = [" ".join(label.get_text().split()) for label in axis.get_yticklabels()]
    column = "claim_tr" if words.language == "tr" else "claim"
    # A word may be parted at its hyphen where the line is broken.
    expected = (
        marks(table, "difference")[column].str.replace("sister-city", "sister- city").tolist()
    )
    assert [text.replace("sister-city", "sister- city") for text in got] == expected


def test_no_text_leaves_the_figure(figure):
    figure.canvas.draw()
    width = figure.bbox.width
    boxes = [
        text.get_window_extent()
        for axis in figure.axes
        for text in [*axis.texts, *axis.get_yticklabels(), *axis.get_legend().get_texts()]
    ]
    got = [box for box in boxes if box.x0 < 0 or box.x1 > width]
    expected = []
    assert got == expected


def test_the_alt_text_tells_every_difference(table, words):
    said = claims.describe(table, words)
    column = "claim_tr" if words.language == "tr" else "claim"
    got = [claim for claim in marks(table, "difference")[column] if claim not in said]
    expected = []
    assert got == expected


def test_a_ledger_without_differences_is_drawn(table, words):
    figure = claims.draw(marks(table, "verdict"), words)
    got = len(figure.axes[1].get_yticklabels())
    expected = 0
    assert got == expected
