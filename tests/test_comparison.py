"""Studies side by side: shares with their counts, and partners that are shared by place."""

import pandas as pd
import pytest

from diplolib import comparison
from diplolib.figures import compared_regions
from nbproof import labels
from nbproof.study import UsageError


@pytest.fixture(scope="module")
def rows():
    columns = ["study", "agreement_id", "year", "partner", "country_code", "latitude", "longitude",
               "capital", "region_un_m49", "distance_km"]  # fmt: skip
    found = pd.DataFrame(
        [
            ["A", "A 1", 1960, "Osaka", "JP", 34.69, 135.50, False, "Asia", 9000.0],
            ["A", "A 2", None, "Sofia", "BG", 42.70, 23.32, True, "Europe", 1000.0],
            ["A", "A 3", 1975, "Nobody", None, None, None, None, None, None],
            ["B", "B 1", 1961, "Ōsaka", "JP", 34.70, 135.49, False, "Asia", 8000.0],
            ["B", "B 2", 1999, "Kyoto", "JP", 35.02, 135.75, False, "Asia", 8100.0],
        ],
        columns=columns,
    )
    return found.astype({"year": "Int64", "capital": "boolean"})


def test_partners_are_matched_by_place_not_by_name(rows):
    got = comparison.shared(rows)[["partner", "studies", "rows"]].to_numpy().tolist()
    expected = [["Osaka", "A, B", "A 1;B 1"]]
    assert got == expected


def test_a_share_has_its_count_and_its_whole(rows):
    found = comparison.measures(rows).query("measure == 'region'").set_index(["study", "group"])
    got = found[["agreements", "of", "value"]].to_numpy().tolist()
    expected = [[1, 2, 0.5], [1, 2, 0.5], [2, 2, 1.0], [0, 2, 0.0]]  # A and B, Asia and Europe
    assert got == expected


def test_concentration_is_that_of_known_countries(rows):
    found = comparison.measures(rows).query("group == 'herfindahl'").set_index("study")["value"]
    got = found.to_dict()
    expected = {"A": 0.5, "B": 1.0}
    assert got == expected


def test_where_several_countries_lead_none_is_named(rows):
    found = comparison.measures(rows).query("measure == 'concentration' and group != 'herfindahl'")
    got = found[["study", "group", "agreements", "of"]].to_numpy().tolist()
    expected = [["B", "JP", 2, 2]]  # A has one agreement with each of two countries
    assert got == expected


def test_a_figure_s_title_is_where_they_differ_most(rows):
    table = compared_regions.table(comparison.measures(rows))
    got = compared_regions.title(table, labels.load("en"))
    expected = "Asia: 100% of the agreements in B, 50% in A"
    assert got == expected


def test_one_study_is_not_compared(collection):
    with pytest.raises(UsageError, match="two studies or more"):
        comparison.gather([collection])


def test_a_decade_is_no_year(rows):
    """A bare 2010 reads as the year."""
    found = comparison.measures(rows).query("measure == 'decade' and study == 'A'")
    got = dict(zip(found["group"], found["agreements"], strict=True))
    expected = {"1960–69": 1, "1970–79": 1, "1990–99": 0}
    assert got == expected
