"""The organisation chart: every unit has its box, its name and its line."""

import pandas as pd
import pytest

from ankara.figures import organisation
from nbproof import tables


@pytest.fixture(scope="module")
def units(collection):
    return tables.read(collection, "processed/organisation")


@pytest.fixture(scope="module")
def table(units):
    return organisation.table(units)


@pytest.fixture(scope="module")
def figure(table, words):
    return organisation.draw(table, words)


def test_each_unit_but_the_first_hangs_under_its_own(table, units):
    links = table[table["mark"] == "link"]
    got = dict(zip(links["unit"], links["parent_unit"], strict=True))
    under = units.dropna(subset="parent_unit")
    expected = dict(zip(under["unit"], under["parent_unit"], strict=True))
    assert got == expected


def test_no_two_units_stand_in_one_place(table):
    boxes = table[table["mark"] == "unit"]
    got = int(boxes.duplicated(["x", "y"]).sum())
    expected = 0
    assert got == expected


def test_a_unit_stands_in_the_middle_of_what_is_under_it(table):
    boxes = table[table["mark"] == "unit"].set_index("unit")
    wrong = []
    for parent, under in boxes.groupby("parent_unit"):
        if boxes.loc[parent, "y"] != (under["y"].min() + under["y"].max()) / 2:
            wrong.append(parent)
    assert wrong == []


def test_two_trees_side_by_side_do_not_overlap():
    units = pd.DataFrame(
        {
            "unit": ["a", "b", "c", "d"],
            "unit_en": ["A", "B", "C", "D"],
            "parent_unit": [pd.NA, "a", pd.NA, "c"],
            "unit_type": ["municipality", "section", "municipality", "section"],
            "depth": [0, 1, 0, 1],
            "source": ["figure-01.csv:2", "figure-01.csv:3", "figure-01.csv:4", "figure-01.csv:5"],
        }
    )
    boxes = organisation.table(units).query("mark == 'unit'").set_index("unit")
    got = boxes["y"].to_dict()
    expected = {"a": 0, "b": 0, "c": 1, "d": 1}
    assert got == expected


def test_each_unit_is_drawn_with_its_name(figure, table, words):
    boxes = table[table["mark"] == "unit"]
    axis = figure.axes[0]
    drawn = [patch for patch in axis.patches if patch.get_label() == "unit"]
    assert len(drawn) == len(boxes)
    got = {text.get_text().replace("\n", " ") for text in axis.texts}
    expected = set(boxes["unit" if words.language == "tr" else "unit_en"])
    assert got == expected


def test_each_line_ends_at_its_units(figure, table):
    links = table[table["mark"] == "link"]
    lines = [line for line in figure.axes[0].lines if line.get_label() == "link"]
    got = sorted((line.get_ydata()[0], line.get_ydata()[-1]) for line in lines)
    expected = sorted(zip(links["y"], links["y_to"], strict=True))
    assert got == expected


def test_the_alt_text_names_every_unit(table, words):
    said = organisation.describe(table, words)
    names = table.loc[table["mark"] == "unit", "unit" if words.language == "tr" else "unit_en"]
    got = [name for name in names if name not in said]
    expected = []
    assert got == expected


def test_the_title_counts_branches_and_sections(table, words):
    kinds = table["unit_type"].value_counts()
    got = organisation.title(table, words)
    missing = [n for n in (kinds["branch"], kinds["section"]) if str(n) not in got]
    assert missing == []
