"""Results under other choices say when they were computed from something else than what is there."""

import json
import shutil

import pytest

from diplolib import cli, verify
from diplolib.specifications import computed, inputs


@pytest.fixture
def recorded(copied):
    """A copy whose table has just been recorded as computed from the data that are there."""
    (copied.root / "notebooks").mkdir()
    names = ("reference/regions.csv", "processed/agreements.csv")
    inputs.write(copied, [str((copied.data / name).resolve()) for name in names])
    return copied


def edit(study):
    path = study.data / "reference" / "regions.csv"
    path.write_bytes(path.read_bytes() + b"QQ,Asia,Asia\n")


def found(study):
    return [finding for finding in verify.quick(study).failed if finding.check == "sensitivity"]


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


def test_other_code_is_named(recorded):
    path = recorded.root / inputs.NAME
    known = json.loads(path.read_text())
    path.write_text(json.dumps(known | {"diplolib/claims/geography.py": "another"}))
    got = inputs.changed(recorded)
    expected = {"diplolib/claims/geography.py": "has changed"}
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


def test_what_is_computed_from_is_what_was_opened(copied, monkeypatch):
    """One claim stands for all: its tables are recorded, those of others are not."""
    names = {"claim": ["metropolitan-africa"]}
    monkeypatch.setattr(computed.Desk, "names", lambda self, scope: names.get(scope, []))
    computed.write(copied, workers=1)
    known = json.loads((copied.root / inputs.NAME).read_text())
    asked = (
        "data/reference/regions.csv", "data/processed/agreements.csv", "data/reference/ports.csv",
        "diplolib/panel.py", "diplolib/figures/style.py",
    )  # fmt: skip
    got = [name in known for name in asked]
    expected = [True, True, False, True, False]
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
