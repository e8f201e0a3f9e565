"""What is drawn and listed of the statements is what the specifications say."""

import re

import pandas as pd
import pytest

from ankara.figures import sensitivity_claims
from ankara.specifications.turns import turns
from nbproof import tables


@pytest.fixture(scope="module")
def turned(collection):
    return turns(tables.read(collection, "sensitivity/specifications"))


@pytest.fixture(scope="module")
def ledger(collection):
    return tables.read(collection, "processed/claims")


@pytest.fixture(scope="module")
def table(turned, ledger):
    return sensitivity_claims.table(turned, ledger)


@pytest.fixture(scope="module")
def figure(table, words):
    return sensitivity_claims.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def lengths(axis):
    return [bar.get_width() for bars in axis.containers for bar in bars]


def test_every_statement_is_in_one_group(table, turned):
    got = int(marks(table, "group")["claims"].sum())
    expected = int((turned["scope"] == "claim").sum())
    assert got == expected


def test_every_statement_that_turns_counts_under_a_choice(table):
    got = set(";".join(marks(table, "choice")["rows"]).split(";"))
    expected = set(marks(table, "group").set_index("group").loc["turns", "rows"].split(";"))
    assert got == expected


def test_a_mark_names_as_many_statements_as_it_counts(table):
    got = table["rows"].str.split(";").str.len().tolist()
    expected = table["claims"].tolist()
    assert got == expected


def test_the_bar_is_as_long_as_the_counts(figure, table):
    got = lengths(figure.axes[0])
    expected = marks(table, "group")["claims"].tolist()
    assert got == expected


def test_each_choice_has_its_bars(figure, table):
    got = sorted(lengths(figure.axes[1]))
    expected = sorted(marks(table, "choice")["claims"])
    assert got == expected


def test_the_title_says_how_many_turn(table, words):
    said = sensitivity_claims.title(table, words)
    n = marks(table, "group").set_index("group")["claims"]
    got = [bool(re.search(rf"\b{n[group]}\b", said)) for group in ("turns", "never")]
    expected = [True, True]
    assert got == expected


def test_where_nothing_turns_the_title_names_no_choice(table, words):
    still = marks(table, "group").assign(claims=[150, 10, 0, 33]).astype({"claims": "Int64"})
    got = sensitivity_claims.title(still, words)
    expected = words.fill("sensitivity.claims.title.none", checkable=193, true=160, never=33)
    assert got == expected


def test_every_statement_that_turns_is_listed_with_its_choices(turned, ledger, words):
    found = sensitivity_claims.turning(turned, ledger, words)
    got = [len(found), bool((found["choices"] != "").all())]
    expected = [int((turned["scope"].eq("claim") & turned["stands"].eq("turns")).sum()), True]
    assert got == expected


def test_every_text_can_be_read(figure, unreadable):
    got = unreadable(figure)
    expected = []
    assert got == expected


def test_the_alt_text_names_every_choice(table, words):
    text = sensitivity_claims.describe(table, words)
    names = {words[f"sensitivity.choice.{name}"] for name in marks(table, "choice")["choice"]}
    got = {name for name in names if name not in text}
    expected = set()
    assert got == expected


def test_a_choice_that_acts_alone_is_not_said_to_need_another():
    row = pd.Series({"alone": "a=1;b=2", "together": "a=2+c=1"})
    got = sensitivity_claims.choices(row)
    expected = {"a": True, "b": True, "c": False}
    assert got == expected
