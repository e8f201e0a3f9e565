"""Curated points: in the country that the row names, or refused with what would fit."""

import csv

import pytest

from ankara.cleaning.agreements import clean_agreements
from diplolib import points
from nbproof import tables
from nbproof.study import StudyError


def swap(study, listed_as: str, new: tuple[str, str], table: str = "reference/places") -> None:
    path = study.data / f"{table}.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    columns = [rows[0].index(name) for name in ("latitude", "longitude")]
    row = next(row for row in rows if listed_as in row)
    for column, value in zip(columns, new, strict=True):
        row[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


# A place, its point written wrongly, and what the message advises
MISPLACED = [
    ("Seul", ("126.9784", "37.5660"), "from -90 to 90"),
    ("Viyana", ("16.3721", "48.2085"), "latitude 48.2085, longitude 16.3721 would fit"),
    ("Washington", ("38.9", "77.04"), "longitude -77.04 would fit"),
    ("Viyana", ("4.82085", "16.3721"), "correct the point, or the country"),
    ("Viyana", ("48.2085", ""), "one of the two is empty"),
]


@pytest.mark.parametrize(("place", "point", "advice"), MISPLACED)
def test_a_point_outside_its_country_is_named(copied, place, point, advice):
    swap(copied, place, point)
    with pytest.raises(StudyError) as error:
        points.check(copied, "reference/places")
    got = [part in str(error.value) for part in ("places.csv, row", "(line ", "latitude", advice)]
    expected = [True] * 4
    assert got == expected, error.value


@pytest.mark.parametrize("table", ["places", "second_readings", "study"])
def test_the_committed_points_lie_in_their_countries(collection, table):
    points.check(collection, f"reference/{table}")


@pytest.mark.parametrize(
    ("table", "name"), [("second_readings", "Salt"), ("study", "Ankara"), ("places", "Viyana")]
)
def test_cleaning_refuses_a_swapped_point_of_every_table(copied, table, name):
    row = tables.read(copied, f"reference/{table}").astype("str")
    row = row[(row == name).any(axis="columns")].iloc[0]
    swap(copied, name, (row["longitude"], row["latitude"]), f"reference/{table}")
    with pytest.raises(StudyError, match=rf"{table}\.csv, row \d+ .*would fit"):
        clean_agreements(copied)


def test_a_coast_that_the_outline_cuts_off_is_near_enough(copied):
    swap(copied, "Lidingö", ("59.36", "18.3"))
    points.check(copied, "reference/places")
