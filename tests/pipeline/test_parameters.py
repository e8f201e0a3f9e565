"""A parameter is refused before any kernel starts."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbproof.pipeline.parameters import ParameterError, accept, check, contract, prove, ran_with

RULES = {
    "lang": {"type": "string", "enum": ["en", "tr"], "title": "language"},
    "year_from": {"type": "integer", "minimum": 1971, "maximum": 2021, "title": "first"},
    "year_to": {"type": "integer", "minimum": 1971, "maximum": 2021, "title": "last"},
    "arcs": {"type": "boolean", "title": "arcs"},
    "width": {"type": "number", "minimum": 0, "title": "width"},
}
CELL = 'lang = "en"\nyear_from = 1971\nyear_to = 2021\narcs = False\nwidth = 1.5'


def write(folder, cell=CELL, rules=RULES):
    content = nbformat.v4.new_notebook(metadata={"nbproof": {"parameters": rules}})
    content.cells = [nbformat.v4.new_code_cell(cell, metadata={"tags": ["parameters"]})]
    path = folder / "05-test.ipynb"
    nbformat.write(content, path)
    return path


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    return write(tmp_path_factory.mktemp("notebook"))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, {}),
        ({"lang": "tr"}, {"lang": "tr"}),
        ({"year_to": "2010"}, {"year_to": 2010}),
        ({"year_to": 2010}, {"year_to": 2010}),
        ({"arcs": "true"}, {"arcs": True}),
        ({"width": 2}, {"width": 2.0}),
        ({"lang": "en", "year_from": "1971"}, {}),  # the defaults need not be injected
    ],
)
def test_a_value_comes_in_its_type(notebook, given_, expected):
    got = check(notebook, given_)
    assert got == expected


REFUSED = [
    ({"year_too": 2010}, "no parameter 'year_too'. Did you mean year_to?"),
    ({"lang": "de"}, "expected one of en, tr"),
    ({"lang": 3}, "expected one of en, tr"),
    ({"year_to": "2010.5"}, "expected a whole number from 1971 to 2021"),
    ({"year_to": "soon"}, "expected a whole number"),
    ({"year_to": True}, "expected a whole number"),
    ({"year_to": 2010.0}, "expected a whole number"),
    ({"year_to": 2022}, "from 1971 to 2021"),
    ({"arcs": "maybe"}, "expected true or false"),
    ({"width": "nan"}, "expected a number from 0"),
    ({"width": -1}, "expected a number from 0"),
    ({"year_from": 2011, "year_to": 2010}, "year_from=2011 lies after year_to=2010"),
]


@pytest.mark.parametrize(("given_", "said"), REFUSED)
def test_what_is_not_allowed_is_refused_with_what_is(notebook, given_, said):
    with pytest.raises(ParameterError) as error:
        check(notebook, given_)
    assert said in str(error.value)


@given(st.integers(1971, 2021))
def test_a_year_is_the_same_as_text_and_as_number(notebook, year):
    got = check(notebook, {"year_from": str(year)})
    expected = check(notebook, {"year_from": year})
    assert got == expected


def test_a_contract_has_each_default(notebook):
    got = {name: rules["default"] for name, rules in contract(notebook).items()}
    expected = {"lang": "en", "year_from": 1971, "year_to": 2021, "arcs": False, "width": 1.5}
    assert got == expected


def test_a_derived_variable_in_the_parameters_cell_is_refused(tmp_path):
    path = write(tmp_path, CELL + "\nspan = year_to - year_from")
    with pytest.raises(ParameterError, match="line 6: expected `name = literal value`"):
        contract(path)


def test_a_parameter_without_rules_is_refused(tmp_path):
    path = write(tmp_path, CELL + "\nextra = 1")
    with pytest.raises(ParameterError, match="differ in extra"):
        contract(path)


def test_a_notebook_whose_parameters_cell_is_gone_is_refused_by_name(tmp_path):
    path = tmp_path / "empty.ipynb"
    metadata = {"nbproof": {"parameters": RULES}}
    nbformat.write(nbformat.v4.new_notebook(metadata=metadata), path)
    with pytest.raises(ParameterError, match=r"^empty\.ipynb: expected one cell .* found 0"):
        contract(path)


def test_a_notebook_without_rules_and_parameters_has_an_empty_contract(tmp_path):
    path = tmp_path / "empty.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    got = contract(path)
    expected = {}
    assert got == expected


DECLARED = {
    name: {**rules, "default": value}
    for (name, rules), value in zip(RULES.items(), ["en", 1971, 2021, False, 1.5], strict=True)
}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (CELL.replace("2021", "2010"), "05-test: year_to is 2010, declared 2021"),
        (CELL.replace('"en"', '"tr"'), "05-test: lang is 'tr', declared 'en'"),
        (CELL.replace("2021", "2500"), "year_to=2500; expected a whole number from 1971 to 2021"),
        (CELL.replace("False", "0"), "arcs=0; expected true or false"),
        (CELL.replace("year_to = 2021\n", ""), "differ in year_to"),
    ],
)
def test_a_value_that_is_not_declared_stops_a_run(tmp_path, cell, said):
    path = write(tmp_path, cell, DECLARED)
    with pytest.raises(ParameterError) as error:
        prove([path])
    assert said in str(error.value)


@pytest.mark.parametrize("rules", [DECLARED, RULES])
def test_the_declared_values_stop_nothing(tmp_path, rules):
    got = prove([write(tmp_path, CELL, rules)])
    expected = None
    assert got == expected


def test_an_accepted_value_is_declared_and_nothing_else_changes(tmp_path):
    path = write(tmp_path, CELL.replace("2021", "2010"), DECLARED)
    before = json.loads(path.read_bytes())
    accept([path])
    before["metadata"]["nbproof"]["parameters"]["year_to"]["default"] = 2010
    got = prove([path]), json.loads(path.read_bytes())
    expected = None, before
    assert got == expected


def test_a_value_that_is_not_allowed_is_not_accepted(tmp_path):
    path = write(tmp_path, CELL.replace("2021", "2500"), DECLARED)
    with pytest.raises(ParameterError, match="from 1971 to 2021"):
        accept([path])


def test_an_executed_notebook_says_what_it_was_run_with(tmp_path):
    path = write(tmp_path)
    content = nbformat.read(path, as_version=4)
    tags = {"tags": ["injected-parameters"]}
    content.cells.append(nbformat.v4.new_code_cell("# Parameters\nyear_to = 2010", metadata=tags))
    nbformat.write(content, path)
    got = ran_with(path)
    expected = {"lang": "en", "year_from": 1971, "year_to": 2010, "arcs": False, "width": 1.5}
    assert got == expected


def test_a_file_that_is_no_notebook_is_refused(tmp_path):
    path = tmp_path / "05-test.ipynb"
    path.write_bytes(b"")
    with pytest.raises(ParameterError, match=r"^05-test\.ipynb: not a notebook"):
        contract(path)


def test_a_parameters_cell_that_is_no_python_is_refused_with_its_line(tmp_path):
    with pytest.raises(ParameterError, match="parameters cell, line 2: not Python"):
        contract(write(tmp_path, 'lang = "en"\nyear_from ='))
