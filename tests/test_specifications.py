"""Which choices can change a result is found by computing, and what is stored is what comes out."""

import itertools
from functools import partial

import pandas as pd
import pytest

from ankara import claims
from ankara.claims import Choices
from ankara.specifications import computed
from ankara.specifications.grid import Noted, NotedChoices, explore
from ankara.specifications.subjects import SUCCESSORS, Desk
from ankara.specifications.turns import turns
from diplolib import contrasts, inference, panel
from nbproof import labels, tables
from nbproof.study import StudyError

VALUES = {"a": ["0", "1"], "b": ["0", "1"], "c": ["0", "1", "2"]}


def explored(function, values=VALUES):
    def evaluate(specification):
        noted = Noted(specification)
        return function(noted), noted.looked

    return explore(evaluate, values)


@pytest.fixture(scope="module")
def desk(collection):
    return Desk(collection)


@pytest.fixture(scope="module")
def stored(collection):
    return tables.read(collection, computed.TABLE)


@pytest.fixture(scope="module")
def defined(stored):
    return stored[stored["as_defined"]].set_index("id")


# The grid -----------------------------------------------------------------------------------------


def test_a_choice_that_is_looked_at_is_varied():
    got = explored(lambda spec: spec["a"])
    expected = [({"a": "0"}, "0"), ({"a": "1"}, "1")]
    assert got == expected


def test_a_choice_that_is_looked_at_and_changes_nothing_is_left_out():
    got = explored(lambda spec: (spec["b"], spec["a"])[1])
    expected = [({"a": "0"}, "0"), ({"a": "1"}, "1")]
    assert got == expected


def test_what_looks_at_no_choice_has_one_specification():
    got = explored(lambda spec: "same")
    expected = [({}, "same")]
    assert got == expected


def test_a_choice_that_acts_only_with_another_is_found():
    got = [set(spec) for spec, _ in explored(lambda spec: spec["a"] == spec["b"] == "1")]
    expected = [{"a", "b"}] * 4
    assert got == expected


def test_a_choice_that_is_looked_at_only_under_another_is_found():
    got = explored(lambda spec: spec["a"] == "1" and spec["c"])
    expected = [{"a", "c"}] * 6
    assert [set(spec) for spec, _ in got] == expected


def test_a_value_that_gives_the_same_as_an_earlier_one_is_left_out():
    got = [spec["c"] for spec, _ in explored(lambda spec: spec["c"] == "2")]
    expected = ["0", "2"]
    assert got == expected


def test_the_one_as_defined_comes_first():
    got = explored(lambda spec: (spec["a"], spec["c"]))[0]
    expected = ({"a": "0", "c": "0"}, ("0", "0"))
    assert got == expected


# What a claim looks at ----------------------------------------------------------------------------


def noted(ask):
    looked = set()
    ask(NotedChoices({}, looked))
    return looked


def test_a_choice_of_a_claim_is_noted():
    got = noted(lambda choices: choices.ports)
    expected = {"ports"}
    assert got == expected


def test_a_choice_that_a_reading_sets_is_not_noted():
    got = noted(lambda choices: (choices.but(ports="river").ports, choices.but(level="all").ports))
    expected = {"ports"}
    assert got == expected
    assert noted(lambda choices: choices.but(ports="river").ports) == set()


def test_noted_choices_count_like_plain_ones(desk):
    compute = claims.CLAIMS["metropolitan-neighbours"].compute
    got = compute(desk.evidence, NotedChoices({"neighbours": "land"}, set()))
    expected = compute(desk.evidence, Choices(neighbours="land"))
    assert got == expected


def test_an_unknown_value_is_refused():
    with pytest.raises(StudyError, match="choice ports='lake'"):
        NotedChoices({"ports": "lake"}, set())


# The list of choices ------------------------------------------------------------------------------


def test_every_choice_of_a_claim_is_listed(desk):
    got = set(desk.values("claim", "districts-total")) - {"reading"}
    expected = set(Choices.__dataclass_fields__)
    assert got == expected


