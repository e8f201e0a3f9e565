"""From a mark back to the printed rows."""

import json
import subprocess
import sys

import pandas as pd
import pytest

import diplolib
from diplolib import cli
from nbproof import lineage, tables
from nbproof.study import StudyError


def run(collection, capsys, *words):
    """Exit code, what was printed, what was complained."""
    code = cli.main(["--study", str(collection.root), "trace", *words])
    return code, *capsys.readouterr()


def added(collection, figure, language):
    """Every mark that its rows add up to: its number, and what they add up to."""
    marks = lineage.marks(collection, figure, language)
    traced = lineage.follow(collection, figure, marks)
    counted = traced[traced["drawn"].notna()]
    sums = counted.groupby(["mark", "shown", "part"])[["drawn", "adds"]]
    return sums.agg({"drawn": "first", "adds": "sum"})


FIGURES = [
    "city-politics", "claims", "education", "engagements", "foreign-policy", "national-context", "organisation", "partners-distance",
    "partners-party", "party-history",
    "purposes", "sensitivity-claims", "sensitivity-contrasts", "staff", "tie-life",
    "timeline", "units", "world-map",
]  # fmt: skip
# Their marks are boxes or dots, a row each; or they show what nothing adds up to.
WITHOUT_SUMS = {"city-politics", "organisation", "sensitivity-contrasts"}


def test_every_figure_is_traced(collection):
    got = sorted(path.name.split(".")[0] for path in collection.figures.glob("*.en.csv"))
    expected = FIGURES
    assert got == expected


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("figure", FIGURES)
def test_the_traced_rows_add_up_to_what_is_drawn(collection, figure, language):
    sums = added(collection, figure, language)
    got = sums.loc[sums["drawn"] != sums["adds"]].to_dict("index")
    expected = {}
    assert got == expected
    assert len(sums) or figure in WITHOUT_SUMS


@pytest.mark.parametrize("figure", FIGURES)
def test_only_marks_of_nothing_have_no_rows(collection, figure):
    marks = lineage.marks(collection, figure)
    got = set(marks.loc[marks["rows"] == "", "mark"])
    expected = {
        "timeline": {"cumulative"}, "world-map": {"origin"}, "units": {"district"},
        "claims": {"verdict"}, "purposes": {"activity"}, "engagements": {"agreement"},
        "partners-party": {"party", "without"},
    }.get(figure, set())  # fmt: skip
    assert got == expected


def test_a_mark_s_rows_are_those_of_the_clean_table(collection):
    agreements = pd.read_csv(collection.data / "processed" / "agreements.csv")
    traced = lineage.trace("world-map", study=collection, country="UA")
    got = traced["reference"].tolist()
    expected = agreements.loc[agreements["country_code"] == "UA", "agreement_id"].tolist()
    assert got == expected


def test_the_cells_are_those_of_the_printed_line(collection):
    row = lineage.trace("world-map", study=collection, mark="place", place="seoul-kr").iloc[0]
    printed = (collection.root / row["file"]).read_text(encoding="utf-8").splitlines()
    got = row["cells"]
    expected = "year 1971 · city Seul · country Kore · form Kardeş Kent"
    assert got == expected
    assert printed[row["line"] - 1] == "1971,Seul,Kore,Kardeş Kent"


def test_a_year_and_a_region_mean_the_bars(collection):
    traced = lineage.trace("timeline", study=collection, year=2011, region="Asia")
    got = set(traced["mark"])
    expected = {"bar"}
    assert got == expected


def test_another_kind_of_mark_can_be_asked_for(collection):
    traced = lineage.trace(
        "timeline", study=collection, mark="cumulative", year=1990, level="metropolitan"
    )
    got = traced["reference"].tolist()
    expected = ["M01", "M02", "M03", "M04", "M05", "M06"][: len(got)]
    assert got == expected
    assert len(got) == traced["drawn"].iloc[0]


def test_a_correction_comes_with_its_evidence(collection):
    traced = lineage.trace("partners-distance", study=collection, partner="Białystok")
    got = traced["corrections"].iloc[0]
    expected = "Viavistok → Białystok (misreading of a Polish name: the prose gives Poland"
    assert got.startswith(expected)


def test_an_uncertain_place_comes_with_its_second_reading(collection):
    traced = lineage.trace("world-map", study=collection, country="Ukraine", mark="country")
    unsure = traced[traced["confidence"] == "low"]
    got = unsure["second_reading"].str.contains("Khanty-Mansi").tolist()
    expected = [True]
    assert got == expected


def test_a_claim_leads_to_its_sentence_and_to_what_decides_it(collection):
    traced = lineage.trace("claims", study=collection, id="metropolitan-africa")
    got = traced["file"].iloc[0], len(traced) - 1
    expected = "data/reference/claims.csv", 8
    assert got == expected


def test_a_segment_of_the_ledger_s_figure_leads_to_its_statements(collection):
    traced = lineage.trace("claims", study=collection, kind="count", verdict="not reproduced")
    got = set(traced["mark"]), len(traced)
    ledger = tables.read(collection, "processed/claims")
    chosen = (ledger["kind"] == "count") & (ledger["verdict"] == "not reproduced")
    expected = {"verdict"}, chosen.sum()
    assert got == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["world-mop"], "Did you mean world-map?"),
        (["world-map", "--contry", "UA"], "Did you mean country"),
        (["world-map", "--country", "Ukrane"], "Did you mean Ukraine"),
        (
            ["world-map", "--mark", "bar"],
            "There are: country, ranked, place, unplaced, period, total, origin.",
        ),
        (["world-map", "--country"], "--country: expected a value"),
        (["world-map", "UA"], "expected --COLUMN VALUE"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest(collection, capsys, words, expected):
    code, _, got = run(collection, capsys, *words)
    assert expected in got
    assert code == 2


def test_the_command_prints_marks_rows_and_what_else_fits(collection, capsys):
    code, got, _ = run(collection, capsys, "world-map", "--country", "UA")
    expected = [
        "8 source rows, sum 8",
        "table-04.csv, line 15",
        "confidence low",
        "Also: --mark ranked (2), --mark place (8)",
    ]
    assert [text for text in expected if text not in got] == []
    assert code == 0


def test_without_columns_the_command_says_what_there_is(collection, capsys):
    _, got, _ = run(collection, capsys, "units")
    expected = ["district (25)", "--municipality"]
    assert [text for text in expected if text not in got] == []


def test_machines_get_the_same_rows(collection, capsys):
    _, text, _ = run(collection, capsys, "world-map", "--country=UA", "--json")
    got = [row["reference"] for row in json.loads(text)]
    expected = lineage.trace("world-map", study=collection, country="UA")["reference"].tolist()
    assert got == expected


@pytest.mark.parametrize("reference", ["Z99", "data/raw/article/table-04.csv:999", "../x.csv:2"])
def test_a_reference_that_leads_nowhere_is_an_error(collection, reference):
    with pytest.raises(StudyError, match="no such row"):
        lineage.rows(collection, pd.Series(["M01", reference]))


def test_importing_the_package_does_not_load_it():
    code = "import sys, diplolib; print('pandas' in sys.modules, callable(diplolib.trace))"
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    expected = "False True\n"
    assert got == expected


def test_the_package_has_nothing_else_of_that_kind():
    with pytest.raises(AttributeError, match="no attribute 'trade'"):
        _ = diplolib.trade
