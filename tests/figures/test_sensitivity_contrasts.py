"""What is drawn of the hypotheses is what the table says."""

import pandas as pd
import pytest

from ankara.cleaning.sources import with_source
from ankara.figures import sensitivity_contrasts
from ankara.specifications.turns import turns
from nbproof import tables

CURVE = "by-both"


@pytest.fixture(scope="module")
def specifications(collection):
    return tables.read(collection, "sensitivity/specifications")


@pytest.fixture(scope="module")
def turned(specifications):
    return turns(specifications)


@pytest.fixture(scope="module")
def definitions(collection):
    names = ["reference/named_contrasts", "reference/choices"]
    return [with_source(tables.read(collection, name), name) for name in names]


@pytest.fixture(scope="module")
def table(specifications, turned, definitions):
    return sensitivity_contrasts.table(specifications, turned, *definitions, curve=CURVE)


@pytest.fixture(scope="module")
def figure(table, words):
    return sensitivity_contrasts.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def axis(figure, name):
    return next(axis for axis in figure.axes if axis.get_label() == name)


def test_every_contrast_and_ratio_has_a_range(table, turned):
    got = marks(table, "range")["id"].tolist()
    expected = turned.loc[turned["scope"] != "claim", "id"].tolist()
    assert got == expected


def test_the_value_as_defined_lies_in_its_range(table):
    rows = marks(table, "range")
    got = rows.loc[~rows["estimate"].between(rows["low"], rows["high"]), "id"].tolist()
    expected = []
    assert got == expected


def test_a_result_that_crosses_the_line_turns(table):
    """Nothing but the range decides; a range that ends on the line has lost its direction there."""
    got, expected = {}, {}
    for row in marks(table, "range").itertuples():
        line = sensitivity_contrasts.LINE[row.scope]
        got[row.id] = row.turns
        expected[row.id] = row.low <= line < row.high
    assert got == expected


@pytest.mark.parametrize("scope", ["contrast", "ratio"])
def test_a_bar_spans_the_range(figure, table, scope):
    got = {
        line.get_gid(): tuple(line.get_xdata())
        for line in axis(figure, scope).lines
        if line.get_gid() in set(table["id"])
    }
    rows = marks(table, "range").query("scope == @scope")
    expected = {row.id: (row.low, row.high) for row in rows.itertuples()}
    assert got == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("as-counted", 0.9516), ("by-year", 1.0334), ("by-both", 1.7198), ("europe-2003", None)],
)
def test_the_ratio_by_elected_parties_stands_beside_the_one_as_defined(table, name, expected):
    got = marks(table, "range").set_index("id")["elected"][name]
    assert (None if pd.isna(got) else got) == expected


def test_the_ratio_by_elected_parties_is_a_hollow_dot(figure, table):
    dots = [c for c in axis(figure, "ratio").collections if c.get_label() == "elected"]
    got = [float(dot.get_offsets()[0][0]) for dot in dots]
    expected = marks(table, "range")["elected"].dropna().tolist()
    assert got == expected


def test_the_contrasts_that_carry_the_argument_come_first(table):
    got = list(dict.fromkeys(marks(table, "range").query("scope == 'contrast'")["weight"]))
    expected = ["main", "beside", "no_direction"]
    assert got == expected


def test_the_curve_shows_every_specification(figure, table, specifications):
    points = axis(figure, "curve").collections[0].get_offsets()
    got = points[:, 1].tolist()
    expected = sorted(specifications.loc[specifications["id"] == CURVE, "estimate"])
    assert got == expected


def test_the_large_dot_is_the_one_as_defined(figure, specifications):
    ((_, got),) = axis(figure, "curve").collections[1].get_offsets().tolist()
    rows = specifications[specifications["id"] == CURVE]
    (expected,) = rows.loc[rows["as_defined"], "estimate"]
    assert got == expected


def test_each_specification_has_one_value_of_each_choice(figure, table):
    choices = axis(figure, "choices")
    got = sum(len(lines.get_segments()) for lines in choices.collections)
    expected = len(marks(table, "specification")) * marks(table, "choice")["choice"].nunique()
    assert got == expected


def test_the_names_of_the_choices_are_in_the_language(figure, table, words):
    got = [label.get_text() for label in axis(figure, "choices").get_yticklabels()]
    pairs = marks(table, "choice")[["choice", "value"]].drop_duplicates()
    expected = [words[f"sensitivity.value.{row.choice}.{row.value}"] for row in pairs.itertuples()]
    assert got == expected


def test_a_mark_names_the_choices_that_it_rests_on(table, definitions):
    listed = definitions[1].set_index(["scope", "choice"])["source"]
    rows = marks(table, "choice")
    got = rows["rows"].tolist()
    expected = [listed[pair] for pair in zip(rows["scope"], rows["choice"], strict=True)]
    assert got == expected


def test_a_contrast_names_its_definition(table, definitions):
    row = marks(table, "range").set_index("id").loc["africa-2005"]
    got = row["rows"].split(";")[0]
    expected = definitions[0].set_index("name").loc["africa-2005", "source"]
    assert got == expected


def test_another_result_can_be_drawn(specifications, turned, definitions, words):
    other = sensitivity_contrasts.table(specifications, turned, *definitions, curve="africa-2005")
    text = sensitivity_contrasts.describe(other, words)
    figure = sensitivity_contrasts.draw(other, words)
    got = len(axis(figure, "curve").collections[0].get_offsets())
    expected = int((specifications["id"] == "africa-2005").sum())
    assert got == expected
    assert words["sensitivity.contrasts.stands"] in text


@pytest.mark.parametrize(
    ("scope", "value", "expected"),
    [("contrast", 0.104, "+10"), ("contrast", -0.031, "−3"), ("contrast", 0.001, "0"), ("ratio", 1.7198, "1.72")],
)  # fmt: skip
def test_a_number_has_the_form_of_its_kind(scope, value, expected):
    from nbproof import labels

    got = sensitivity_contrasts.number(scope, value, labels.load("en"))
    assert got == expected
