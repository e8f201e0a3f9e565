"""What is drawn of the hypotheses is what the table says."""

import pandas as pd
import pytest

from ankara.cleaning.sources import with_source
from ankara.figures import sensitivity_contrasts
from ankara.specifications.turns import turns
from nbproof import tables


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
    return sensitivity_contrasts.table(specifications, turned, *definitions)


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


def test_a_mark_names_the_choices_that_it_rests_on(table, definitions):
    listed = definitions[1].set_index(["scope", "choice"])["source"]
    rows = marks(table, "flip")
    got = rows["rows"].tolist()
    expected = [listed[pair] for pair in zip(rows["scope"], rows["choice"], strict=True)]
    assert got == expected


def test_a_contrast_names_its_definition(table, definitions):
    row = marks(table, "range").set_index("id").loc["africa-2005"]
    got = row["rows"].split(";")[0]
    expected = definitions[0].set_index("name").loc["africa-2005", "source"]
    assert got == expected


@pytest.mark.parametrize(
    ("scope", "value", "expected"),
    [("contrast", 0.104, "+10"), ("contrast", -0.031, "−3"), ("contrast", 0.001, "0"), ("ratio", 1.7198, "1.72")],
)  # fmt: skip
def test_a_number_has_the_form_of_its_kind(scope, value, expected):
    from nbproof import labels

    got = sensitivity_contrasts.number(scope, value, labels.load("en"))
    assert got == expected


def test_every_text_can_be_read(figure, unreadable):
    got = unreadable(figure)
    expected = []
    assert got == expected


def test_the_title_counts_what_stands(table, words):
    ratios = marks(table, "range").query("scope == 'ratio'")
    got = sensitivity_contrasts.headline(table.assign(turns=False), words)
    expected = words.fill(
        "sensitivity.contrasts.title",
        main=4,
        main_stand=4,
        ratio=len(ratios),
        ratio_stand=len(ratios),
    )
    assert got == expected
