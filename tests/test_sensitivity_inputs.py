"""Results under other choices say when they were computed from something else than what is there."""

import shutil

import pytest

from ankara.specifications import inputs
from diplolib import cli
from nbproof import verify


@pytest.fixture
def recorded(copied):
    """A copy whose table has just been recorded as computed from the data that are there."""
    (copied.root / "notebooks").mkdir()
    inputs.write(copied, inputs.current(copied))
    return copied


def edit(study):
    path = study.data / "reference" / "regions.csv"
    path.write_bytes(path.read_bytes() + b"QQ,Asia,Asia\n")


def found(study):
    return [finding for finding in verify.quick(study).failed if finding.check == "stored results"]


def test_unchanged_inputs_are_no_finding(recorded):
    got = inputs.changed(recorded), found(recorded)
    expected = {}, []
    assert got == expected


def test_verify_names_the_changed_table_and_the_command(recorded):
    edit(recorded)
    (finding,) = found(recorded)
    got = finding.file, finding.said.partition(": ")[2], finding.command
    expected = inputs.COMPUTED, "data/reference/regions.csv has changed", "diplolib sensitivity"
    assert got == expected


def test_status_names_the_changed_table_and_the_command(recorded, capsys):
    edit(recorded)
    cli.main(["--study", str(recorded.root), "status"])
    (line,) = (x for x in capsys.readouterr().out.splitlines() if x.startswith("data/sensitivity"))
    got = "data/reference/regions.csv has changed" in line, "diplolib sensitivity" in line
    expected = True, True
    assert got == expected


def test_an_input_that_is_gone_is_named(recorded):
    (recorded.data / "reference" / "regions.csv").unlink()
    got = inputs.changed(recorded)
    expected = {"data/reference/regions.csv": "is gone"}
    assert got == expected


def test_a_new_table_is_named(recorded):
    (recorded.data / "reference" / "more.csv").write_text("a\n")
    got = inputs.changed(recorded)
    expected = {"data/reference/more.csv": "is new"}
    assert got == expected


@pytest.mark.parametrize("text", [None, "", "[1]"])
def test_without_a_record_nothing_is_known(recorded, text):
    path = recorded.root / inputs.NAME
    path.unlink() if text is None else path.write_text(text)
    got = "cannot be read" in inputs.changed(recorded)[inputs.NAME]
    expected = True
    assert got == expected


def test_a_study_without_such_results_has_none_to_check(recorded):
    shutil.rmtree(recorded.data / "sensitivity")
    got = inputs.changed(recorded)
    expected = {}
    assert got == expected


def test_what_only_explains_is_no_input(copied):
    got = [name for name in inputs.current(copied) if "claim_reasons" in name or "glossary" in name]
    expected = []
    assert got == expected


def test_a_table_that_is_itself_a_difference_is_named_once(recorded):
    path = recorded.data / "processed" / "agreements.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    got = [
        finding.file for finding in verify.quick(recorded).failed if "agreements" in finding.where
    ]
    expected = ["data/processed/agreements.csv"]
    assert got == expected
    assert found(recorded) == []
