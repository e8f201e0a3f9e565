"""What the cells of a list of partners say."""

import pytest

from diplolib import gazetteer, lists
from nbproof.sheets import Sheet

# partner, country, year, status, ended
READ = [
    ({"partner": "Osaka, Japan"}, ("Osaka", "Japan", "", "listed", "")),
    ({"partner": "Tokyo, Japan (1960)"}, ("Tokyo", "Japan", "1960", "listed", "")),
    ({"partner": "Madrid (1982)"}, ("Madrid", "", "1982", "listed", "")),
    ({"partner": "Tours, France since 1962"}, ("Tours", "France", "1962", "listed", "")),
    ({"partner": "Madrid, Spain, revoked 2018"}, ("Madrid", "Spain", "", "cancelled", "2018")),
    ({"partner": "Sofia (1992), askıya alındı 2020"}, ("Sofia", "", "1992", "dormant", "2020")),
    ({"partner": "Seoul, Korea (1996–2011)"}, ("Seoul", "Korea", "1996", "cancelled", "2011")),
    (
        {"partner": "England: Bodmin, England, United Kingdom"},
        ("Bodmin", "England", "", "listed", ""),
    ),
    ({"partner": "Kyiv (Ukraine)"}, ("Kyiv", "Ukraine", "", "listed", "")),
    ({"partner": "Halle (Saale)", "country": "DDR"}, ("Halle (Saale)", "DDR", "", "listed", "")),
    ({"partner": "2. L’Aquila, Italy [3]"}, ("L’Aquila", "Italy", "", "listed", "")),
    ({"partner": "Portland, Oregon, USA"}, ("Portland, Oregon", "USA", "", "listed", "")),
    ({"partner": "Active, France"}, ("Active", "France", "", "listed", "")),
    (
        {"partner": "Köln", "country": "Almanya", "year": "12.05.1988", "status": "ruht seit 2022"},
        ("Köln", "Almanya", "1988", "dormant", "2022"),
    ),
]


@pytest.mark.parametrize(("cells", "expected"), READ)
def test_a_row_is_read(cells, expected):
    entry, _ = lists.read(cells)
    got = entry.partner, entry.country, entry.year, entry.status, entry.ended
    assert got == expected


TOLD = [
    ({"partner": "Osaka", "country": "Japan"}, []),
    ({"partner": "Osaka", "country": "Jpan"}, ["country"]),
    ({"partner": "Osaka"}, ["country"]),
    ({"partner": "", "country": "Japan"}, ["partner"]),
    ({"partner": "Osaka, Japan", "year": "soon"}, ["year"]),
    ({"partner": "Osaka, Japan", "year": "1985 / 1997"}, ["year"]),
    ({"partner": "Osaka, Japan (1960)", "year": "1961"}, ["partner"]),
    ({"partner": "Osaka, Japan", "form": "???"}, ["form"]),
    ({"partner": "Osaka, Japan", "status": "???"}, ["status"]),
]


@pytest.mark.parametrize(("cells", "expected"), TOLD)
def test_what_cannot_be_read_is_told(cells, expected):
    got = [name for name, _ in lists.read(cells)[1]]
    assert got == expected


@pytest.mark.parametrize("year", ["soon", "1985 / 1997", "1905-06-12 or 1990", "3000"])
def test_a_doubtful_year_is_left_open(year):
    got = lists.read({"partner": "Osaka, Japan", "year": year})[0].year
    expected = ""
    assert got == expected


# What the column of years says, the year, the date
DATED = [
    ("2010", "2010", ""),
    ("03/2010", "2010", "2010-03"),
    ("2010-03-05", "2010", "2010-03-05"),
    ("7.6.1967", "1967", "1967-06-07"),
    ("1957年10月", "1957", "1957-10"),
    ("2014년 11월 18일", "2014", "2014-11-18"),
    ("03/05/2010", "2010", ""),  # March or May
    ("2010-13-05", "2010", ""),
    ("31.02.2010", "2010", ""),
    ("1985 / 1997", "", ""),
]


