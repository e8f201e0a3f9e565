"""What a notebook of one's own calls, in three lines."""

import doctest

import pytest

import diplolib
from diplolib import api
from nbproof.study import StudyError


@pytest.fixture
def here(collection, monkeypatch):
    monkeypatch.chdir(collection.root / "notebooks")
    return collection


def test_what_is_offered_is_listed_and_there():
    got = dir(diplolib)
    expected = ["agreements", "compare", "locate", "timeline", "trace", "world_map"]
    assert got == expected
    assert all(callable(getattr(diplolib, name)) for name in got)


def test_its_examples_hold(here):
    got = doctest.testmod(api).failed
    expected = 0
    assert got == expected


def test_an_unknown_municipality_is_said_with_the_nearest(here):
    with pytest.raises(StudyError, match="Did you mean Çankaya"):
        diplolib.agreements("Cankaya")


def test_a_timeline_without_years_is_a_sentence(here):
    rows = diplolib.agreements()
    with pytest.raises(StudyError, match="None of these agreements has a year"):
        api.timeline_table(rows.assign(year=None), here)


def test_a_study_s_own_city_is_known(here):
    got = api.city(here), api.home(here)
    expected = "Ankara", (39.92, 32.85)
    assert got == expected
