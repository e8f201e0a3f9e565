import pytest

from diplolib import selection
from nbproof import tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def agreements(collection):
    return tables.read(collection, "processed/agreements")


CASES = [
    ({}, 167),
    ({"level": "metropolitan"}, 60),
    ({"level": "district"}, 107),
    ({"form": "friendship_cooperation"}, 7),
    ({"min_confidence": "low"}, 165),  # two partners nobody could identify
    ({"year_to": 1982}, 2),
    ({"year_from": 2021}, 2),
]


@pytest.mark.parametrize(("choices", "expected"), CASES)
def test_choices_narrow_the_agreements(agreements, choices, expected):
    got = len(selection.select(agreements, **{"year_from": 1971, "year_to": 2021, **choices}))
    assert got == expected


def test_both_years_are_included(agreements):
    got = set(selection.select(agreements, year_from=1992, year_to=1993)["year"])
    expected = {1992, 1993}
    assert got == expected


def test_choices_that_leave_nothing_are_refused(agreements):
    with pytest.raises(StudyError, match="no agreement of 1972–1980"):
        selection.select(agreements, year_from=1972, year_to=1980)
