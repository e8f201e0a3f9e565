"""Sources and processed tables: what each check names when something was changed."""

import json
import shutil

import pandas as pd
import pytest

from nbproof import lineage, verify
from nbproof.study import StudyError
from nbproof.verify import data, sums

TABLE = "data/raw/article/table-04.csv"
PROCESSED = "data/processed/terms.csv"


@pytest.fixture(scope="module")
def fresh(shared):
    computed, failed = data.compute(shared)
    assert failed == []
    return computed


def places(findings):
    return {finding.where for finding in findings}


def test_untouched_sources_are_as_declared(shared):
    got = list(data.sources(shared))
    expected = []
    assert got == expected


def test_a_changed_cell_of_a_source_breaks_the_checksum(tampered):
    got = list(data.sources(tampered(TABLE, ("1971", "1972"))))
    assert [(finding.file, "checksum" in finding.said) for finding in got] == [(TABLE, True)]


def test_a_changed_checksum_is_seen(tampered, shared):
    package = "data/raw/article/datapackage.json"
    text = (shared.root / package).read_text()
    digit = text[text.index("sha256:") + 7]
    study = tampered(package, (f"sha256:{digit}", "sha256:" + ("0" if digit != "0" else "1")))
    got = len(list(data.sources(study)))
    expected = 1
    assert got == expected


def test_a_cell_that_breaks_the_schema_is_named(tampered):
    study = tampered("data/reference/neighbours.csv", ("\n", "\n,x\n"))
    (got,) = data.sources(study)
    assert got.file == "data/reference/neighbours.csv"
    assert "breaks its schema" in got.said


def test_a_table_that_no_package_declares_is_named(tampered):
    (got,) = data.sources(tampered("data/raw/article/more.csv", b"a\n1\n"))
    assert (got.file, "does not declare" in got.said) == ("data/raw/article/more.csv", True)


def test_a_missing_source_is_named(tampered):
    (got,) = data.sources(tampered("data/reference/glossary.csv", None))
    assert got.file == "data/reference/glossary.csv"


def test_a_package_that_is_not_one_is_named(tampered):
    got = list(data.sources(tampered("data/reference/datapackage.json", b"{}")))
    assert places(got) >= {"data/reference/datapackage.json"}


def test_a_source_that_cannot_be_cleaned_is_said(tampered):
    computed, (got,) = data.compute(tampered(TABLE, ("1971", "1972")))
    assert computed == {}
    assert TABLE in got.said


def test_a_processed_cell_is_named_by_row_and_column(tampered, fresh):
    study = tampered(PROCESSED, ("1984", "1985"))
    (got,) = data.results(study, fresh)
    assert (got.file, got.place) == (PROCESSED, "row 1 (line 2), column year_from")
    assert (got.committed, got.fresh) == ("1985", "1984")


def test_a_missing_processed_row_is_named(tampered, fresh, shared):
    lines = (shared.root / PROCESSED).read_bytes().splitlines(keepends=True)
    study = tampered(PROCESSED, b"".join(lines[:3] + lines[4:]))
    (got,) = data.results(study, fresh)
    assert got.said == "row 3 of the fresh table is missing"


def test_an_added_processed_row_is_named(tampered, fresh, shared):
    text = (shared.root / "data/processed/events.csv").read_text()
    first = text.splitlines()[1]
    study = tampered("data/processed/events.csv", (first, first + "\n" + "x" + first))
    got = [finding.said for finding in data.results(study, fresh)]
    expected = ["the fresh table has no such row"]
    assert got == expected


def test_a_verdict_that_was_changed_is_a_claim_s_finding(tampered, fresh):
    study = tampered("data/processed/claims.csv", (",not reproduced,", ",reproduced,"))
    (got,) = data.results(study, fresh)
    assert (got.check, got.committed, got.fresh) == ("claims", "reproduced", "not reproduced")


def test_other_quotes_are_a_difference_too(tampered, fresh):
    study = tampered(PROCESSED, ("1984", '"1984"'))
    (got,) = data.results(study, fresh)
    assert "written otherwise" in got.said


def test_untouched_files_have_their_checksums(shared):
    got = list(sums.check(shared))
    expected = []
    assert got == expected


@pytest.mark.parametrize(
    "name",
    ["figures/timeline.en.png", "figures/claims.tr.svg", "requirements.lock",
     "src/diplolib/labels/tr/timeline.toml", "data/reference/boundaries.geojson"],
)  # fmt: skip
def test_a_changed_byte_of_any_file_is_seen(tampered, shared, name):
    study = tampered(name, (shared.root / name).read_bytes() + b"\n")
    got = [finding.file for finding in sums.check(study)]
    expected = [name]
    assert got == expected


def test_a_changed_cell_of_a_notebook_is_named(tampered):
    name = "notebooks/02-timeline.ipynb"
    got = places(sums.check(tampered(name, ("## Limits", "## Limit"))))
    expected = {f"{name}, cell 15 (markdown)"}
    assert got == expected


