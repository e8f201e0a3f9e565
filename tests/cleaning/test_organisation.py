"""The units of Figure 1."""

import pytest

from ankara.cleaning.organisation import clean_organisation
from nbproof import tables
from nbproof.study import StudyError


def test_the_department_has_two_branches_and_four_sections(collection):
    got = clean_organisation(collection)["depth"].value_counts().to_dict()
    expected = {0: 1, 1: 1, 2: 2, 3: 4}
    assert got == expected


def test_a_unit_under_nothing_is_named(collection, monkeypatch):
    read = tables.read

    def broken(study, name):
        frame = read(study, name)
        frame.loc[2, "parent_unit"] = "Basın Dairesi"
        return frame

    monkeypatch.setattr(tables, "read", broken)
    with pytest.raises(StudyError, match=r"figure-01\.csv:4, column parent_unit: 'Basın Dairesi'"):
        clean_organisation(collection)
