"""What is written for a million rows does what its plain definition says, row by row."""

import ast
import inspect

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankara.cleaning import agreements, districts, metropolitan, sources
from ankara.figures import purposes
from diplolib import panel, places, regions, selection
from diplolib.figures import timeline, totals, world_map
from nbproof import tables

AWKWARD = st.text(st.sampled_from('ab1,;" -=+\n\rñ\u0301\u200bİ'), max_size=4)
WORDS = AWKWARD | st.sampled_from(
    ["nan", "NULL", "", "1971", "true", "-", "-1", "a-b", "nano", "1.5", "12"]
)
FIELDS = [
    {"type": "string"},
    {"type": "string", "constraints": {"required": True, "unique": True}},
    {"type": "string", "constraints": {"pattern": "[^-]+-.+"}},
    {"type": "string", "constraints": {"enum": ["a", "a-b"]}},
    {"type": "integer", "constraints": {"minimum": 0}},
    {"type": "number", "constraints": {"maximum": 9, "required": True}},
]


@given(st.lists(WORDS, max_size=6), st.sampled_from(FIELDS))
@settings(max_examples=150, deadline=None)
def test_a_column_is_judged_as_each_of_its_cells(cells, field):
    found = tables._cells(pd.Series(cells, dtype="str"), {"name": "x", **field}, set(cells))
    rule = tables.rule(field)
    expected = [(row, "x", cell, rule(cell)) for row, cell in enumerate(cells) if rule(cell)]
    if field.get("constraints", {}).get("unique"):
        expected += [
            (row, "x", cell, "a unique value")
            for row, cell in enumerate(cells)
            if cell and cell in cells[:row]
        ]
    assert found == expected


# Carriage returns are refused before; whether one gets quotes differs from Python to Python.
WRITTEN = WORDS.map(lambda word: word.replace("\r", ""))


@given(st.lists(st.tuples(WRITTEN, WRITTEN), max_size=6))
@settings(max_examples=80, deadline=None)
def test_a_file_is_the_one_that_pandas_writes(rows):
    text = pd.DataFrame(rows, columns=["a", "b,c"], dtype="str")
    got = tables.as_csv(text, tables.distinct(text))
    expected = text.to_csv(index=False, lineterminator="\n").encode()
    assert got == expected


@pytest.mark.parametrize("kind", ["float64", "Int64", "int64", "boolean", "Float64", "bool"])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_number_is_written_as_pandas_writes_it_alone(kind, data):
    whole = st.integers(-3, 3) if kind.lower() == "int64" else st.booleans()
    values = st.floats() | st.sampled_from([0.0, -0.0]) if "loat" in kind else whole
    values = values | st.none() if kind[0] in "IFb" and kind != "bool" else values
    column = pd.Series(data.draw(st.lists(values, max_size=5)), dtype=kind)
    got = tables.as_text(column.to_frame("x"))["x"].tolist()
    known = [None if pd.isna(value) else str(value) for value in column]
    if "bool" in kind:
        known = [value and value.lower() for value in known]
    expected = [value or "" for value in known]
    assert got == expected


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab,")), max_size=5),
)
def test_a_repeated_key_is_found_as_often_as_it_stands_again(keys):
    frame = pd.DataFrame(keys, columns=["one", "two"], dtype="str")
    got = tables._repeated(frame, tables.distinct(frame)).tolist()
    expected = [row for row, key in enumerate(keys) if key in keys[:row]]
    assert got == expected


CORRECTIONS = ["table", "column", "line", "printed", "corrected"]


@given(
    st.lists(st.sampled_from("abcd") | st.none(), max_size=6),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("xabc"), max_size=3),
)
def test_a_misprint_is_replaced_once(printed, right):
    rows = [("t", "c", None, wrong, correct) for wrong, correct in right.items()]
    rows = pd.DataFrame(rows, columns=CORRECTIONS, dtype="str")
    found = places.correct(pd.Series(printed, dtype="str"), rows, "t", "c")
    got = [None if pd.isna(name) else name for name in found]
    expected = [right.get(name, name) for name in printed]
    assert got == expected