def test_a_file_that_nothing_makes_is_named(tampered):
    (got,) = sums.check(tampered("figures/more.en.png", b"x"))
    assert (got.file, "nothing makes" in got.said) == ("figures/more.en.png", True)


def test_a_missing_record_is_said(tampered):
    (got,) = sums.check(tampered("checksums.json", None))
    assert got.file == "checksums.json"


def test_a_module_beside_the_notebooks_is_named(tampered):
    """The notebooks would import it in the place of the real one."""
    (got,) = sums.check(tampered("notebooks/pandas.py", b""))
    assert (got.file, "nothing makes" in got.said) == ("notebooks/pandas.py", True)


def test_what_jupyter_keeps_beside_the_notebooks_is_none_of_ours(shared):
    folder = shared.notebooks / ".ipynb_checkpoints"
    folder.mkdir()
    try:
        (folder / "02-timeline-checkpoint.ipynb").write_bytes(b"{}")
        got = list(sums.check(shared))
    finally:
        shutil.rmtree(folder)
    expected = []
    assert got == expected


def test_a_source_that_no_run_has_read_is_named(tampered):
    (got,) = sums.check(tampered("data/raw/article/notes.txt", b"x"))
    assert (got.file, "no run has read" in got.said) == ("data/raw/article/notes.txt", True)


@pytest.fixture
def linked(shared, tmp_path):
    """Put a file or folder of the copy elsewhere, with a link in its place; it comes back."""
    moved = []

    def link(name: str, to: str = "") -> None:
        path, kept = shared.root / name, tmp_path / "kept"
        if not to:
            path.rename(kept)
            moved.append((path, kept))
        path.symlink_to(to or kept)
        moved.append((path, None)) if to else None

    yield link
    for path, kept in moved:
        path.unlink()
        if kept:
            shutil.move(kept, path)


@pytest.mark.parametrize("name", ["figures/staff.en.png", "figures", "data/raw", "checksums.json"])
def test_a_link_out_of_the_collection_is_named_and_nothing_else_is_read(shared, linked, name):
    linked(name)
    result = verify.quick(shared)
    got = [(finding.check, finding.file) for finding in result.findings], result.verdict
    expected = [("links", name)], "differs"
    assert got == expected


@pytest.mark.parametrize(
    ("name", "to"),
    [("notebooks/round", "round"), ("data/up", ".."), ("figures/lost.en.png", "nowhere")],
)
def test_a_link_in_a_circle_or_to_nothing_is_named(shared, linked, name, to):
    linked(name, to)
    got = [finding.file for finding in verify.quick(shared).findings]
    expected = [name]
    assert got == expected


def test_a_link_to_a_file_of_the_study_is_a_file(shared, linked):
    linked("figures/.also.csv", "staff.en.csv")
    got = shared.strays()
    expected = []
    assert got == expected


@pytest.mark.parametrize("name", ["data/../../secret.csv:2", "data/raw/../../../secret.csv:2"])
def test_a_reference_never_leads_out_of_the_study(shared, name):
    secret = shared.root.parent / "secret.csv"
    secret.write_text("name\nhidden\n")
    try:
        with pytest.raises(StudyError, match="no such row"):
            lineage.rows(shared, pd.Series([name]))
    finally:
        secret.unlink()


def test_a_file_that_is_no_notebook_has_a_checksum_too(tampered):
    got = [finding.file for finding in sums.check(tampered("notebooks/02-timeline.ipynb", b""))]
    expected = ["notebooks/02-timeline.ipynb"]
    assert got == expected


def test_a_table_that_lies_in_no_package_is_named(tampered):
    (got,) = data.sources(tampered("data/more.csv", b"a\n1\n"))
    assert (got.file, got.said) == ("data/more.csv", "no data package declares it")


PACKAGE = "data/raw/article/datapackage.json"


@pytest.mark.parametrize(
    ("name", "value", "file", "said"),
    [
        ("hash", None, PACKAGE, "gives no checksum for table-04.csv"),
        ("bytes", 1, TABLE, "the size in bytes is not the one that its data package gives"),
        (
            "schema",
            {"fields": None},
            PACKAGE,
            "does not describe table-04.csv so that it can be read",
        ),
        (
            "schema",
            {"fields": [{"name": "year", "constraints": {"pattern": "("}}]},
            TABLE,
            "breaks its schema",
        ),
    ],
)
def test_a_declaration_that_was_changed_is_named(tampered, shared, name, value, file, said):
    content = json.loads((shared.root / PACKAGE).read_bytes())
    entry = next(one for one in content["resources"] if one["path"] == "table-04.csv")
    entry[name] = value
    (got,) = data.sources(tampered(PACKAGE, json.dumps(content).encode()))
    assert (got.file, got.said.startswith(said)) == (file, True)
