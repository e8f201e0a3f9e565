"""What a run records of its results and sources."""

import json
import shutil

import pytest

from diplolib import study
from diplolib.pipeline import recorded, runs


@pytest.fixture(scope="module")
def ran(collection, tmp_path_factory):
    """The data and one notebook, brought up to date."""
    root = tmp_path_factory.mktemp("recorded")
    shutil.copytree(collection.data, root / "data")
    (root / "notebooks").mkdir()
    shutil.copy(collection.notebooks / "04-purposes.ipynb", root / "notebooks")
    here = study.Study(root)
    assert runs.reproduce(here, cold=True).errors == []
    return here


def test_a_complete_run_records_results_and_sources(ran):
    known = recorded.read(ran)
    assert "figures/purposes.tr.png" in known["made"]
    assert "data/processed/agreements.csv" in known["made"]
    assert "data/raw/article/table-04.csv" in known["from"]


def test_a_notebook_is_recorded_by_cell(ran):
    known = recorded.read(ran)["made"]["notebooks/04-purposes.ipynb"]
    assert {"metadata", "cell 1 (markdown)"} <= set(known)


def test_nothing_of_build_is_recorded(ran):
    got = [name for name in recorded.read(ran)["made"] if name.startswith("build/")]
    expected = []
    assert got == expected


def test_it_says_what_is_there(ran):
    known = recorded.read(ran)
    got = recorded.current(ran, known["made"]), recorded.sources(ran)
    expected = known["made"], known["from"]
    assert got == expected


def test_a_partial_run_leaves_the_other_entries(ran):
    before = recorded.read(ran)
    recorded.write(ran, {"data/processed/terms.csv": "0"}, complete=False)
    got = recorded.read(ran)
    expected = {**before, "made": {**before["made"], "data/processed/terms.csv": "0"}}
    assert got == expected
    runs.reproduce(ran, cold=True)
    assert recorded.read(ran) == before


def test_a_source_that_no_step_reads_is_recorded_all_the_same(ran):
    path = ran.data / "reference" / "glossary.csv"
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    report = runs.reproduce(ran, cold=True)
    got = report.ran, recorded.read(ran)["from"] == recorded.sources(ran)
    expected = [], True
    path.write_bytes(before)
    assert got == expected


@pytest.mark.parametrize("text", ["", "{}", "[]", json.dumps({"made": 1, "from": {}})])
def test_a_record_that_cannot_be_read_is_said(tmp_path, text):
    (tmp_path / recorded.NAME).write_text(text)
    with pytest.raises(study.StudyError, match=r"checksums\.json: cannot be read"):
        recorded.read(study.Study(tmp_path))
