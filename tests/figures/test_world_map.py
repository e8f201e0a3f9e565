"""The map: its table against the agreements, its drawing against its table."""

import geopandas as gpd
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from diplolib import selection
from diplolib.figures import projection, world_map
from nbproof import labels
from nbproof.figures import style

ANKARA = (39.92, 32.85)


@pytest.fixture(scope="module")
def boundaries(collection):
    return gpd.read_file(collection.data / "reference" / "boundaries.geojson")


@pytest.fixture(scope="module")
def outlines(boundaries):
    return world_map.outlines(boundaries)


@pytest.fixture(scope="module")
def table(data):
    return world_map.table(
        data["agreements"],
        data["regions"],
        data["countries"],
        origin=ANKARA,
        periods=data["periods"],
    )


@pytest.fixture(scope="module")
def figure(table, outlines):
    return world_map.draw(table, labels.load("en"), outlines)


@pytest.mark.parametrize(("mark", "expected"), [("country", 165), ("place", 165), ("unplaced", 2)])
def test_every_agreement_is_on_the_map_or_named(table, mark, expected):
    got = int(table.loc[table["mark"] == mark, "agreements"].sum())
    assert got == expected


def test_each_country_is_a_count_of_agreements(data, table):
    got = table[table["mark"] == "country"].set_index("country_code")["agreements"].to_dict()
    expected = data["agreements"]["country_code"].value_counts().to_dict()
    assert got == expected


def test_each_place_is_a_count_of_agreements(data, table):
    got = table[table["mark"] == "place"].groupby("place_id")["agreements"].sum().to_dict()
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


def markers(figure, axis, label="place"):
    """Each marker of an axis as x, y, area, and whether it is dark."""
    dark = to_rgba(world_map.KINDS["capital"])
    return sorted(
        (*point, float(area), tuple(drawn.get_facecolor()[0]) == dark)
        for drawn in figure.axes[axis].collections
        if drawn.get_label() == label
        for point, area in zip(
            drawn.get_offsets().tolist(),
            [drawn.get_sizes()[0]] * len(drawn.get_offsets()),
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("axis", "level"), [(0, "metropolitan"), (1, "metropolitan"), (2, "district"), (3, "district")]
)
def test_each_place_of_a_level_has_its_marker(table, figure, axis, level):
    rows = table[(table["mark"] == "place") & (table["level"] == level)]
    points = projection.points(rows["longitude"], rows["latitude"])
    found = markers(figure, axis)
    got = [(x, y, dark) for x, y, _, dark in found]
    expected = sorted(zip(points.x, points.y, rows["kind"] == "capital", strict=True))
    assert got == expected
    unit = min(area for *_, area, _ in found)
    assert sum(area for *_, area, _ in found) / unit == pytest.approx(rows["agreements"].sum())


def luminance(colour):
    return sum(w * int(colour[at : at + 2], 16) for w, at in ((0.299, 1), (0.587, 3), (0.114, 5)))


def test_a_country_with_one_agreement_stands_out_in_grey():
    got = luminance(style.LAND) - luminance(world_map.PARTNER)
    assert got > 25


def test_the_kinds_are_told_apart_in_grey():
    dark, light = (luminance(colour) for colour in world_map.KINDS.values())
    assert light - dark > 100


def test_the_countries_with_most_have_a_bar(table, figure):
    rows = table[table["mark"] == "ranked"]
    got = sorted(patch.get_width() for patch in figure.axes[4].patches)
    expected = sorted(rows["agreements"].tolist())
    assert got == expected
    assert figure.axes[4].get_yticklabels()[0].get_text() == "Northern Cyprus"


def test_small_countries_with_many_agreements_stand_by_themselves(figure):
    got = [text.get_text().replace("\n", " ") for axis in figure.axes[5:11] for text in axis.texts]
    expected = [
        "Northern Cyprus 11",
        "Bosnia and Herzegovina 9",
        "North Macedonia 7",
        "Kosovo 7",
        "Palestine 5",
        "Moldova 4",
    ]
    assert got == expected


def test_each_period_counts_its_agreements(data, table):
    years = data["agreements"].dropna(subset="latitude")["year"]
    got = table[table["mark"] == "period"].groupby("period")["agreements"].sum().to_dict()
    expected = {
        f"{p.year_from}–{p.year_to}": int(years.between(p.year_from, p.year_to).sum())
        for p in data["periods"].itertuples()
    }
    assert got == expected


def test_a_map_s_drawing_has_at_most_600_kilobytes(figure):
    got = len(style.render(figure, "svg"))
    assert got <= 600_000


def select(data, **choices):
    rows = selection.select(data["agreements"], **{"year_from": 1971, "year_to": 2021, **choices})
    return world_map.table(
        rows, data["regions"], data["countries"], origin=ANKARA, periods=data["periods"]
    )


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, "Most metropolitan agreements are with capitals (50 of 60), most district agreements with other places (102 of 105)"),
        ({"level": "district"}, "Most agreements are with Northern Cyprus: 9 of 107"),
        ({"year_to": 1980}, "Most agreements are with South Korea: 1 of 1"),
        ({"year_from": 2020, "level": "metropolitan"}, "No single country leads: 2 agreements in 2 countries"),
    ],
)  # fmt: skip
def test_the_title_says_no_more_than_holds(data, choices, expected):
    got = world_map.title(select(data, **choices), labels.load("en"))
    assert got == expected


CHOICES = [
    {},
    {"level": "metropolitan"},
    {"year_to": 1971},
    {"year_from": 2010, "form": "sister_city"},
]


@pytest.mark.parametrize("phone", [False, True], ids=["page", "phone"])
@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_every_text_can_be_read(data, words, outlines, choices, phone, unreadable):
    got = unreadable(world_map.draw(select(data, **choices), words, outlines, phone=phone))
    expected = []
    assert got == expected


def test_arcs_are_drawn_on_demand(table, figure, outlines):
    drawn = world_map.draw(table, labels.load("en"), outlines, arcs=True)
    got = [len(drawn.axes[axis].lines) - len(figure.axes[axis].lines) for axis in (0, 2)]
    places = table[table["mark"] == "place"]
    expected = [int((places["level"] == level).sum()) for level in ("metropolitan", "district")]
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
    places = agreements.groupby("level")["place_id"].nunique().sum()
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


def test_the_map_of_cells_draws_and_says_them(many, outlines, words):
    table = many[1]
    figure = world_map.draw(table, words, outlines)
    got = len(markers(figure, 0)) + len(markers(figure, 2))
    cells = int((table["mark"] == "cell").sum())
    assert got == cells
    assert words.number(cells) in world_map.describe(table, words)


@pytest.mark.parametrize(
    ("levels", "key"), [(["metropolitan"], "one"), (["metropolitan", "district"], "two")]
)
def test_the_alt_text_says_how_many_maps_there_are(table, words, levels, key):
    some = table[table["level"].isna() | table["level"].isin(levels)]
    assert f"{words[f'map.maps.{key}']}:" in world_map.describe(some, words)
