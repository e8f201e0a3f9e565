"""A notebook checks its parameters itself, in words that the command line uses too."""

import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from nbproof import parameters
from nbproof.pipeline.parameters import ParameterError, declared


@pytest.fixture
def names(copied, collection, monkeypatch):
    """The variables that notebook 02's parameters cell sets, in a folder as notebooks run in."""
    (copied.root / "notebooks").mkdir()
    shutil.copy(collection.notebooks / "02-timeline.ipynb", copied.notebooks)
    monkeypatch.chdir(copied.notebooks)
    rules = declared(copied.notebooks / "02-timeline.ipynb")
    return {name: rule["default"] for name, rule in rules.items()}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("year_to", "2010", 2010), ("show_terms", "False", False), ("year_to", 2010, 2010)],
)
def test_text_becomes_what_the_command_line_takes_it_for(names, name, value, expected):
    names[name] = value
    parameters.check("02-timeline", names)
    got = names[name]
    assert (got, type(got)) == (expected, type(expected))


REFUSED = [
    ({"year_to": 2500}, "year_to=2500; expected a whole number from 1971 to 2021."),
    ({"year_to": True}, "year_to=True; expected a whole number from 1971 to 2021."),
    ({"year_to": None}, "year_to=None; expected a whole number from 1971 to 2021."),
    ({"min_confidence": "hgih"}, "expected one of none, low, medium, high. Did you mean high?"),
    ({"show_terms": "maybe"}, "show_terms='maybe'; expected true or false."),
    ({"year_from": 2011, "year_to": 2010}, "year_from=2011 lies after year_to=2010."),
]


@pytest.mark.parametrize(("wrong", "said"), REFUSED)
def test_what_is_not_allowed_is_refused_in_one_line(names, wrong, said):
    with pytest.raises(ParameterError) as error:
        parameters.check("02-timeline", names | wrong)
    got = str(error.value)
    assert (got.startswith("02-timeline.ipynb: "), said in got, "\n" in got) == (True, True, False)


def test_what_is_refused_is_not_there_for_the_cells_below(names):
    wrong = names | {"year_to": 2500}
    with pytest.raises(ParameterError):
        parameters.check("02-timeline", wrong)
    got = set(wrong) & set(names)
    expected = set()
    assert got == expected


def test_a_line_that_is_gone_is_named_with_what_to_write(names):
    del names["year_to"]
    with pytest.raises(ParameterError) as error:
        parameters.check("02-timeline", names)
    got = str(error.value)
    expected = "02-timeline.ipynb: year_to is not set. Write into the parameters cell, and run it: year_to = 2021"
    assert got == expected


def test_a_notebook_that_is_not_there_is_named(names):
    with pytest.raises(ParameterError, match=r"^03-world-map\.ipynb: there is no such notebook"):
        parameters.check("03-world-map", names)


@pytest.fixture(scope="module")
def shown(collection, tmp_path_factory):
    """What a notebook shows, cell by cell, as someone turns parameters in it and runs cells again."""
    root = tmp_path_factory.mktemp("turned")
    for folder in ("data/raw", "data/reference", "notebooks"):
        (root / folder).mkdir(parents=True)
    shutil.copy(collection.notebooks / "02-timeline.ipynb", root / "notebooks")
    cells = nbformat.read(collection.notebooks / "02-timeline.ipynb", as_version=4).cells
    written = next(c.source for c in cells if "parameters" in c.metadata.get("tags", []))
    check = next(c.source for c in cells if "parameters.check" in c.source)
    sources = {
        "as it is": [written, check, "print(year_to)"],
        "injected": [written, '# Parameters\nyear_to = "2010"', check, "print(year_to)"],
        "too late": [written.replace("year_to = 2021", "year_to = 2500"), check],
        "misspelt": [written.replace("year_to = 2021", "year_too = 2010"), check],
        "another cell": [written, "years = 3\nyear_to = 2000", check, "print(year_to)"],
        "of the library": ["from nbproof import labels\nlabels.load('de')"],
        "of Python": ["1 / 0"],
    }
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for texts in sources.values() for text in texts]
    )
    NotebookClient(
        notebook,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(root / "notebooks")}},
    ).execute()
    last, found = iter(notebook.cells), {}
    for name, texts in sources.items():
        outputs = [next(last).outputs for _ in texts][-1]
        (output,) = [o for o in outputs if o.output_type == "error" or o.name == "stdout"]
        found[name] = output.get("traceback") or output.text
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [("as it is", "2021\n"), ("injected", "2010\n"), ("another cell", "2000\n")],
)
def test_a_value_is_taken_from_the_cell_that_has_set_it_last(shown, name, expected):
    got = shown[name]
    assert got == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("too late", "year_to=2500; expected a whole number from 1971 to 2021."),
        # Its right name is still set, from an earlier run of the cell.
        ("misspelt", "no parameter 'year_too'. Did you mean year_to?"),
        ("of the library", "language 'de': expected one of en, tr."),
    ],
)
def test_an_error_of_ours_is_shown_as_one_line(shown, name, said):
    (got,) = shown[name]
    assert (said in got, "\n" in got) == (True, False)


def test_an_error_of_others_keeps_its_traceback(shown):
    got = len(shown["of Python"]) > 1
    expected = True
    assert got == expected
