"""Table 3, and where the article's text says otherwise."""

import pytest

from ankara.cleaning.units import clean_units, named_in_prose
from nbproof import tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def units(collection):
    return clean_units(collection).set_index("municipality")


def test_each_wording_has_its_type(units):
    got = units["unit_type"].value_counts().to_dict()
    expected = {
        "culture_social": 14,
        "unknown": 6,
        "foreign_relations": 3,
        "merged": 1,
        "culture_social_and_projects": 1,
    }
    assert got == expected


@pytest.mark.parametrize(
    ("district", "expected"),
    [
        ("Pursaklar", ("foreign_relations", "other")),
        ("Sincan", ("culture_social", "foreign_relations")),
        ("Keçiören", ("merged", "foreign_relations")),
        ("Çankaya", ("foreign_relations", "foreign_relations")),
        ("Ayaş", ("unknown", "unknown")),
    ],
)
def test_table_and_text_are_kept_apart(units, district, expected):
    got = tuple(units.loc[district, ["unit_type", "unit_type_prose"]])
    assert got == expected


def test_the_text_names_four_districts(collection):
    got = named_in_prose(collection)
    expected = ["Çankaya", "Keçiören", "Çubuk", "Sincan"]
    assert got == expected


def test_a_wording_without_a_type_is_named(collection, monkeypatch):
    read = tables.read

    def broken(study, name):
        frame = read(study, name)
        if name == "raw/article/table-03":
            frame.loc[0, "unit"] = "Basın Müdürlüğü"
        return frame

    monkeypatch.setattr(tables, "read", broken)
    with pytest.raises(StudyError, match=r"table-03\.csv:2, column unit: 'Basın Müdürlüğü'"):
        clean_units(collection)
