"""One zip for an archive: what is in it, that it is the same twice, and that any change is named."""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from nbproof import cli, study
from nbproof.deposit import archive, tracked

for name in ("rocrate", "typst"):
    pytest.importorskip(name, reason="an extra: pip install 'diplolib[archive]'")

DOI = "10.5281/zenodo.1234567"
CFF = """cff-version: 1.2.0
type: software
title: "Rain: \\"wet\\" & <dry>"
abstract: Days of rain.
version: 1.0.0
date-released: "2026-01-02"
license: MIT
authors:
  - family-names: Ak
    given-names: Su
keywords: [rain]
references:
  - type: article
    authors: [{family-names: Ak, given-names: Su}]
    title: Rain
    journal: Weather
    year: 2020
    volume: 1
    issue: 2
    start: 3
    end: 4
    doi: 10.5555/rain
"""


def git(folder, *words) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", folder, *who, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def small(root: Path) -> study.Study:
    """A study with one table, its runs up to date and everything committed."""
    data = b"day,rain\n1,2.5\n2,0\n"
    fields = [{"name": "day", "type": "integer"}, {"name": "rain", "type": "number"}]
    table = {
        "name": "days", "path": "days.csv", "title": "Days", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"fields": fields, "primaryKey": ["day"]},
    }  # fmt: skip
    package = {
        "name": "days",
        "title": "Days",
        "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [table],
    }
    for folder in ("data/raw", "data/reference", "notebooks"):
        (root / folder).mkdir(parents=True)
    (root / "data/raw/days.csv").write_bytes(data)
    (root / "data/raw/datapackage.json").write_text(json.dumps(package))
    (root / "data/reference/datapackage.json").write_text(
        '{"name": "r", "title": "R", "resources": []}'
    )
    (root / "CITATION.cff").write_text(CFF)
    (root / ".gitignore").write_text("build/\n*.tmp\n")
    (root / "ölçü").mkdir()
    for name in (
        "ölçü/şu.txt",
        "ölçü.txt",
        "ölçü-1",
    ):  # git sorts a folder as if its name ended with /
        (root / name).write_text("ğ")
    (root / "run").write_text("#!/bin/sh\n")
    (root / "run").chmod(0o755)
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.main(["reproduce", "--study", str(root)]) == 0
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    return study.find(root)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[study.Study, Path]:
    """The small study and its archive; tests change neither."""
    root = tmp_path_factory.mktemp("rain") / "study"
    found = small(root)
    file = root.parent / "rain.zip"
    archive.make(found, file, say=lambda text: None)
    return found, file


@pytest.fixture
def own(made, tmp_path) -> study.Study:
    """A copy of the small study, to change."""
    shutil.copytree(made[0].root, tmp_path / "study")
    return study.find(tmp_path / "study")


@pytest.fixture
def unpacked(made, tmp_path) -> Path:
    """The archive as a person without git gets it."""
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(made[1]) as packed:
        packed.extractall(folder)
    return folder


def names(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as packed:
        return set(packed.namelist())


def test_the_archive_holds_every_tracked_file_and_nothing_that_is_ignored(made):
    got = {name for name in names(made[1]) if not tracked.made(name)}
    expected = set(git(made[0].root, "-c", "core.quotepath=off", "ls-files").splitlines())
    assert got == expected


@pytest.mark.parametrize(
    "name", ["DEPOSIT.md", "datacite.json", "deposit/citations.bib", "manifest-sha256.txt"]
)
def test_the_archive_brings_its_metadata(made, name):
    assert name in names(made[1])


def test_the_same_state_gives_the_same_bytes(made, tmp_path):
    os.utime(made[0].root / "run")
    archive.make(made[0], tmp_path / "again.zip", say=lambda text: None)
    got = (tmp_path / "again.zip").read_bytes() == made[1].read_bytes()
    expected = True
    assert got == expected


def test_plain_sha256sum_proves_what_was_unpacked(unpacked):
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=unpacked, capture_output=True, check=False
    )  # fmt: skip
    got = done.returncode, len((unpacked / "manifest-sha256.txt").read_text().splitlines()) + 1
    expected = 0, sum(path.is_file() for path in unpacked.rglob("*"))
    assert got == expected