@given(st.lists(st.from_regex("[ab]{1,2}-[ab][ab -]{0,2}", fullmatch=True), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_district_and_partner_are_parted_at_the_first_hyphen(cells):
    raw = pd.DataFrame({"year": 2000, "district_partner": pd.Series(cells, dtype="str")})
    none = pd.DataFrame(columns=CORRECTIONS, dtype="str")
    clean = districts.clean_districts(raw, none)
    got = list(zip(clean["municipality"], clean["partner_printed"], strict=True))
    expected = [tuple(cell.split("-", 1)) for cell in cells]
    assert got == expected


NONE = pd.DataFrame({"party": [], "successor": [], "date": []}, dtype="str")
GOVERNED = pd.DataFrame(
    {"year": range(2000, 2012), "leading_party": "A", "parties": "A;B", "whole": True}
)


def by_year(elections: dict, signed: list, rule: str) -> list[tuple]:
    """(municipality, year, term, exposure, party, sits, agreements) as the panel's text defines them."""
    rows = []
    for name in dict.fromkeys(name for name, _ in elections):
        held = sorted(year for other, year in elections if other == name)
        for year in range(min(y for _, y in elections), max(y for _, y in signed) + 1):
            old = max((term for term in held if term < year), default=None)
            shares = {old: 1.0}
            if year in held:
                left = {"incoming": 0.0, "outgoing": 1.0, "half": 0.5}[rule]
                shares = {old: left, year: 1 - left}
            count = signed.count((name, year))
            for term, share in shares.items():
                party = elections.get((name, term))
                sits = None if party is None else party in "AB"
                if share:
                    rows.append((name, year, term, share, party, sits, count * share))
    return rows


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("XYZ"), st.integers(2000, 2011)),
        st.sampled_from(["A", "B", "C", None]),
        min_size=1,
    ),
    st.data(),
    st.sampled_from(panel.ELECTION_YEARS),
)
@settings(max_examples=25, deadline=None)
def test_the_panel_is_its_definition_year_by_year(elections, data, rule):
    names = st.sampled_from(sorted({name for name, _ in elections}))
    signed = data.draw(st.lists(st.tuples(names, st.integers(2000, 2011)), min_size=1, max_size=9))
    rows = [("d", *place, party, "source") for place, party in elections.items()]
    held = pd.DataFrame(rows, columns=["level", "municipality", "year", "party", "source"])
    listed = pd.DataFrame(signed, columns=["municipality", "year"]).assign(level="d")
    frame = panel.build(held.astype({"party": "str"}), listed, GOVERNED, NONE, election_year=rule)
    columns = ["municipality", "year", "term", "exposure", "party", "aligned_sits", "agreements"]
    shown = frame[columns].astype("object")
    got = list(shown.where(shown.notna(), None).itertuples(index=False, name=None))
    assert got == by_year(elections, signed, rule)


BY_ROWS = [tables, places, regions, selection, agreements, districts, metropolitan, sources]
# Of a figure only what comes before the picture: marks are few, and are drawn one by one.
TABLES = [timeline.table, world_map.table, purposes.table, totals.rows, totals.region_of]


@pytest.mark.parametrize("code", [*BY_ROWS, *TABLES], ids=lambda code: code.__name__)
def test_rows_of_agreements_are_never_gone_through_one_by_one(code):
    got = slow_calls(inspect.getsource(code))
    expected = []
    assert got == expected


@pytest.mark.parametrize(
    "code",
    ["x.iterrows()", "x.itertuples(index=False)", "x.apply(f, axis=1)", "x.map(lambda y: y)"],
)
def test_ways_to_go_through_rows_are_recognised(code):
    got = len(slow_calls(code))
    expected = 1
    assert got == expected


def slow_calls(code: str) -> list[str]:
    """The calls that run Python code, or make a Python object, for every row."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    calls = [call for call in calls if isinstance(call.func, ast.Attribute)]
    return [
        ast.unparse(call)
        for call in calls
        if call.func.attr in {"iterrows", "itertuples", "apply"}
        or (call.func.attr == "map" and any(isinstance(a, ast.Lambda) for a in call.args))
    ]
