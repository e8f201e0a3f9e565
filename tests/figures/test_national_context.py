"""Other people's counts beside ours: numbers as the files have them, the misprint shown as one."""

import csv

import pytest

from ankara.cleaning.sources import with_source
from ankara.figures import national_context
from nbproof import tables
from nbproof.study import StudyError

TABLE = "reference/national_counts"


@pytest.fixture(scope="module")
def counts(collection):
    return with_source(tables.read(collection, TABLE), TABLE)


@pytest.fixture(scope="module")
def own(collection):
    agreements = tables.read(collection, "processed/agreements")
    return agreements[agreements["year"].le(2015) & agreements["form"].eq("sister_city")]


@pytest.fixture(scope="module")
def table(counts, own):
    return national_context.table(counts, own, "Ankara", 2016)


def printed(collection, name: str) -> list[list[str]]:
    with (collection.data / "raw/article" / f"{name}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


def test_our_count_is_as_recounted_from_the_printed_tables(collection, table):
    city = [row for row in printed(collection, "table-04") if int(row["year"]) <= 2015]
    protocols = [row for row in city if "Dos" in row["form"]]
    districts = [row for row in printed(collection, "table-06") if int(row["year"]) <= 2015]
    facts = national_context.facts(table)
    got = [facts["own_metropolitan"], facts["own_metropolitan_district"]]
    expected = [len(city) - len(protocols), len(districts)]
    assert got == expected


def test_the_ministry_s_count_is_as_the_file_has_it(collection, table):
    with (collection.data / f"{TABLE}.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["count_id"]: int(row["count"]) for row in csv.DictReader(file)}
    facts = national_context.facts(table)
    got = [facts["theirs"], facts["their_metropolitan"], facts["their_metropolitan_district"]]
    expected = [rows[f"ankara-2016{part}"] for part in ("", "-metropolitan", "-districts")]
    assert got == expected
    assert facts["share"] == expected[0] / rows["country-2016"]


def test_the_title_says_both_counts(table, words):
    got = national_context.title(table, words)
    assert "127" in got
    assert "125" in got


def test_only_the_misprint_is_shown_as_one(table, words):
    figure = national_context.draw(table, words)
    shown = [text.get_text() for axis in figure.axes for text in axis.texts]
    got = [text for text in shown if "141" in text or text.count("281") > 1]
    expected = [words.fill("national_context.misprint", n=141, printed=281)]
    assert got == expected


def test_home_without_a_count_of_the_year_is_refused(counts, own):
    with pytest.raises(
        StudyError, match=r"national_counts\.csv, column province: no count of Ankara for 2010"
    ):
        national_context.table(counts, own, "Ankara", 2010)


def test_a_count_stands_behind_each_bar(collection, table):
    lines = (collection.data / f"{TABLE}.csv").read_text(encoding="utf-8").splitlines()
    listed = table[table["mark"] != "own"]
    got = [lines[int(row.rpartition(":")[2]) - 1].split(",")[1] for row in listed["rows"]]
    expected = listed["count"].astype("str").tolist()
    assert got == expected