def test_a_file_keeps_its_right_to_be_run(made):
    with zipfile.ZipFile(made[1]) as packed:
        got = [packed.getinfo(name).external_attr >> 16 & 0o777 for name in ("run", "CITATION.cff")]
    expected = [0o755, 0o644]
    assert got == expected


def test_software_heritage_s_identifier_is_git_s_tree(made):
    files, commit = tracked.find(made[0])
    got = tracked.swhid(dict(reversed(files.items()))), commit
    expected = (
        f"swh:1:dir:{git(made[0].root, 'rev-parse', 'HEAD^{tree}')}",
        git(made[0].root, "rev-parse", "HEAD"),
    )
    assert got == expected


def test_a_copy_without_git_is_packed_if_its_checksums_agree(unpacked, made, tmp_path):
    with contextlib.redirect_stdout(io.StringIO()):
        cli.main(["reproduce", "--study", str(unpacked)])
    (unpacked / "run").chmod(0o755)  # Python's zipfile leaves it out, unzip does not
    (unpacked / "note.tmp").write_text("ignored")
    archive.make(study.find(unpacked), tmp_path / "again.zip", say=lambda text: None)
    got = names(tmp_path / "again.zip"), archive.check(tmp_path / "again.zip")
    expected = names(made[1]), []
    assert got == expected


@pytest.mark.parametrize("name", ["CITATION.cff", "data/raw/days.csv", "run"])
def test_a_copy_without_git_that_was_changed_is_refused(unpacked, tmp_path, name):
    with (unpacked / name).open("a") as file:
        file.write("\n")
    with pytest.raises(study.StudyError, match=f"{re.escape(name)}.*not as the checksums"):
        tracked.find(study.Study(unpacked))


@pytest.mark.parametrize("change", ["edited", "new"])
def test_a_tree_that_is_not_as_committed_is_refused(own, tmp_path, change):
    name = {"edited": "CITATION.cff", "new": "new.txt"}[change]
    with (own.root / name).open("a") as file:
        file.write("\n")
    file = tmp_path / "out" / "x.zip"
    with pytest.raises(study.StudyError, match=f"{re.escape(name)}: not as committed"):
        archive.make(own, file)
    assert not file.parent.exists()


