"""A notebook has changed when what a person wrote has."""

import hashlib
import time

import nbformat
import pytest

from nbproof.pipeline import checksums


def write(path, source="x = 1", tags=("parameters",), rules=None, output="1", reads=()):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}, id="a")
    cell.outputs = [nbformat.v4.new_output("stream", text=output)]
    metadata = {"nbproof": {"parameters": rules or {}, "reads": list(reads)}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), path)
    return checksums.checksum(path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"output": "2"}, True),
        ({"reads": ["data/raw/x.csv"]}, True),
        ({"source": "x = 2"}, False),
        ({"tags": ()}, False),
        ({"rules": {"x": {"type": "integer"}}}, False),
    ],
)
def test_outputs_are_no_change_and_sources_are(tmp_path, change, expected):
    got = write(tmp_path / "a.ipynb", **change) == write(tmp_path / "b.ipynb")
    assert got == expected


def test_a_table_s_checksum_is_that_of_its_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n1\n")
    before = checksums.checksum(path)
    path.write_bytes(b"a\n2\n")
    got = checksums.checksum(path) == before
    expected = False
    assert got == expected


def test_a_file_that_stays_as_it_is_is_read_once(tmp_path, monkeypatch):
    monkeypatch.setattr(checksums, "SETTLED", 0)
    path, seen = tmp_path / "a.csv", []
    path.write_bytes(b"a")
    look = checksums.kept(lambda file: seen.append(file.read_bytes()))
    look(path), look(path)
    path.write_bytes(b"longer")
    look(path)
    got = seen
    expected = [b"a", b"longer"]
    assert got == expected


def test_a_file_written_again_within_a_tick_of_the_clock_is_read_again(tmp_path, monkeypatch):
    now = time.time_ns()
    monkeypatch.setattr(checksums, "stamp", lambda path: [1, now, now, 1])
    path, got = tmp_path / "a.csv", []
    for content in (b"a", b"b"):
        path.write_bytes(content)
        got.append(checksums.exact(path))
    expected = [hashlib.sha256(content).hexdigest() for content in (b"a", b"b")]
    assert got == expected


def test_a_file_that_is_not_there_is_said_by_who_reads_it(tmp_path):
    got = checksums.kept(lambda file: file.name)(tmp_path / "gone.csv")
    expected = "gone.csv"
    assert got == expected
