"""Which modules, labels and other projects a piece of code needs."""

import ast
import json
import shutil

import pytest

from nbproof.pipeline import closure


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return closure.Library(tmp_path_factory.mktemp("cache") / "imports.json")


def test_a_closure_has_what_is_imported_by_what_is_imported(library):
    got = library.closure(["diplolib.figures.timeline"])
    expected = {"diplolib.figures.timeline", "nbproof.labels", "nbproof.study"}
    assert expected <= got


def test_a_closure_has_the_packages_around_a_module(library):
    got = {"diplolib", "diplolib.figures"} <= library.closure(["nbproof.figures.style"])
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


def test_a_name_in_a_module_stands_for_the_module(library):
    got = library.closure(["nbproof.study.find"])
    expected = {"diplolib", "nbproof.study"}
    assert got == expected


def test_labels_belong_to_their_package(library):
    names = {path.name for path in library.sources({"nbproof.labels"})}
    got = {"__init__.py", "common.toml"} <= names
    expected = True
    assert got == expected


def test_other_projects_are_named_and_the_standard_library_is_not():
    code = "import os, pandas\nimport a.b\nfrom c.d import e\nfrom diplolib.figures import card"
    got = closure.imported(ast.parse(code))
    expected = {"pandas", "a.b", "c.d", "diplolib.figures", "nbproof.figures.card"}
    assert got == expected


def test_imports_are_looked_for_again_when_a_source_changes(tmp_path):
    root = tmp_path / "diplolib"
    shutil.copytree(closure.ROOT, root, ignore=shutil.ignore_patterns("__pycache__"))
    cache = tmp_path / "imports.json"
    closure.Library(cache, root)
    before = json.loads(cache.read_text())["key"]
    closure.Library(cache, root)
    unchanged = json.loads(cache.read_text())["key"]
    (root / "places.py").write_text("import pandas\n")
    closure.Library(cache, root)
    after = json.loads(cache.read_text())["key"]
    got = before == unchanged, before == after
    expected = True, False
    assert got == expected


def test_a_damaged_cache_is_made_again(tmp_path, library):
    cache = tmp_path / "imports.json"
    cache.write_text('{"key": "half')
    got = closure.Library(cache).closure(["diplolib.places"])
    expected = library.closure(["diplolib.places"])
    assert got == expected
