"""The examples in the library's docstrings: each runs alone, as a reader would copy it."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import diplolib

# Figures are shown by their notebooks, the command by its help.
MODULES = [
    f"diplolib.{module.name}"
    for module in pkgutil.iter_modules(diplolib.__path__)
    if module.name not in ("__main__", "cli", "face", "figures")
]


def failures(module, capsys) -> str:
    """What doctest says of a module's examples; nothing if all give what they show."""
    doctest.testmod(module, globs={}, optionflags=doctest.ELLIPSIS)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(collection, monkeypatch, capsys, name):
    monkeypatch.chdir(collection.root)
    got = failures(importlib.import_module(name), capsys)
    expected = ""
    assert got == expected


def test_an_example_that_gives_something_else_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "wrong_example.py").write_text('"""\n>>> 1 + 1\n3\n"""\n')
    monkeypatch.syspath_prepend(tmp_path)
    got = failures(importlib.import_module("wrong_example"), capsys)
    assert "Expected:\n    3\nGot:\n    2" in got


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_has_its_parameters_and_an_example(name):
    functions = inspect.getmembers(importlib.import_module(name), inspect.isfunction)
    got = [
        (function, part)
        for function, code in functions
        if code.__module__ == name and not function.startswith("_")
        for part in ("Parameters\n----------\n", "Examples\n--------\n", ">>> ")
        if part not in inspect.getdoc(code)
    ]
    expected = []
    assert got == expected
