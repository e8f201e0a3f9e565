"""Tables 4 and 6 as one table."""

import csv

import pandas as pd
import pytest

from ankara.cleaning.agreements import clean_agreements
from ankara.cleaning.districts import clean_districts
from ankara.cleaning.metropolitan import clean_metropolitan
from nbproof import tables
from nbproof.study import StudyError

COLUMNS = [
    "agreement_id",
    "level",
    "municipality",
    "municipality_printed",
    "year",
    "form",
    "form_printed",
    "partner_printed",
    "country_printed",
    "place_id",
    "partner",
    "partner_tr",
    "country_code",
    "latitude",
    "longitude",
    "confidence",
    "region_article",
    "region_un_m49",
    "capital",
    "status",
    "source",
]


@pytest.fixture(scope="module")
def agreements(collection):
    return clean_agreements(collection)


def test_the_columns_are_those_of_the_contract_in_their_order(agreements):
    got = list(agreements.columns)
    expected = COLUMNS
    assert got == expected


@pytest.mark.parametrize(("level", "expected"), [("metropolitan", 60), ("district", 107)])
def test_no_row_is_lost_or_added(agreements, level, expected):
    got = int((agreements["level"] == level).sum())
    assert got == expected


@pytest.mark.parametrize(
    ("form", "expected"), [("sister_city", 160), ("friendship_cooperation", 7)]
)
def test_both_spellings_of_the_second_form_are_one_form(agreements, form, expected):
    got = int((agreements["form"] == form).sum())
    assert got == expected


def test_every_row_says_where_it_is_printed(collection, agreements):
    """Each source is opened and its line compared, by another reader than the library's."""
    lines = {
        name: (collection.root / name).read_text(encoding="utf-8").splitlines()
        for name in ("data/raw/article/table-04.csv", "data/raw/article/table-06.csv")
    }
    wrong = []
    for row in agreements.itertuples():
        name, line = row.source.rsplit(":", 1)
        cells = next(csv.reader([lines[name][int(line) - 1]]))
        printed = (
            [str(row.year), row.partner_printed, row.country_printed, row.form_printed]
            if row.level == "metropolitan"
            else [str(row.year), f"{row.municipality_printed}-{row.partner_printed}"]
        )
        if cells != printed:
            wrong.append((row.source, cells, printed))
    assert wrong == []


FACTS = [
    ("Sofya", 1992, "status", "reported_cancelled"),
    ("Seul", 1971, "status", "listed"),
    ("Lefkoşa", 1989, "capital", True),
    ("Lefkoşa", 1989, "country_code", "XN"),
    ("Ufa", 1997, "capital", False),
    ("Ufa", 1997, "country_code", "RU"),
    ("Kazan", 2013, "capital", False),
    ("Priştine", 2004, "country_code", "XK"),
    ("Tiergaten", 1996, "country_code", "DE"),
    ("Tiergaten", 1996, "capital", False),
    ("Viavistok", 1994, "country_code", "PL"),
    ("Tovuz", 2001, "country_code", "AZ"),
    ("Kerch", 2013, "country_code", "UA"),
    ("Ramallah", 2012, "country_code", "PS"),
    ("Havana, Playa", 2003, "country_code", "CU"),
    ("Dipkarpaz", 1986, "region_article", "Europe"),
    ("Dipkarpaz", 1986, "region_un_m49", "Asia"),
    ("Birzai", 2011, "municipality", "Gölbaşı"),
    ("Birzai", 2011, "municipality_printed", "Gökbaşı"),
]


@pytest.mark.parametrize(("partner", "year", "column", "expected"), FACTS)
def test_what_the_sources_and_the_policy_say(agreements, partner, year, column, expected):
    rows = agreements[(agreements["partner_printed"] == partner) & (agreements["year"] == year)]
    got = rows[column].tolist()
    assert got == [expected]


def test_one_place_in_two_spellings_is_one_place(agreements):
    rows = agreements[agreements["partner_printed"].isin(["Semerkant", "Semerkand"])]
    got = rows["place_id"].nunique(), len(rows)
    expected = 1, 2
    assert got == expected


