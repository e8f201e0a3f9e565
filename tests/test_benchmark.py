"""The benchmark runs, and what it has published adds up: medians, ratios, bars met or not."""

import argparse
import importlib.util
import json
import statistics

import pytest

NOTEBOOK = "11-national-context"  # the one that takes least


@pytest.fixture(scope="module")
def cells(collection, tmp_path_factory):
    """What the benchmark finds out about the cells of one notebook in its copy of the collection."""
    file = collection.root / "tools" / "bench.py"
    spec = importlib.util.spec_from_file_location("bench", file)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    options = argparse.Namespace(notebooks=[NOTEBOOK])
    bench = tool.Bench(collection, tmp_path_factory.mktemp("bench"), options)
    return tool._cells(bench, f"{NOTEBOOK}:en")


def test_the_cells_of_a_copied_notebook_are_timed(cells):
    got = cells["seconds"] > 0
    assert got


def test_the_cells_are_shared_out_by_what_they_are_spent_with(cells):
    got = {share for share, seconds in cells["shares"].items() if seconds > 0}
    expected = {"drawing", "png", "other"}
    assert got == expected


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
