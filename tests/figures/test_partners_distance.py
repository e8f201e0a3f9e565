"""Distances: one dot an agreement, where it belongs."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from diplolib import contrasts
from diplolib.figures import partners_distance
from nbproof import tables


@pytest.fixture(scope="module")
def classified(collection, data):
    rows = data["agreements"]
    km = contrasts.distance(rows["latitude"], rows["longitude"], 39.92, 32.85)
    capitals = tables.read(collection, "reference/capitals")
    kind = contrasts.capital_kind(rows, capitals)
    return rows.assign(distance_km=km, capital_kind=kind)


@pytest.fixture(scope="module")
def table(classified):
    return partners_distance.table(classified)


@pytest.fixture(scope="module")
def figure(table, words):
    return partners_distance.draw(table, words)


def test_each_agreement_is_a_dot_or_without_a_place(table):
    unplaced = table.loc[table["mark"] == "unplaced", "agreements"].sum()
    got = int((table["mark"] == "partner").sum() + unplaced)
    expected = 167
    assert got == expected


def test_an_agreement_without_a_place_is_counted_beside_its_row(table):
    row = table[table["mark"] == "unplaced"].iloc[0]
    got = [row["level"], row["agreements"]]
    expected = ["district", 2]
    assert got == expected


def test_each_row_names_its_nearest_and_farthest_partner(table):
    named = table[table["named"].fillna(False).astype(bool)]
    got = named["name"].tolist()
    expected = ["Rizokarpaso", "Lima", "Aleppo", "Sejong", "Yialousa", "Woollahra (Sydney)"]
    assert got == expected


def test_the_median_is_that_of_its_row(table):
    medians = table[table["mark"] == "median"].set_index(["level", "form"])["distance_km"]
    dots = table[table["mark"] == "partner"].groupby(["level", "form"])["distance_km"]
    got = medians.sort_index().tolist()
    expected = dots.median().tolist()
    assert got == expected


def test_no_two_dots_of_a_slot_touch(table):
    dots = table[table["mark"] == "partner"]
    gaps = dots.groupby(["level", "form", "offset"])["distance_km"].apply(
        lambda km: np.diff(np.log10(np.sort(km))).min(initial=1)
    )
    got = gaps.min()
    assert got > partners_distance.WIDTH * 0.999


def test_the_drawn_dots_are_those_of_the_table(figure, table):
    drawn = [
        (round(x, 6), round(y, 6))
        for axis in figure.axes
        for dots in axis.collections
        for x, y in dots.get_offsets().tolist()
    ]
    got = sorted(drawn)
    dots = table[table["mark"] == "partner"]
    expected = sorted(zip(dots["distance_km"].round(6), dots["offset"], strict=True))
    assert got == expected


def test_a_drawn_dot_has_the_look_of_its_kind(figure, table):
    got = {}
    for axis in figure.axes:
        for dots in axis.collections:
            got[dots.get_label()] = got.get(dots.get_label(), 0) + len(dots.get_offsets())
    kinds = table.loc[table["mark"] == "partner", "capital_kind"]
    expected = kinds.value_counts().to_dict()
    assert got == expected


def test_the_legend_counts_each_kind(figure, words):
    got = [text.get_text() for text in figure.legends[0].get_texts()]
    counts = {"capital": 53, "borough_of_capital": 15, "other": 97}
    expected = [f"{words['distance.kind.' + kind]} {n}" for kind, n in counts.items()]
    assert got == expected


def test_no_text_leaves_the_figure(figure):
    figure.draw_without_rendering()
    boxes = {
        text.get_text(): text.get_window_extent()
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible()
    }
    got = [
        text
        for text, box in boxes.items()
        if box.x0 < 0 or box.x1 > figure.bbox.x1 or box.y0 < 0 or box.y1 > figure.bbox.y1
    ]
    expected = []
    assert got == expected


def test_rows_without_agreements_are_not_drawn(classified, words):
    some = partners_distance.table(classified[classified["level"] == "district"])
    got = len(partners_distance.draw(some, words).axes)
    expected = 1
    assert got == expected


def test_a_single_agreement_is_named_once(classified):
    one = partners_distance.table(classified.head(1))
    got = one[["mark", "name", "named", "offset"]].iloc[0].tolist()
    expected = ["partner", "Seoul", True, 0]
    assert got == expected


def test_the_alt_text_gives_each_row_s_median(table, words):
    said = partners_distance.describe(table, words)
    medians = table.loc[table["mark"] == "median", "distance_km"]
    got = [words.number(round(km, -1)) in said for km in medians]
    expected = [True, True, True]
    assert got == expected


def test_the_table_keeps_whole_numbers_whole(table):
    got = [str(table[column].dtype) for column in ("offset", "agreements")]
    expected = ["Int64", "Int64"]
    assert got == expected


def test_an_agreement_without_a_place_has_no_dot(classified):
    lost = classified[classified["distance_km"].isna()]
    got = partners_distance.table(pd.concat([classified.head(1), lost]))["mark"].tolist()
    expected = ["partner", "median", "unplaced"]
    assert got == expected


def test_the_title_says_who_is_nearer(table, words):
    medians = table[table["mark"] == "median"].set_index(["level", "form"])["distance_km"]
    far, near = (medians[level, "sister_city"] for level in ("metropolitan", "district"))
    values = {"metropolitan": far, "district": near}
    said = {level: words.number(round(km, -1)) for level, km in values.items()}
    got = partners_distance.title(table, words)
    expected = words.fill("distance.title.nearer", **said)
    assert near < far
    assert got == expected


def test_the_title_says_less_of_one_row(classified, words):
    some = partners_distance.table(classified[classified["level"] == "district"])
    row = words["distance.row.district.sister_city"]
    got = partners_distance.title(some, words)
    assert got.startswith(row)
