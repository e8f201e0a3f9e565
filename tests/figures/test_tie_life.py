"""The life of a tie: every tie in a bar, a line for each with a sign, unknown not dormant."""

import pandas as pd
import pytest

from diplolib.figures import tie_life
from nbproof import tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def ties(collection):
    return tables.read(collection, "processed/tie_life")


@pytest.fixture(scope="module")
def table(ties):
    return tie_life.table(ties)


@pytest.fixture(scope="module")
def figure(table, words):
    return tie_life.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def test_every_tie_is_in_a_bar(ties, table):
    got = marks(table, "group").groupby("level")["agreements"].sum().to_dict()
    expected = ties["level"].value_counts().to_dict()
    assert got == expected


def test_a_line_a_tie_with_a_sign(ties, table):
    got = marks(table, "tie")["agreement_id"].tolist()
    expected = ties.loc[ties["sign"].isin(["place", "country"]), "agreement_id"].tolist()
    assert got == expected


def test_a_tie_with_a_sign_by_place_takes_its_year_from_it(ties, table):
    """Moscow has a later sign by country."""
    row = marks(table, "tie").set_index("partner").loc["Moscow"]
    moscow = ties.set_index("partner").loc["Moscow"]
    got = row["last"]
    expected = moscow["place_year_end"]
    assert got == expected
    assert moscow["country_year_end"] > expected


def test_the_title_counts_unknown_apart(ties, table, words):
    got = tie_life.title(table, words)
    unknown = int((ties["level"].eq("district") & ties["sign"].eq("unknown")).sum())
    place = int((ties["level"].eq("metropolitan") & ties["sign"].eq("place")).sum())
    missing = [str(n) for n in (unknown, place, 60, 107) if str(n) not in got]
    assert missing == []


def test_an_undated_sign_has_no_dot(table, figure):
    dots = [c for c in figure.axes[1].collections if c.get_label() == "last"]
    got = len(dots)
    expected = int(marks(table, "tie")["last"].notna().sum())
    assert got == expected


def test_a_sign_before_its_tie_is_not_drawn(ties):
    broken = ties.copy()
    broken.loc[0, "place_year_end"] = 1970
    with pytest.raises(StudyError, match=r"tie_life\.csv, row 1 \(line 2\), column place_year_end"):
        tie_life.table(broken)


def test_the_alt_text_says_which_signs_have_no_year(table, words):
    got = tie_life.describe(table, words)
    name = "Kabul" if words.language == "en" else "Kabil"
    assert f"{name} {words['tie_life.undated']}" in got
    assert pd.isna(marks(table, "tie").set_index("partner").loc["Kabul", "last"])
