"""The published benchmark adds up: medians of its rounds, ratios of its medians, bars met or not."""

import json
import statistics

import pytest


@pytest.fixture
def record(collection):
    return json.loads((collection.root / "docs" / "benchmark.json").read_text(encoding="utf-8"))


def test_a_median_is_that_of_its_rounds(record):
    for row in record["rows"]:
        got = row["median"]
        expected = statistics.median(row["seconds"])
        assert got == pytest.approx(expected, abs=0.001), row["name"]


def test_a_ratio_is_that_of_its_medians(record):
    medians = {row["name"]: row["median"] for row in record["rows"]}
    for ratio in record["ratios"]:
        if not ratio["name"].startswith("scale"):
            over, under = ratio["name"].split("/")
            got = ratio["value"]
            expected = medians[over] / medians[under]
            assert got == pytest.approx(expected, abs=0.001), ratio["name"]


def test_a_bar_is_met_or_not_as_the_ratio_says(record):
    for ratio in record["ratios"]:
        got = ratio["met"]
        least = ratio["at"] == "least"
        expected = ratio["value"] >= ratio["bar"] if least else ratio["value"] <= ratio["bar"]
        assert got == expected, ratio["name"]