def test_the_first_value_of_a_claims_choice_is_the_one_as_defined(desk):
    from ankara.specifications.subjects import _plain

    values = desk.values("claim", "districts-total")
    got = Choices(**{name: _plain(those[0]) for name, those in values.items() if name != "reading"})
    expected = Choices()
    assert got == expected


def test_every_choice_and_value_has_words(collection):
    words = labels.load("en")
    listed = tables.read(collection, "reference/choices")
    got = [
        f"{choice}.{value}"
        for choice, values in zip(listed["choice"], listed["values"], strict=True)
        for value in values.split(" | ")
        if f"sensitivity.value.{choice}.{value}" not in words
        or f"sensitivity.choice.{choice}" not in words
    ]
    expected = []
    assert got == expected


# As defined: the ledger and notebooks 06 and 07 ---------------------------------------------------


def test_a_claim_as_defined_is_the_ledgers(collection, defined):
    ledger = tables.read(collection, "processed/claims").set_index("id")
    ledger = ledger[ledger["verdict"] != "not checkable"]
    rows = defined[defined["scope"] == "claim"]
    # Names apart: the ledger translates them
    same = ledger["recomputed"].fillna("").str.fullmatch(r"[^A-Za-z]*")
    got = rows.loc[same[same].index, "value"].fillna("").to_dict()
    expected = ledger.loc[same, "recomputed"].fillna("").to_dict()
    assert got == expected
    assert set(rows.index) == set(ledger.index)
    simple = ledger["verdict"].isin(["reproduced", "not reproduced"])
    got = rows.loc[simple[simple].index, "holds"].to_dict()
    expected = (ledger.loc[simple, "verdict"] == "reproduced").to_dict()
    assert got == expected


def test_a_count_of_what_is_listed_is_not_asked_about_northern_cyprus(desk):
    got = [
        len(desk.values("claim", name)["northern_cyprus"])
        for name in ("district-kecioren", "agreements-total", "district-europe", "kktc-years")
    ]
    expected = [1, 1, 2, 2]
    assert got == expected


def classified(desk, rows, **how):
    origin = desk.read("reference/study").iloc[0]
    return contrasts.classify(
        rows,
        periods=desk.read("reference/periods"),
        schemes=desk.read("reference/regions"),
        capitals=desk.read("reference/capitals"),
        states=desk.read("reference/country_groups"),
        memberships=desk.read("reference/memberships"),
        origin=(origin["latitude"], origin["longitude"]),
        states_from=1991,
        **{
            "region_scheme": "article_inferred",
            "state_status": SUCCESSORS["all"],
            "membership": "any_day",
            **how,
        },
    )


def test_a_contrast_as_defined_is_that_of_notebook_06(desk, defined):
    named = desk.read("reference/named_contrasts")
    compared = contrasts.compare(classified(desk, desk.read("processed/agreements")), named)
    got = defined.loc[named["name"], "value"].tolist()
    expected = [
        f"{row.agreements}/{row.of}; {row.against_agreements}/{row.against_of}"
        for row in compared.itertuples()
    ]
    assert got == expected


def test_a_ratio_as_defined_is_that_of_notebook_07(desk, defined):
    rows = desk.read("processed/panel")
    rows = rows[(rows["level"] == "district") & rows["year"].between(2005, 2019)]
    ladder = inference.ladder(rows, panel.ALIGNMENTS["leads"])
    got = defined.loc[["as-counted", "by-year", "by-both"], "estimate"].tolist()
    expected = [ladder["ratio"], ladder["by_year"], ladder["by_both"]]
    assert got == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("column", "choice", "how"),
    [
        ("region", {"region_scheme": "un_m49"}, {"region_scheme": "un_m49"}),
        ("successor", {"successors": "strict"}, {"state_status": SUCCESSORS["strict"]}),
        ("EU", {"membership": "whole_year"}, {"membership": "whole_year"}),
        ("capital_kind", {}, {}),
        ("distance", {}, {}),
        ("overlap", {"sofya": "false", "min_confidence": "medium"}, {}),
    ],
)
def test_a_grouping_is_that_of_classify(desk, column, choice, how):
    values = {name: those[0] for name, those in desk.values("contrast", "").items()} | choice
    found = desk._classified(column, Noted(values))
    rows = desk.read("processed/agreements").loc[found.index]
    got = found[column].fillna("").tolist()
    expected = classified(desk, rows, **how)[column].fillna("").tolist()
    assert got == expected


