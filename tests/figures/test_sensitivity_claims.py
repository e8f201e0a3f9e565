"""What is drawn of the statements is what the table says."""

import pandas as pd
import pytest

from ankara.figures import sensitivity_claims
from ankara.specifications.turns import turns
from nbproof import tables


@pytest.fixture(scope="module")
def turned(collection):
    return turns(tables.read(collection, "sensitivity/specifications"))


@pytest.fixture(scope="module")
def table(collection, turned):
    return sensitivity_claims.table(turned, tables.read(collection, "processed/claims"))


@pytest.fixture(scope="module")
def figure(table, words):
    return sensitivity_claims.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def test_every_statement_is_in_one_group(table, turned):
    got = int(marks(table, "group")["claims"].sum())
    expected = int((turned["scope"] == "claim").sum())
    assert got == expected


def test_every_statement_that_turns_is_shown_with_a_choice(table):
    rows = marks(table, "claim")
    got = set(marks(table, "flip")["id"])
    expected = set(rows["id"])
    assert got == expected
    assert len(rows) == marks(table, "group").set_index("group").loc["turns", "claims"]


def test_a_statement_keeps_the_rows_that_decide_it(table, collection):
    ledger = tables.read(collection, "processed/claims").set_index("id")
    rows = marks(table, "claim").set_index("id")
    got = rows["rows"].tolist()
    decided = ledger.loc[rows.index, ["source", "rows"]]
    expected = decided.apply(lambda pair: ";".join(pair.dropna()), axis="columns").tolist()
    assert got == expected


def test_a_group_names_as_many_statements_as_it_counts(table):
    rows = marks(table, "group")
    got = rows["rows"].str.split(";").str.len().tolist()
    expected = rows["claims"].tolist()
    assert got == expected


def test_the_bar_is_as_long_as_the_counts(figure, table):
    got = [bar.get_width() for bars in figure.axes[0].containers for bar in bars]
    expected = marks(table, "group")["claims"].tolist()
    assert got == expected


def test_a_square_stands_under_each_choice_that_turns_a_statement(figure, table, words):
    axis = figure.axes[1]
    names = [label.get_text() for label in axis.get_xticklabels()]
    got = {
        (dots.get_gid(), names[round(place)], tuple(colour[:3]) != (1, 1, 1))
        for dots in axis.collections
        for (place, _), colour in zip(dots.get_offsets(), dots.get_facecolors(), strict=True)
    }
    expected = {
        (row.id, words[f"sensitivity.choice.{row.choice}"], row.alone)
        for row in marks(table, "flip").itertuples()
    }
    assert got == expected


def test_the_alt_text_names_every_statement_that_turns(table, words):
    text = sensitivity_claims.describe(table, words)
    column = "claim_tr" if words.language == "tr" else "claim"
    got = [claim for claim in marks(table, "claim")[column] if claim.rstrip(".") not in text]
    expected = []
    assert got == expected


def test_a_choice_that_acts_alone_is_not_said_to_need_another():
    row = pd.Series({"alone": "a=1;b=2", "together": "a=2+c=1"})
    got = sensitivity_claims.choices(row)
    expected = {"a": True, "b": True, "c": False}
    assert got == expected