def test_what_has_not_run_is_refused(own, tmp_path):
    shutil.rmtree(own.build)
    with pytest.raises(study.StudyError, match=r"Run `.* reproduce` first"):
        archive.make(own, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(
    "doi", ["zenodo.1234567", "https://doi.org/10.5281/x", "10.5281/", "10.5281/a b"]
)
def test_a_malformed_doi_is_refused(made, tmp_path, doi):
    with pytest.raises(study.UsageError, match=r"expected 10\.PREFIX/SUFFIX"):
        archive.make(made[0], tmp_path / "x.zip", doi)
    assert not (tmp_path / "x.zip").exists()


def test_a_reserved_doi_stands_in_everything_that_cites(made, tmp_path):
    archive.make(made[0], tmp_path / "x.zip", DOI, lambda text: None)
    told = ["CITATION.cff", "DEPOSIT.md", "datacite.json", ".zenodo.json", "croissant.json", "ro-crate-metadata.json",
            "deposit/citations.bib", "deposit/citations.json"]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        got = {name: DOI in packed.read(name).decode() for name in told}
    expected = dict.fromkeys(told, True)
    assert got == expected
    assert DOI not in (made[0].root / "CITATION.cff").read_text()


def test_another_doi_than_that_of_the_study_is_refused(own, tmp_path):
    file = own.root / "CITATION.cff"
    file.write_text(CFF.replace("version: 1.0.0\n", f"version: 1.0.0\ndoi: {DOI}\n"))
    git(own.root, "commit", "-qam", "two")
    with contextlib.redirect_stdout(io.StringIO()):
        cli.main(["reproduce", "--study", str(own.root)])
    with pytest.raises(study.UsageError, match=f"CITATION.cff has {re.escape(DOI)}"):
        archive.make(own, tmp_path / "x.zip", DOI + "8")


def test_without_its_packages_it_says_what_to_run(made, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "find_spec", lambda name: None if name == "typst" else object())
    with pytest.raises(study.StudyError, match="typst is not installed: run `make archive`"):
        archive.make(made[0], tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_a_whole_archive_passes_without_the_study(made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copy(made[1], tmp_path)
    got = cli.main(["archive", "--check", "rain.zip"]), capsys.readouterr().out
    expected = 0, "rain.zip: every file is as its manifest says.\n"
    assert got == expected


def altered(file: Path, change) -> list[str]:
    """What `check` says of an archive in which the contents were changed and packed again."""
    with zipfile.ZipFile(file) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    change(content)
    other = file.with_name("other.zip")
    other.write_bytes(archive.pack(content, {"run": 0o755}))
    return archive.check(other)


CHANGES = {
    "altered": (lambda files: files.update({"run": b"#!/bin/bash\n"}), ["run: altered"]),
    "missing": (lambda files: files.pop("run"), ["run: missing"]),
    "added": (lambda files: files.update({"new": b""}), ["new: not in the manifest"]),
    "emptied": (lambda files: files.update({"run": b""}), ["run: altered"]),
    "no list": (lambda files: files.update({"manifest-sha256.txt": b"x\n"}), ["manifest-sha256.txt: not a list of checksums"]),
    "nothing": (lambda files: None, []),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_of_a_file_is_named(made, tmp_path, name):
    change, expected = CHANGES[name]
    got = altered(shutil.copy(made[1], tmp_path / "rain.zip"), change)
    assert got == expected


def test_one_byte_of_any_file_is_named(made, tmp_path):
    """In its content and in what the zip says before it."""
    data, missed = made[1].read_bytes(), []
    with zipfile.ZipFile(made[1]) as packed:
        entries = packed.infolist()
    for entry in entries:
        start = entry.header_offset
        for place in (
            start + 10,
            start + 30,
            start + len(entry.FileHeader()) + entry.compress_size // 2,
        ):
            file = tmp_path / "x.zip"
            file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            said = archive.check(file)
            missed += (
                []
                if said and said[0].startswith(entry.filename)
                else [(entry.filename, place - start, said)]
            )
    expected = []
    assert missed == expected


def test_a_byte_that_belongs_to_no_file_is_found_by_the_checksum_beside(made, tmp_path):
    file = Path(shutil.copy(made[1], tmp_path))
    shutil.copy(f"{made[1]}.sha256", tmp_path)
    data = bytearray(file.read_bytes())
    data[-22 - 10] ^= (
        1  # the end of the last entry's name in the list of contents, or what follows it
    )
    file.write_bytes(data)
    try:
        got = bool(archive.check(file))
    except study.StudyError:
        got = True
    expected = True
    assert got == expected
    file.write_bytes(made[1].read_bytes()[:-2] + b"\1\0!")  # a comment on the whole zip
    got = archive.check(file)
    expected = [
        "rain.zip: each file in it agrees, but the zip is not the one that rain.zip.sha256 names"
    ]
    assert got == expected


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_an_archive_that_was_cut_short_gets_one_line(made, tmp_path, capsys, share):
    data, file = made[1].read_bytes(), tmp_path / "x.zip"
    file.write_bytes(data[: int(len(data) * share)])
    got = cli.main(["archive", "--check", str(file)]), capsys.readouterr().err.count("\n")
    expected = 1, 1
    assert got == expected


def test_another_zip_is_told_from_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("a", "b")
    with pytest.raises(study.StudyError, match="holds no manifest"):
        archive.check(tmp_path / "x.zip")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(study.StudyError, match=r"x\.zip: cannot be read"):
        archive.check(tmp_path / "x.zip")


def test_the_command_line_does_not_import_what_only_an_archive_needs(tmp_path):
    code = "import sys; from nbproof import cli; cli.main(['cite']); print(sorted({'rocrate', 'typst', 'jinja2'} & set(sys.modules)))"
    done = subprocess.run(
        [os.sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )  # fmt: skip
    got = done.stdout.splitlines()[-1]
    expected = "[]"
    assert got == expected