# Single choices -----------------------------------------------------------------------------------


def result(desk, scope, name, **changes):
    values = {choice: those[0] for choice, those in desk.values(scope, name).items()}
    return desk.evaluate(scope, name, values | changes)[0]


def test_the_line_between_two_sides_moves_by_a_year(desk):
    named = desk.read("reference/named_contrasts").set_index("name").loc["africa-2005"]
    rows = desk.read("processed/agreements")
    got = result(desk, "contrast", "africa-2005", dividing_year="year_before").value
    later = rows[rows["year"] >= named["year_from"] - 1]
    africa = (later["region_article"] == "Africa").sum()
    expected = f"{africa}/{len(later)}"
    assert got.split("; ")[0] == expected


def test_a_second_reading_changes_the_country(desk):
    got = result(desk, "contrast", "africa-2005", second_readings="true").value
    expected = result(desk, "contrast", "africa-2005").value
    assert got != expected


def test_a_level_is_not_chosen_where_levels_are_compared(desk):
    _, looked = desk.evaluate(
        "contrast",
        "capitals-by-level",
        {choice: those[0] for choice, those in desk.values("contrast", "").items()},
    )
    got = looked & {"level", "dividing_year"}
    expected = set()
    assert got == expected


@pytest.mark.parametrize(
    ("scope", "name", "expected"),
    [
        ("claim", "district-kecioren", False),
        ("claim", "metropolitan-partners-60", False),
        ("claim", "agreements-total", False),
        ("ratio", "as-counted", False),
        ("claim", "district-europe", True),
        ("contrast", "europe-2003", True),
    ],
)
def test_no_count_of_ties_on_a_list_leaves_out_northern_cyprus(desk, scope, name, expected):
    values = {choice: those[0] for choice, those in desk.values(scope, name).items()}
    _, looked = desk.evaluate(scope, name, values)
    varied = len(desk.values(scope, name).get("northern_cyprus", ())) > 1
    got = varied and "northern_cyprus" in looked
    assert got == expected


def test_a_list_without_what_a_claim_speaks_of_decides_nothing(desk):
    got = result(desk, "claim", "kktc-cities", northern_cyprus="false").holds
    expected = None
    assert got is expected


def test_a_count_of_none_as_defined_decides(desk):
    got = result(desk, "claim", "metropolitan-oceania")[1:]
    expected = (0.0, False)
    assert got == expected


# What is stored -----------------------------------------------------------------------------------


