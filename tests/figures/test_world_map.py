"""The map: its table against the agreements, its drawing against its table."""

import geopandas as gpd
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from diplolib import labels
from diplolib.figures import style, world_map

ANKARA = (39.92, 32.85)


@pytest.fixture(scope="module")
def boundaries(collection):
    return gpd.read_file(collection.data / "reference" / "boundaries.geojson")


@pytest.fixture(scope="module")
def table(data):
    return world_map.table(data["agreements"], data["regions"], data["countries"], origin=ANKARA)


@pytest.fixture(scope="module")
def figure(table, boundaries):
    return world_map.draw(table, labels.load("en"), boundaries)


@pytest.mark.parametrize(("mark", "expected"), [("country", 165), ("place", 165), ("unplaced", 2)])
def test_every_agreement_is_on_the_map_or_named(table, mark, expected):
    got = int(table.loc[table["mark"] == mark, "agreements"].sum())
    assert got == expected


def test_each_country_is_a_count_of_agreements(data, table):
    got = table[table["mark"] == "country"].set_index("country_code")["agreements"].to_dict()
    expected = data["agreements"]["country_code"].value_counts().to_dict()
    assert got == expected


def test_each_place_is_a_count_of_agreements(data, table):
    got = table[table["mark"] == "place"].set_index("place_id")["agreements"].to_dict()
    known = data["agreements"].dropna(subset="latitude")
    expected = known["place_id"].value_counts().to_dict()
    assert got == expected


def test_every_country_has_a_shape(table, boundaries):
    countries = table.loc[table["mark"] == "country", "country_code"]
    got = set(countries) - set(boundaries["country_code"])
    expected = set()
    assert got == expected


def test_no_shape_is_painted_across_the_map(boundaries):
    parts = boundaries.explode().bounds
    got = ((parts["maxx"] - parts["minx"]) > 180).sum()
    expected = 0
    assert got == expected


def test_each_shape_has_the_colour_of_its_count(table, figure, boundaries):
    """The world panel's polygons, in the order in which they were given."""
    polygons = figure.axes[0].collections[0]
    got = [to_hex(colour) for colour in polygons.get_facecolor()]
    counts = table[table["mark"] == "country"].set_index("country_code")["agreements"]
    expected = [
        style.LAND if pd.isna(n) else style.SEQUENCE[sum([n > 1, n > 3, n > 6])]
        for n in boundaries["country_code"].map(counts)
    ]
    assert got == expected


def markers(axis):
    return next(c for c in axis.collections if c.get_label() == "place")


@pytest.mark.parametrize("panel", [0, 1])
def test_there_is_a_marker_for_each_place(table, figure, panel):
    got = len(markers(figure.axes[panel]).get_offsets())
    expected = int((table["mark"] == "place").sum())
    assert got == expected


def test_a_marker_s_area_is_in_proportion(table, figure):
    sizes = markers(figure.axes[0]).get_sizes()
    counts = table.loc[table["mark"] == "place", "agreements"].to_numpy()
    got = (sizes / counts).tolist()
    expected = [sizes[-1]] * len(counts)
    assert got == expected


def test_a_marker_stands_where_its_place_is(table, figure):
    """Back from the map's plane to degrees."""
    offsets = markers(figure.axes[0]).get_offsets()
    points = gpd.GeoSeries(gpd.points_from_xy(*offsets.T), crs=world_map.PROJECTION).to_crs(4326)
    rows = table[table["mark"] == "place"]
    got = points.y.round(4).tolist(), points.x.round(4).tolist()
    expected = rows["latitude"].tolist(), rows["longitude"].tolist()
    assert got == expected


def test_arcs_are_drawn_on_demand(table, boundaries):
    words = labels.load("en")
    without = world_map.draw(table, words, boundaries).axes[0].lines
    drawn = world_map.draw(table, words, boundaries, arcs=True).axes[0].lines
    got = len(drawn) - len(without)
    expected = int((table["mark"] == "place").sum())
    assert got == expected


def test_what_has_no_place_is_named_in_the_caption(table, words):
    notes = " ".join(world_map.notes(table, words))
    got = [name in notes for name in ("Muhah", "Özden", "82", "71")]
    expected = [True] * 4
    assert got == expected


def test_the_alt_text_holds_the_table_s_numbers(table, words):
    text = world_map.describe(table, words)
    got = [part in text for part in ("167", "66", "155", "Muhah")]
    expected = [True] * 4
    assert got == expected


def test_a_map_without_unplaced_partners_says_so(data, words):
    known = data["agreements"].dropna(subset="latitude")
    table = world_map.table(known, data["regions"], data["countries"], origin=ANKARA)
    got = words["map.all_placed"] in world_map.notes(table, words)
    expected = True
    assert got == expected