@pytest.mark.parametrize(("given", "year", "date"), DATED)
def test_a_month_and_a_day_are_kept_where_they_are_given(given, year, date):
    entry = lists.read({"partner": "Osaka, Japan", "year": given})[0]
    got = entry.year, entry.date
    expected = year, date
    assert got == expected


def test_a_month_beside_the_partner_is_kept():
    got = (
        lists.read({"partner": "Osaka, Japan (05/1960)"})[0][:3],
        lists.read({"partner": "Osaka, Japan (05/1960)"})[0].date,
    )
    expected = ("Osaka", "Japan", "1960"), "1960-05"
    assert got == expected


FORMS = [
    ("Sister City", "sister_city"),
    ("Kardeş Kent", "sister_city"),
    ("Städtepartnerschaft", "sister_city"),
    ("Dostluk ve İşbirliği Protokolü", "friendship_cooperation"),
    ("Memorandum of Understanding", "friendship_cooperation"),
    ("姉妹都市", "sister_city"),
    ("友好都市", "friendship_cooperation"),
    ("города-побратимы", "sister_city"),
    ("joint events", "other"),
    ("", ""),
]


@pytest.mark.parametrize(("printed", "expected"), FORMS)
def test_a_form_is_read(printed, expected):
    assert lists.read({"partner": "Osaka, Japan", "form": printed})[0].form == expected


HEADERS = [
    (["Sister City", "Country", "Since"], {"partner": 0, "country": 1, "year": 2}),
    (["No", "Kardeş Şehir", "Ülke", "Yıl"], {"partner": 1, "country": 2, "year": 3}),
    (["Partnerstadt", "Land", "Jahr"], {"partner": 0, "country": 1, "year": 2}),
    (["Ville jumelée", "Pays", "Année"], {"partner": 0, "country": 1, "year": 2}),
    (["都市名", "国名", "提携年月日"], {"partner": 0, "country": 1, "year": 2}),
    (["Город-побратим", "Страна", "Год"], {"partner": 0, "country": 1, "year": 2}),
    (["도시", "국가", "연도"], {"partner": 0, "country": 1, "year": 2}),
    (["Πόλη", "Χώρα", "Έτος"], {"partner": 0, "country": 1, "year": 2}),
    (["City", "State", "Year of signature"], {"partner": 0, "country": 1, "year": 2}),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_a_header_is_found_below_a_title(header, expected):
    sheet = Sheet("", [["Our partners"], [], header, ["x"] * len(header)])
    got = lists.columns(sheet)
    assert got == (3, expected)


STATES = [
    ("Republic of Benin", ["BJ"]),
    ("République du Bénin", ["BJ"]),
    ("Bundesrepublik Deutschland", ["DE"]),
    ("Azerbaycan Cumhuriyeti", ["AZ"]),
    ("ベナン共和国", ["BJ"]),
    ("Democratic Republic of the Congo", ["CD"]),
    ("Republic of China", ["TW"]),
    ("Republic of Nowhere", []),
]


@pytest.mark.parametrize(("name", "expected"), STATES)
def test_a_state_is_known_by_its_formal_name(name, expected):
    assert gazetteer.area_codes(name) == expected


def test_a_list_without_header_is_one_of_partners():
    got = lists.columns(Sheet("", [["Osaka, Japan"], ["Madrid"]]))
    expected = 0, {"partner": 0}
    assert got == expected


def test_a_table_without_partners_is_none():
    got = lists.columns(Sheet("", [["a", "b"], ["1", "2"]]))[1]
    expected = {}
    assert got == expected


@pytest.mark.parametrize(
    ("partner", "expected"), [("Total:", True), ("TOPLAM", True), ("Totnes", False)]
)
def test_a_total_is_no_partner(partner, expected):
    assert lists.is_total({"partner": partner}) is expected
