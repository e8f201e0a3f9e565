"""Which modules, labels and other projects a piece of code needs."""

import ast

import pytest

from nbproof.pipeline import closure


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache") / "imports.json"
    return closure.Library(cache, ("diplolib", "ankara"))


def test_a_closure_has_what_is_imported_by_what_is_imported(library):
    got = library.closure(["diplolib.figures.timeline"])
    expected = {"diplolib.figures.timeline", "nbproof.labels", "nbproof.study"}
    assert expected <= got


def test_a_closure_has_the_packages_around_a_module(library):
    got = {"diplolib", "diplolib.figures"} <= library.closure(["diplolib.figures.totals"])
    expected = True
    assert got == expected


def test_a_closure_has_imports_inside_functions(library):
    got = "nbproof.pipeline.engine" in library.closure(["nbproof.pipeline.runs"])
    expected = True
    assert got == expected


def test_a_closure_leaves_out_the_modules_beside_it(library):
    got = library.closure(["diplolib.figures.timeline"])
    expected = {"ankara.figures.purposes", "diplolib.cli", "ankara.cleaning"}
    assert not got & expected


def test_a_figure_that_changes_runs_no_other_figures_notebook(library):
    figures = {
        name
        for name, path in library.files.items()
        if "\nFIGURE = Record(" in path.read_text(encoding="utf-8")
    }
    needed = {name: (library.closure([name]) & figures) - {name} for name in figures}
    got = {name: others for name, others in needed.items() if others}
    # Its rows are contrasts, named in the words of the figure that shows them.
    expected = {"ankara.figures.sensitivity_contrasts": {"ankara.figures.foreign_policy"}}
    assert got == expected


def test_a_name_in_a_module_stands_for_the_module(library):
    got = library.closure(["nbproof.study.find"])
    expected = {"nbproof", "nbproof.study"}
    assert got == expected


def test_labels_belong_to_their_package(library):
    names = {path.name for path in library.sources({"diplolib"})}
    got = {"__init__.py", "common.toml"} <= names
    expected = True
    assert got == expected


def test_other_projects_are_named_and_the_standard_library_is_not():
    code = "import os, pandas\nimport a.b\nfrom c.d import e\nfrom diplolib.figures import card"
    got = closure.imported(ast.parse(code), {"diplolib"})
    expected = {"pandas", "a.b", "c.d", "diplolib.figures", "diplolib.figures.card"}
    assert got == expected


def test_imports_are_looked_for_again_when_a_source_changes(tmp_path, monkeypatch):
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    cache = tmp_path / "imports.json"
    closure.Library(cache, ["made_up"])
    before = cache.read_text()
    closure.Library(cache, ["made_up"])
    unchanged = cache.read_text()
    (tmp_path / "made_up" / "places.py").write_text("import pandas\n")
    after = closure.Library(cache, ["made_up"]).outside(["made_up.places"])
    got = before == unchanged, after
    expected = True, {"pandas"}
    assert got == expected


def test_a_damaged_cache_is_made_again(tmp_path, library):
    cache = tmp_path / "imports.json"
    cache.write_text('{"sums": "half')
    got = closure.Library(cache, library.packages).closure(["diplolib.places"])
    expected = library.closure(["diplolib.places"])
    assert got == expected