def test_a_sample_of_what_is_stored_is_as_computed_now(desk, stored):
    """Of each result the specification as defined, one in the middle and the last one."""
    got, expected = {}, {}
    choices = [name for name in stored if stored[name].dtype == "str"]
    for (scope, name), rows in stored.groupby(["scope", "id"], sort=False):
        values = {choice: those[0] for choice, those in desk.values(scope, name).items()}
        for _, row in rows.iloc[sorted({0, len(rows) // 2, len(rows) - 1})].iterrows():
            given = {n: row[n] for n in choices if n in values and pd.notna(row[n])}
            found = desk.evaluate(scope, name, values | given)[0]
            key = (scope, name, *given.items())
            got[key] = [None if pd.isna(row[n]) else row[n] for n in found._fields]
            expected[key] = list(found)
    assert got == expected


@pytest.mark.parametrize(
    "subject", [("claim", "kktc-only-multiple"), ("claim", "coalition-era"), ("contrast", "capitals-by-form")]
)  # fmt: skip
def test_all_specifications_of_a_result_are_stored(desk, stored, subject):
    rows = stored[(stored["scope"] == subject[0]) & (stored["id"] == subject[1])]
    rows = rows.astype(object).where(rows.notna(), None)
    found = explore(partial(desk.evaluate, *subject), desk.values(*subject))
    got = [
        ({name: row[name] for name in spec}, tuple(row[name] for name in result._fields))
        for row, (spec, result) in zip(rows.to_dict("records"), found, strict=True)
    ]
    expected = found
    assert got == expected


def test_every_result_is_stored(desk, stored):
    got = list(stored[["scope", "id"]].drop_duplicates().itertuples(index=False, name=None))
    expected = [(scope, name) for scope in computed.SCOPES for name in desk.names(scope)]
    assert got == expected


def test_processes_compute_what_one_does(collection, desk, monkeypatch):
    few = {
        "claim": ["activity-astana-days", "akp-election-periods"],
        "contrast": ["capitals-by-form"],
        "ratio": [],
    }
    monkeypatch.setattr(Desk, "names", lambda desk, scope: few[scope])
    monkeypatch.setattr(computed, "Desk", lambda study: desk)  # the processes have their own
    got = computed.compute(collection, workers=2)
    expected = computed.compute(collection, workers=1)
    pd.testing.assert_frame_equal(got, expected)


def test_a_stored_table_that_is_out_of_date_is_told(collection, stored, monkeypatch):
    changed = stored.assign(value=stored["value"].mask(stored.index == 2, "4"))
    monkeypatch.setattr(computed, "compute", lambda study: changed)
    got = computed.stale(collection)
    assert "line 4" in got
    assert "computed now" in got


def test_a_stored_table_that_is_up_to_date_is_told(collection, stored, monkeypatch):
    monkeypatch.setattr(computed, "compute", lambda study: stored)
    got = computed.stale(collection)
    expected = None
    assert got is expected


# What the specifications come to ------------------------------------------------------------------


def specifications(holds, scope="claim", estimates=None):
    """Two choices of two values each; holds in the order 00, 01, 10, 11."""
    rows = [
        {"scope": scope, "id": "x", "as_defined": n == 0, "a": a, "b": b, "value": None}
        for n, (a, b) in enumerate(itertools.product("01", "01"))
    ]
    frame = pd.DataFrame(rows).assign(estimate=estimates or [1.0, 2.0, 3.0, 4.0], holds=holds)
    return frame.astype({"holds": "boolean"})


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ([True] * 4, ("always", "", "")),
        ([False] * 4, ("never", "", "")),
        ([True, False, True, False], ("turns", "b=1", "")),
        ([True, True, True, False], ("turns", "", "a=1+b=1")),
        ([False, True, True, True], ("turns", "a=1;b=1", "")),
        ([True, None, True, None], ("always", "", "")),
    ],
)
def test_what_turns_a_result_is_named(holds, expected):
    row = turns(specifications(holds)).iloc[0]
    got = (row["stands"], row["alone"], row["together"])
    assert got == expected


def test_of_changes_that_turn_a_result_together_the_fewest_are_named():
    """It turns by a and b, and without b by a, c and d."""
    rows = [
        {"scope": "claim", "id": "x", "as_defined": not any(those), "value": None, "estimate": 1.0}
        | dict(zip("abcd", map(str, those), strict=True))
        | {"holds": not (those[0] and (those[1] or (those[2] and those[3])))}
        for those in itertools.product((0, 1), repeat=4)
    ]
    got = turns(pd.DataFrame(rows)).iloc[0]["together"]
    expected = "a=1+b=1"
    assert got == expected


def test_a_contrast_without_direction_turns_with_its_sign():
    rows = specifications([None] * 4, "contrast", [0.1, 0.2, -0.1, 0.3])
    got = turns(rows).iloc[0][["stands", "alone"]].tolist()
    expected = ["turns", "a=1"]
    assert got == expected


def test_a_result_without_its_definition_is_refused():
    rows = specifications([True] * 4).assign(as_defined=False)
    with pytest.raises(StudyError, match="claim x is not there as defined"):
        turns(rows)
