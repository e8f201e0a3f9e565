"""corrections.csv and data/additions: what docs/correct-or-extend.md promises."""

import pytest

from ankara import claims
from ankara.cleaning import corrections, sources
from ankara.cleaning.agreements import ADDED, clean_agreements
from nbproof import lineage, tables
from nbproof.study import StudyError


def add(study, row: str, table: str = sources.CORRECTIONS) -> None:
    with (study.data / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")


# A row of corrections.csv, the table, column and line that it concerns, and the cell after it
CORRECTED = [
    ("table-02,year,2,2010,2009,x,y", "raw/article/table-02", "year", 2, 2009),
    ("article/table-02,staff,3,{},99,x,y", "raw/article/table-02", "staff", 3, 99),
    ("table-08,party,,AK Parti,X,x,y", "raw/article/table-08", "party", 8, "X"),
    ("cankaya-2016/partners,partner,2,{},Z,x,y", "raw/cankaya-2016/partners", "partner", 2, "Z"),
]


@pytest.mark.parametrize(("row", "table", "column", "line", "expected"), CORRECTED)
def test_any_column_of_any_table_can_be_corrected(copied, row, table, column, line, expected):
    before = tables.read(copied, table)
    printed = before[column].iloc[line - 2]
    add(copied, row.replace("{}", str(printed)).replace("2,2010", f"2,{printed}"))
    corrections.check(copied)
    after = sources.read(copied, table)
    assert after[column].iloc[line - 2] == expected
    assert after[column].dtype == before[column].dtype


def test_a_line_corrects_one_of_several_equal_cells(copied):
    add(copied, f"table-06,partner,100,{_partner(copied, 100)},Viyana,x,y")
    clean = clean_agreements(copied).set_index("source")
    got = clean.loc["data/raw/article/table-06.csv:100", "place_id"]
    expected = "vienna-at"
    assert got == expected


def _partner(study, line: int) -> str:
    cell = tables.read(study, "raw/article/table-06")["district_partner"].iloc[line - 2]
    return cell.partition("-")[2]


def test_a_corrected_year_moves_the_agreement_and_no_other(copied):
    before = clean_agreements(copied)["year"]
    add(copied, "table-06,year,2,1994,1993,x,y")
    after = clean_agreements(copied)["year"]
    got = [(int(b), int(a)) for b, a in zip(before, after, strict=True) if a != b]
    expected = [(1994, 1993)]
    assert got == expected


def test_trace_names_the_correction_of_its_line_only(copied):
    add(copied, "table-06,year,2,1994,1993,x,y")
    wanted = clean_agreements(copied).query("level == 'district'")["agreement_id"].head(3)
    got = lineage.rows(copied, wanted)["corrections"].str.contains("1994 → 1993").tolist()
    expected = [True, False, False]
    assert got == expected


REFUSED = [
    (
        "table-06,year,2,1999,1993,x,y",
        r"column printed: '1999'; line 2 of .*table-06\.csv prints no such",
    ),
    ("table-06,partner,,Viavistock,Białystok,x,y", r"column printed: 'Viavistock'"),
    (
        "table-06,jahr,,1994,1993,x,y",
        r"column column: 'jahr'; expected one of year, district_partner",
    ),
    ("table-66,year,,1994,1993,x,y", r"column table: 'table-66'; expected a table of data/raw"),
    ("conferences,position,,1,2,x,y", r"expected one of raw/ankara-2015/conferences"),
    (
        "table-06,year,2,1994,neunzehn,x,y",
        r"column year: a corrected value is not of the column's type",
    ),
    ("table-06,partner,,,Viyana,x,y", r"column printed: ''"),
]


@pytest.mark.parametrize(("row", "said"), REFUSED)
def test_a_correction_that_corrects_nothing_is_refused(copied, row, said):
    add(copied, row)
    with pytest.raises(StudyError, match=rf"reference/corrections\.csv.*{said}"):
        clean_agreements(copied)


def test_a_changed_raw_cell_sends_to_a_page_that_is_there(copied, collection):
    path = copied.data / "raw/article/table-06.csv"
    path.write_bytes(path.read_bytes().replace(b"1994", b"1995", 1))
    with pytest.raises(StudyError, match=r"corrections\.csv.*docs/correct-or-extend\.md"):
        tables.read(copied, "raw/article/table-06")
    assert (collection.root / "docs/correct-or-extend.md").is_file()


LISTED = 'district,Çankaya,2010,sister_city,Viyana,"a newspaper, 1 May 2010",,,,,,,,,'
NEW = (
    "metropolitan,Ankara,2024,sister_city,Graz,a newspaper,graz-at,Graz,Graz,AT,47.07,15.44,"
    "city,false,high"
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (LISTED, ["Çankaya", 2010, "vienna-at", "Europe"]),
        (NEW, ["Ankara", 2024, "graz-at", "Europe"]),
    ],
)
def test_one_row_adds_an_agreement_of_any_year(copied, row, expected):
    add(copied, row, ADDED)
    added = clean_agreements(copied).iloc[-1]
    got = added[["municipality", "year", "place_id", "region_un_m49"]].tolist()
    assert got == expected
    assert added["source"] == f"data/{ADDED}.csv:2"


def test_the_articles_counts_stay_the_articles(copied):
    expected = claims.judge(copied)
    add(copied, LISTED, ADDED)
    added = clean_agreements(copied)
    evidence = claims.Evidence(copied, {"agreements": added})
    got = claims.judge(copied, evidence=evidence)
    assert got.equals(expected)


def test_an_added_place_outside_its_country_is_named(copied):
    add(copied, NEW.replace("47.07,15.44", "15.44,47.07"), ADDED)
    with pytest.raises(StudyError, match=r"additions/agreements\.csv, row 1 \(line 2\).*47\.07"):
        clean_agreements(copied)


def test_an_added_partner_without_a_place_is_named(copied):
    add(copied, NEW.replace("graz-at", "").replace("Graz,Graz,AT,47.07,15.44", ",,,,"), ADDED)
    with pytest.raises(StudyError, match=r"additions/agreements\.csv:2, partner 'Graz'"):
        clean_agreements(copied)
