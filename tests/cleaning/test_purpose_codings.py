"""Rows coded to the purposes: each once, with listed purposes; how far codings agree."""

import re

import pandas as pd
import pytest

from ankara.cleaning import process
from ankara.cleaning.purpose_codings import agreement, alpha, masi
from ankara.cleaning.sources import without_code
from nbproof import tables
from nbproof.study import StudyError

CODINGS, SETTLED = "purpose_codings", "purpose_coding_settled"
FLOOD = "data/raw/article/activities.csv:3,engagement"


def change(study, table, old, new):
    path = study.data / "reference" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def coded(one, other):
    """Two codings of as many rows; a row's purposes are letters."""
    return pd.DataFrame(
        [
            {"row": str(row), "coder": coder, "purposes": " | ".join(given) or None}
            for coder, rows in (("a", one), ("b", other))
            for row, given in enumerate(rows)
        ]
    )


def test_every_engagement_beyond_the_agreements_is_coded(collection):
    rows = tables.read(collection, "processed/purposes_by_row")
    engagements = tables.read(collection, "processed/engagements")
    got = set(rows.loc[rows["part"] == "engagement", "source"])
    expected = set(engagements.loc[engagements["list"] == "coded", "source"])
    assert got == expected


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        (CODINGS, f"{FLOOD},a,", f"{FLOOD.replace(':3', ':99')},a,", "99, engagement, is no such row"),
        (SETTLED, "Yardım | Hijyen", "Yardım | Deprem", "'Deprem'; expected purposes of"),
        (SETTLED, f"{FLOOD},Yardım | Hijyen,agreed", f"{FLOOD},Yardım,agreed", "expected how the diff"),
        (SETTLED, f"{FLOOD},Yardım | Hijyen,agreed", f"{FLOOD},Yardım | Hijyen,single", "expected agreed"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_named(copied, table, old, new, said):
    change(copied, table, old, new)
    with pytest.raises(StudyError, match=re.escape(said)):
        process(copied)


def test_a_change_that_is_explained_is_taken(copied):
    change(copied, SETTLED, f"{FLOOD},Yardım | Hijyen,agreed", f"{FLOOD},Yardım,no hygiene: rule 7")
    rows = process(copied)["purposes_by_row"]
    flood = rows[rows["source"] == FLOOD.partition(",")[0]]
    got = dict(zip(flood["purpose"], flood["settled"], strict=True))
    expected = {"Hijyen": False, "Yardım": True}
    assert got == expected


def test_a_single_coding_says_so(copied):
    """Where the second coder's rows are taken out, each row has one coding, and none that agree."""
    path = copied.data / "reference" / f"{CODINGS}.csv"
    first = [row for row in path.read_text(encoding="utf-8").splitlines() if ",b," not in row]
    path.write_text("\n".join(first) + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match="which has 1 coding"):
        process(copied)


def test_both_codings_are_counted(collection):
    got = set(tables.read(collection, "processed/purposes_by_row")["codings"])
    expected = {2}
    assert got == expected


def test_one_coding_has_no_agreement(collection):
    codings = tables.read(collection, f"reference/{CODINGS}")
    got = (len(set(codings["coder"])) == 1) == agreement(codings).empty
    expected = True
    assert got == expected


def test_kappa_is_the_statisticians():
    from statsmodels.stats.inter_rater import cohens_kappa

    one, other = ["x", "xy", "y", "", "x"], ["x", "x", "y", "y", ""]
    found = agreement(coded(one, other)).set_index("purpose")["agreement"]
    got = found["x"]
    counts = pd.crosstab(["x" in row for row in one], ["x" in row for row in other])
    expected = cohens_kappa(counts.to_numpy(), return_results=False)
    assert got == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("x", "x", 0), ("", "", 0), ("x", "xy", 1 - 2 / 3 / 2), ("xy", "x", 1 - 2 / 3 / 2), ("xy", "yz", 1 - 1 / 3 / 3), ("x", "y", 1), ("", "x", 1)],
)  # fmt: skip
def test_masi_weighs_how_sets_overlap(one, other, expected):
    got = masi(frozenset(one), frozenset(other))
    assert got == pytest.approx(expected)


def test_alpha_of_single_purposes_is_the_nominal_one():
    one, other = "aabbddddccc", "babbddddcdc"
    units = [[frozenset(a), frozenset(b)] for a, b in zip(one, other, strict=True)]
    within = sum(a != b for a, b in zip(one, other, strict=True)) * 2
    every = one + other
    across = sum(a != b for a in every for b in every) / (len(every) - 1)
    got = alpha(units)
    expected = 1 - within / across
    assert got == pytest.approx(expected)


def test_alpha_of_equal_codings_is_one():
    got = alpha([[frozenset("x"), frozenset("x")], [frozenset("y"), frozenset("y")]])
    expected = 1
    assert got == expected


def test_no_aim_of_the_raw_tables_is_left_out(collection):
    rows = tables.read(collection, "processed/purposes_by_row")
    got = {
        table: int(
            (rows.drop_duplicates("source")["source"].str.startswith(f"data/{table}.csv:")).sum()
        )
        for table in without_code("aim")
        if table != "raw/cankaya-2016/partners"
    }
    expected = {
        table: len(tables.read(collection, table)) - len(without)
        for table, without in without_code("aim").items()
        if table in got
    }
    assert got == expected