def test_every_district_is_one_of_the_25(collection, agreements):
    units = tables.read(collection, "raw/article/table-03")["municipality"]
    districts = agreements.loc[agreements["level"] == "district", "municipality"]
    got = set(districts) - set(units)
    expected = set()
    assert got == expected


NONE = pd.DataFrame(columns=["table", "column", "line", "printed", "corrected"], dtype="str")
NO_STATUS = pd.DataFrame({"year": [1], "city": ["-"], "status": ["reported_cancelled"]})


def test_the_first_hyphen_parts_district_and_partner():
    raw = pd.DataFrame(
        {"year": [2016, 2003], "district_partner": ["A-Bayan-Olgii", "B-Bayan, Olgii"]}
    )
    clean = clean_districts(raw, NONE)
    got = clean[["municipality", "partner_printed"]].to_numpy().tolist()
    expected = [["A", "Bayan-Olgii"], ["B", "Bayan, Olgii"]]
    assert got == expected


@pytest.mark.parametrize("cell", ["Keçiören", "Keçiören-", "-Gazze"])
def test_a_cell_without_district_or_partner_is_named(cell):
    raw = pd.DataFrame({"year": [2016], "district_partner": [cell]})
    with pytest.raises(StudyError, match=r"table-06\.csv:2, column district_partner"):
        clean_districts(raw, NONE)


@pytest.mark.parametrize(
    "cell",
    ["Çankaya–Cluj-Napoca", "Çankaya‒Cluj-Napoca", "Çankaya−Cluj-Napoca", "Çankaya--Cluj-Napoca",
     "Çankaya - Cluj-Napoca", "Çankaya- Cluj-Napoca", "Çankaya —Cluj-Napoca"],
)  # fmt: skip
def test_another_dash_does_not_part_the_cell_at_the_partners_hyphen(cell):
    """The advice is the cell as it should be: a place named Napoca would be a false entry."""
    raw = pd.DataFrame({"year": [1999], "district_partner": [cell]})
    with pytest.raises(StudyError, match=r"csv:2, .*no space: 'Çankaya-Cluj-Napoca'"):
        clean_districts(raw, NONE)


def test_a_dash_within_the_partner_parts_nothing():
    raw = pd.DataFrame({"year": [1999], "district_partner": ["Çankaya-Cluj–Napoca"]})
    got = clean_districts(raw, NONE)["partner_printed"].tolist()
    expected = ["Cluj–Napoca"]
    assert got == expected


def test_the_schema_names_the_hyphen_that_another_dash_stands_for(copied):
    path = copied.data / "raw/article/table-06.csv"
    path.write_bytes(
        path.read_bytes().replace("Çankaya-Maykop".encode(), "Çankaya–Cluj-Napoca".encode())
    )
    with pytest.raises(StudyError, match=r"\(line 3\).*expected a hyphen: 'Çankaya-Cluj-Napoca'"):
        tables.read(copied, "raw/article/table-06")


def test_a_status_holds_for_its_year_and_city_only():
    raw = pd.DataFrame(
        {
            "year": [1992, 1993],
            "city": ["X", "X"],
            "country": ["Y", "Y"],
            "form": ["Kardeş Kent"] * 2,
        }
    )
    statuses = pd.DataFrame({"year": [1992], "city": ["X"], "status": ["reported_cancelled"]})
    got = clean_metropolitan(raw, NONE, statuses)["status"].tolist()
    expected = ["reported_cancelled", "listed"]
    assert got == expected


def test_a_partner_without_a_place_stops_the_run(copied):
    path = copied.data / "reference" / "places.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith("Lima,")), encoding="utf-8"
    )
    with pytest.raises(StudyError, match=r"table-04\.csv:60, partner 'Lima': no entry in data/ref"):
        clean_agreements(copied)


def test_a_country_without_a_region_stops_the_run(copied):
    path = copied.data / "reference" / "regions.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("PE,")), encoding="utf-8")
    with pytest.raises(StudyError, match="no region for PE"):
        clean_agreements(copied)
