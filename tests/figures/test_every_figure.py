"""Every figure that the notebooks draw, in both languages and over a sample of what their parameters allow."""

import functools
import io
import os
import random

import pandas as pd
import pytest

from nbproof.figures import card, style
from nbproof.pipeline import parameters
from nbproof.study import StudyError
from nbproof.verify import notebooks, reading

# How many points of each notebook are drawn besides its defaults; `make soak` draws ten, 200 in both languages
POINTS = int(os.environ.get("NBPROOF_POINTS", "0"))
NOTEBOOKS = [
    "02-timeline", "03-world-map", "04-purposes", "05-organisation", "06-foreign-policy",
    "07-city-politics", "08-beyond-bilateral", "09-claims", "10-sensitivity", "11-national-context",
]  # fmt: skip


def publishing(collection):
    paths = sorted(collection.notebooks.glob("*.ipynb"))
    return {path.stem: path for path in paths if notebooks.drawn(notebooks.load(path))}


@pytest.fixture(scope="session")
def drawings(collection):
    """The figures that a notebook's cells draw with these parameters: record, page or phone, table, labels."""

    def draw(path, given):
        found = []

        def keep(figure, drawn, table, labels, phone=None):
            found.extend((figure, each, table, labels) for each in (drawn, phone) if each)

        names = {"display": lambda *shown: None}
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(card, "publish", keep)
            patched.chdir(collection.notebooks)
            for cell in notebooks.load(path)["cells"]:
                if cell["cell_type"] == "code":
                    exec(notebooks.source(cell), names)
                    names |= given if "parameters" in cell["metadata"].get("tags", []) else {}
        return found

    return draw


def some(name, rules, generator):
    """A value that a parameter's rules allow; of permutations few, as more change no layout."""
    if name == "permutations":
        return rules["minimum"]
    if rules["type"] == "boolean":
        return generator.choice([True, False])
    if "enum" in rules:
        return generator.choice(rules["enum"])
    if "minimum" in rules and "maximum" in rules:
        pick = generator.randint if rules["type"] == "integer" else generator.uniform
        return pick(rules["minimum"], rules["maximum"])
    return rules["default"]


@pytest.fixture(scope="session")
def at_point(collection, drawings):
    """What a notebook draws at its defaults (0) or at a point that its parameters allow; and that point."""

    def drawn(notebook, number, lang):
        path = publishing(collection)[notebook]
        rules = parameters.declared(path)
        generator = random.Random(f"{notebook} {number} {lang}")
        for _ in range(9):  # some choices leave no agreement: the library says so
            given = (
                {name: some(name, rule, generator) for name, rule in rules.items()}
                if number
                else {}
            )
            given["lang"] = lang
            if given.get("year_from", 0) > given.get("year_to", 9999):
                given["year_from"], given["year_to"] = given["year_to"], given["year_from"]
            try:
                return drawings(path, given), given
            except StudyError:
                assert number, "the defaults leave nothing to draw"
        pytest.skip("nothing to draw")

    return functools.cache(drawn)


each_point = [
    pytest.mark.parametrize("lang", ["en", "tr"]),
    pytest.mark.parametrize("number", range(POINTS + 1)),
]


def everywhere(test):
    for mark in each_point:
        test = mark(test)
    return test


@everywhere
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_text_can_be_read(at_point, unreadable, notebook, number, lang):
    figures, given = at_point(notebook, number, lang)
    got = {figure.name: said for figure, drawn, *_ in figures if (said := unreadable(drawn))}
    expected = {}
    assert got == expected, given
    assert {drawn.get_figwidth() for _, drawn, *_ in figures} <= {style.WIDTH, style.PHONE}
    assert figures


# A term as long as a bar's year; a map with one dot; bars of protocols, of aims longer than their column; a sum
# of two kinds; a ratio of zero, without bound, on an axis of two ticks; a single year
ONCE_MISREAD = [
    ("02-timeline", 5, "en"), ("03-world-map", 5, "tr"), ("04-purposes", 4, "en"),
    ("04-purposes", 7, "en"), ("05-organisation", 5, "en"), ("07-city-politics", 9, "tr"),
    ("07-city-politics", 8, "en"), ("07-city-politics", 10, "tr"), ("08-beyond-bilateral", 4, "tr"),
]  # fmt: skip


@everywhere
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_picture_is_read_back_at_every_point(collection, at_point, notebook, number, lang):
    figures, given = at_point(notebook, number, lang)
    for figure, drawn, table, words in figures:
        data = style.render(drawn, "svg", alt=figure.describe(table, words))
        rows = pd.read_csv(io.BytesIO(card.canonical(table)))
        got = list(reading.told(figure, data, rows, words))
        expected = []
        assert got == expected, (figure.name, given)


@pytest.mark.parametrize(("notebook", "number", "lang"), ONCE_MISREAD)
def test_what_was_once_misread_is_read(collection, at_point, notebook, number, lang):
    test_every_picture_is_read_back_at_every_point(collection, at_point, notebook, number, lang)


def test_no_notebook_with_a_figure_is_left_out(collection):
    got = sorted(publishing(collection))
    expected = NOTEBOOKS
    assert got == expected
