"""Elections and printed governments against Tables 7 to 11."""

import pandas as pd
import pytest

from ankara.cleaning.politics import clean_elections, clean_panel, clean_printed_governments
from nbproof import tables
from nbproof.study import StudyError


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
        (1999, [("ANAP;DSP;DTP", True), ("DSP;MHP;ANAP", True)]),
        (2001, [("DSP;MHP;ANAP", True)]),
        (2021, [("AK Parti", True)]),
    ],
)
def test_the_article_names_these_governments_for_a_year(printed, year, expected):
    rows = printed[(printed["year_from"] <= year) & (year <= printed["year_to"])]
    got = list(zip(rows["parties"], rows["whole"], strict=True))
    assert got == expected


def test_the_first_party_of_1995_led_no_government_of_that_year(printed):
    """Table 11 prints what followed the election that Table 7 gives to RP."""
    got = "data/raw/article/table-07.csv:5" in set(printed["source"])
    expected = False
    assert got == expected


def test_every_year_of_the_panel_has_a_government(collection, elections):
    agreements = tables.read(collection, "processed/agreements")
    got = clean_panel(collection, elections, agreements)["leading_party"].isna().sum()
    expected = 0
    assert got == expected


@pytest.mark.parametrize(
    ("year", "expected"), [(2010, "MHP"), (2011, "AK Parti"), (2014, "AK Parti")]
)
def test_the_panel_has_the_party_documented_for_the_day(collection, elections, year, expected):
    """Elected for MHP in 2009, AK Parti from January 2011 (reference/party_switches)."""
    rows = clean_panel(collection, elections, tables.read(collection, "processed/agreements"))
    rows = rows[(rows["municipality"] == "Beypazarı") & (rows["year"] == year)]
    got = rows["party"].item()
    assert got == expected


@pytest.mark.parametrize(("row", "year"), [(0, 1984), (-1, 2019)])
def test_a_year_without_a_government_is_refused(collection, elections, monkeypatch, row, year):
    def shorter(study, table):
        frame = read(study, table)
        return frame.drop(frame.index[row]) if table.endswith("governments") else frame

    read = tables.read
    agreements = read(collection, "processed/agreements")
    monkeypatch.setattr(tables, "read", shorter)
    with pytest.raises(StudyError, match=rf"governments\.csv: no government .* of {year}"):
        clean_panel(collection, elections, agreements)


@pytest.mark.parametrize(
    ("table", "column", "known", "wrong", "line"),
    [
        ("party_switches", "to_party", "CHP", "CHPP", 5),
        ("party_switches", "from_party", "MHP", "M.H.P.", 6),
        ("party_successions", "successor", "MHP", "MHPP", 2),
        ("governments", "parties", "DYP;SHP", "DYP;SPH", 6),
    ],
)
def test_a_party_that_no_table_knows_is_refused(copied, table, column, known, wrong, line):
    path = copied.data / "reference" / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert frame.loc[line - 2, column] == known
    frame.loc[line - 2, column] = wrong
    frame.to_csv(path, index=False)
    elections, agreements = (
        tables.read(copied, f"processed/{n}") for n in ("elections", "agreements")
    )
    party = wrong.split(";")[-1]
    said = rf"data/reference/{table}\.csv:{line}, column {column}: no party '{party}' in .*parties\.csv"
    with pytest.raises(StudyError, match=said):
        clean_panel(copied, elections, agreements)


def test_an_elected_party_that_no_table_knows_is_refused(collection):
    elections = tables.read(collection, "processed/elections")
    elections.loc[0, "party"] = "ANPA"
    with pytest.raises(StudyError, match=r"table-08\.csv:\d+, column party: no party 'ANPA'.*ANAP"):
        clean_panel(collection, elections, tables.read(collection, "processed/agreements"))


def test_every_party_of_the_tables_is_known(collection):
    agreements, elections = (
        tables.read(collection, f"processed/{name}") for name in ("agreements", "elections")
    )
    assert len(clean_panel(collection, elections, agreements))
