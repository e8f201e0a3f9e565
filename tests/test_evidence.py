"""What the curated tables claim: the addresses of their evidence, and other people's counts."""

import csv
import io

import pytest

from nbproof import tables
from nbproof.tables import TableError

WITH_ADDRESS = [
    "places", "party_switches", "party_successions", "governments", "memberships", "country_groups",
    "neighbours", "ports", "capitals", "national_counts",
]  # fmt: skip


def changed(collection, table: str, **cells: str) -> bytes:
    """The committed table with other cells in its first row."""
    text = (collection.data / "reference" / f"{table}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert set(cells) <= set(rows[0])
    rows[0] |= cells
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def parse(collection, table: str, **cells: str):
    declared = tables.resource(collection, f"reference/{table}")
    return tables.parse(
        changed(collection, table, **cells), declared, f"data/reference/{table}.csv"
    )


@pytest.mark.parametrize("table", WITH_ADDRESS)
@pytest.mark.parametrize(
    ("column", "valid"),
    [
        ("url", "https://www.tdbb.org.tr/?p=10473&lang=en"),
        ("url", "http://altinova.bel.tr"),
        ("seen", "2019-12"),
        ("seen", "2025-11-17"),
        ("seen", ""),
    ],
)
def test_an_address_and_its_date_are_taken(collection, table, column, valid):
    got = parse(collection, table, **{column: valid}).loc[0, column]
    assert got == valid


@pytest.mark.parametrize("table", WITH_ADDRESS)
@pytest.mark.parametrize(
    ("column", "invalid"),
    [
        ("url", "www.tdbb.org.tr/?p=10473"),
        ("url", "ftp://tdbb.org.tr/a"),
        ("url", "https://tdbb"),
        ("url", "https://tdbb.org.tr/a page"),
        ("url", "Hürriyet, 31 January 2011"),
        ("seen", "2019"),
        ("seen", "2019-13"),
        ("seen", "2019-12-32"),
        ("seen", "17.11.2025"),
        ("seen", "not seen"),
    ],
)
def test_a_malformed_address_or_date_is_refused(collection, table, column, invalid):
    with pytest.raises(TableError, match=rf"{table}\.csv, row 1 \(line 2\), column {column}: "):
        parse(collection, table, **{column: invalid})


@pytest.mark.parametrize(
    ("column", "invalid"),
    [
        ("url", ""),
        ("definition", ""),
        ("definition_tr", ""),
        ("year", ""),
        ("source", ""),
        ("count", ""),
        ("count", "-1"),
        ("count", "1,533"),
        ("year", "20100"),
        ("year", "1899"),
        ("year_from", "two"),
        ("date", "19.10.2010"),
        ("unit", "agreements"),
        ("scope", "region"),
        ("level", "village"),
        ("confidence", "none"),
        ("count_id", "Country 2010"),
        ("count_id", "ankara-2016"),
    ],
)
def test_a_count_that_nobody_could_check_is_refused(collection, column, invalid):
    assert len(parse(collection, "national_counts"))
    with pytest.raises(TableError, match=rf"national_counts\.csv, row .*, column {column}: "):
        parse(collection, "national_counts", **{column: invalid})


@pytest.mark.parametrize("table", WITH_ADDRESS)
def test_a_date_of_reading_has_an_address(collection, table):
    rows = tables.read(collection, f"reference/{table}")
    got = rows[rows["seen"].notna() & rows["url"].isna()]
    assert got.empty


@pytest.fixture(scope="module")
def places(collection):
    return tables.read(collection, "reference/places")


def test_a_place_is_sure_only_if_more_than_its_name_speaks(places):
    got = set(places.loc[places["confidence"] == "high", "basis"])
    expected = {"printed", "source", "document"}
    assert got == expected


def test_a_place_with_more_than_its_name_is_sure(places):
    got = set(places.loc[places["basis"].isin(["printed", "source", "document"]), "confidence"])
    expected = {"high"}
    assert got == expected


def test_a_place_from_a_document_or_a_source_has_its_address(places):
    got = places.loc[
        places["basis"].isin(["source", "document"]) & places["url"].isna(), "listed_as"
    ]
    expected = []
    assert got.tolist() == expected


def test_every_change_of_party_has_an_address(collection):
    got = tables.read(collection, "reference/party_switches")["url"].isna().sum()
    expected = 0
    assert got == expected


@pytest.fixture(scope="module")
def counts(collection):
    return tables.read(collection, "reference/national_counts")


def test_a_count_names_a_province_where_it_is_of_one(counts):
    got = counts.loc[(counts["scope"] == "province") != counts["province"].notna(), "count_id"]
    expected = []
    assert got.tolist() == expected


def test_a_count_does_not_begin_after_its_end(counts):
    got = counts.loc[counts["year_from"] > counts["year"], "count_id"]
    expected = []
    assert got.tolist() == expected


def test_a_misprint_is_the_only_total_that_its_parts_do_not_make(counts):
    """Each total with the levels that the same page prints under it."""
    ties = counts[counts["unit"] == "ties"]
    whole = ties[ties["level"] == "all"].set_index(["year", "url", "scope", "province"])
    parts = ties[~ties["level"].isin(["all", "metropolitan_area"])]
    sums = parts.groupby(["year", "url", "scope", "province"], dropna=False)["count"].sum()
    beside = whole.join(sums.rename("parts"), how="inner")
    got = beside.loc[beside["count"] != beside["parts"], ["count_id", "confidence"]]
    expected = [["izmir-2016", "low"]]
    assert got.to_numpy().tolist() == expected
    assert set(counts.loc[counts["confidence"] == "low", "count_id"]) == {"izmir-2016"}


def test_a_note_stands_in_both_languages(counts):
    got = counts.loc[counts["note"].isna() != counts["note_tr"].isna(), "count_id"]
    expected = []
    assert got.tolist() == expected
