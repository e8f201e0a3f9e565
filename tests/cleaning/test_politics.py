"""Elections and printed governments against Tables 7 to 11."""

import pytest

from diplolib.cleaning.politics import clean_elections, clean_printed_governments


@pytest.fixture(scope="module")
def elections(collection):
    return clean_elections(collection)


@pytest.fixture(scope="module")
def printed(collection):
    return clean_printed_governments(collection)


def test_each_printed_result_is_a_row(elections):
    got = elections["level"].value_counts().to_dict()
    expected = {"district": 25 * 7, "metropolitan": 8}
    assert got == expected


def test_the_only_unknown_party_is_the_cell_with_a_dash(elections):
    rows = elections[elections["party"].isna()]
    got = list(zip(rows["municipality"], rows["year"], strict=True))
    expected = [("Etimesgut", 1989)]
    assert got == expected


def test_a_row_names_its_printed_line(elections):
    got = elections["source"].iloc[[0, 8]].tolist()
    expected = ["data/raw/article/table-08.csv:2", "data/raw/article/table-09.csv:2"]
    assert got == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (1985, [("ANAP", True)]),
        (1991, [("ANAP", True), ("DYP", False)]),
        (1993, [("DYP", False)]),
        (1995, [("DYP", False), ("DYP;CHP", True)]),
        (1996, [("DYP;CHP", True), ("ANAP;DYP", True), ("RP;DYP", True)]),
        (1999, [("ANAP;DSP;DTP", True), ("DSP", False)]),
        (2001, [("DSP", False)]),
        (2021, [("AK Parti", True)]),
    ],
)
def test_the_tables_name_these_governments_for_a_year(printed, year, expected):
    rows = printed[(printed["year_from"] <= year) & (year <= printed["year_to"])]
    got = list(zip(rows["parties"], rows["whole"], strict=True))
    assert got == expected


def test_the_first_party_of_1995_led_no_government_of_that_year(printed):
    """Table 11 prints what followed the election that Table 7 gives to RP."""
    got = "data/raw/article/table-07.csv:5" in set(printed["source"])
    expected = False
    assert got == expected
