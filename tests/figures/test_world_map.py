"""The map: its table against the agreements, its drawing against its table."""

import geopandas as gpd
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from diplolib.figures import projection, world_map
from nbproof import labels
from nbproof.figures import style

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
    points = gpd.GeoSeries(gpd.points_from_xy(*offsets.T), crs=projection.PROJECTION).to_crs(4326)
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


@pytest.fixture(scope="module")
def many(data):
    """The located agreements once more at 1,000 places of their own, some metres from each other."""
    known = data["agreements"].dropna(subset="latitude")
    copies = [
        known.assign(
            agreement_id=known["agreement_id"] + f"-{number}",
            place_id=known["place_id"] + f"-{number}",
            latitude=known["latitude"] + number / 10_000,
        )
        for number in range(8)
    ]
    agreements = pd.concat(copies, ignore_index=True)
    table = world_map.table(agreements, data["regions"], data["countries"], origin=ANKARA)
    return agreements, table


def test_more_places_than_can_be_read_share_markers(many):
    agreements, table = many
    cells = table[table["mark"] == "cell"]
    got = (
        int(cells["agreements"].sum()),
        int(cells["places"].sum()),
        sorted(";".join(cells["rows"]).split(";")),
        (table["mark"] == "place").any(),
    )
    places = agreements["place_id"].nunique()
    expected = (len(agreements), places, sorted(agreements["agreement_id"]), False)
    assert got == expected
    assert places > world_map.READABLE


def test_places_of_a_cell_lie_close_together(many):
    """A marker is at most a cell's height away from a partner city."""
    agreements, table = many
    seoul = agreements.loc[agreements["partner"] == "Seoul", "agreement_id"].iloc[0]
    cells = table[table["mark"] == "cell"]
    cell = cells[[seoul in rows.split(";") for rows in cells["rows"]]].iloc[0]
    got = [abs(cell["latitude"] - 37.57) < world_map.CELL, abs(cell["longitude"] - 126.98) < 4]
    expected = [True, True]
    assert got == expected


def test_the_map_of_cells_draws_and_says_them(many, boundaries, words):
    table = many[1]
    figure = world_map.draw(table, words, boundaries)
    got = len(markers(figure.axes[0]).get_offsets())
    expected = int((table["mark"] == "cell").sum())
    assert got == expected
    assert words.number(expected) in world_map.describe(table, words)


def test_colour_classes_grow_with_the_counts_only_where_they_are_many():
    got = [world_map._classes(pd.Series([1, most])) for most in (9, world_map.MANY, 10_000)]
    expected = [world_map.CLASSES, world_map.CLASSES, [10, 100, 1000]]
    assert got == expected
