"""Where two sources, or two tables of the article, agree, and where they do not."""

import pandas as pd
import pytest

from ankara.cleaning.cross_checks import clean_cross_checks
from nbproof import tables


@pytest.fixture(scope="module")
def cleaned(collection):
    names = ["agreements", "units", "terms", "staff", "posts"]
    return {name: tables.read(collection, f"processed/{name}") for name in names}


@pytest.fixture(scope="module")
def checks(collection, cleaned):
    return clean_cross_checks(collection, cleaned)


def rows(checks, check):
    return checks[checks["check"] == check].set_index("item")


def test_the_46_partners_of_2015_need_sofia(checks):
    found = rows(checks, "partners_2015")
    got = found[["first", "second", "agrees"]].to_numpy().tolist()
    expected = [
        ["46", "46", True],
        ["46", "45", False],
        ["46", "49", False],
        ["46", "48", False],
    ]
    assert got == expected


def test_table_5_and_table_6_differ_on_beypazari_alone(checks):
    found = rows(checks, "district_counts")
    got = found.loc[~found["agrees"], ["first", "second"]].T.to_dict("list")
    expected = {"Beypazarı": ["8", "10"], "total": ["105", "107"]}
    assert got == expected


def test_every_district_of_table_6_is_compared(checks, cleaned):
    agreements = cleaned["agreements"]
    districts = set(agreements.loc[agreements["level"] == "district", "municipality"])
    got = districts - set(rows(checks, "district_counts").index)
    expected = set()
    assert got == expected


def test_table_6_lacks_dongcheng(checks):
    found = rows(checks, "page_partners")
    got = found["second"].fillna("silent").to_dict()
    expected = {
        "Dongcheng Municipality": "silent",
        "Centar District of Skopje": "2011",
        "Playa Municipality": "2003",
    }
    assert got == expected


def test_table_3_and_the_text_differ_on_sincan_and_pursaklar(checks):
    found = rows(checks, "foreign_units")
    got = found.index[~found["agrees"]].tolist()
    expected = ["Sincan", "Pursaklar"]
    assert got == expected


def test_both_have_three_directorates_all_the_same(checks):
    got = rows(checks, "foreign_units").loc["number", ["first", "second"]].tolist()
    expected = ["3", "3"]
    assert got == expected


def test_table_12_has_the_parties_of_table_8(checks):
    found = rows(checks, "terms_party")
    got = found[["first", "second"]].to_numpy().tolist()
    expected = [["AK Parti", "AK Parti"], ["CHP", "CHP"]]
    assert got == expected


def test_the_first_period_of_table_12_begins_a_year_after_the_term(checks):
    got = rows(checks, "terms_start")[["first", "second"]].to_numpy().tolist()
    expected = [["2015", "2014"], ["2019", "2019"]]
    assert got == expected


def test_table_1_adds_up_to_table_2(checks):
    got = rows(checks, "staff").loc["2021", ["first", "second"]].tolist()
    expected = ["23", "23"]
    assert got == expected


def test_agrees_says_whether_two_numbers_are_one(checks):
    numbers = checks[checks["check"].isin(["partners_2015", "district_counts", "staff"])]
    got = numbers["agrees"].tolist()
    expected = (numbers["first"] == numbers["second"]).tolist()
    assert got == expected


@pytest.mark.parametrize(
    ("change", "check", "item"),
    [
        (lambda frames: frames["agreements"].query("partner != 'Sofia'"), "partners_2015", "before"),
        (lambda frames: frames["agreements"].iloc[:-1], "district_counts", "Mamak"),
        (lambda frames: frames["agreements"].query("partner_printed != 'Centar'"), "page_partners",
         "Centar District of Skopje"),
    ],
)  # fmt: skip
def test_a_lost_agreement_makes_a_check_fail(collection, cleaned, checks, change, check, item):
    frames = {**cleaned, "agreements": change(cleaned)}
    found = rows(clean_cross_checks(collection, frames), check).loc[item, "agrees"]
    assert rows(checks, check).loc[item, "agrees"]
    assert not found


def test_a_mayor_whom_table_8_does_not_have_is_shown(collection, cleaned):
    terms = cleaned["terms"].query("mayor != 'Mansur Yavaş'")
    found = rows(clean_cross_checks(collection, {**cleaned, "terms": terms}), "terms_party")
    got = (pd.isna(found.loc["Mansur Yavaş", "second"]), bool(found.loc["Mansur Yavaş", "agrees"]))
    expected = (True, False)
    assert got == expected
