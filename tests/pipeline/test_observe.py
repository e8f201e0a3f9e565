"""What a program opens to read."""

import os

from nbproof.pipeline import observe


def test_files_opened_to_read_are_seen(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    with observe.reading(tmp_path) as got:
        (tmp_path / "a.csv").read_text()
    expected = {os.path.realpath(tmp_path / "a.csv")}
    assert got == expected


def test_files_written_or_outside_are_not(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "b.csv").write_text("1")
    with observe.reading(tmp_path / "in") as got:
        (tmp_path / "in" / "a.csv").write_text("1")
        (tmp_path / "b.csv").read_text()
    expected = set()
    assert got == expected


def test_nothing_is_seen_after_the_block(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    with observe.reading(tmp_path) as got:
        pass
    (tmp_path / "a.csv").read_text()
    expected = set()
    assert got == expected


def test_what_a_c_library_opens_is_found_by_its_name_in_the_code(tmp_path):
    for name in ("a.geojson", "b.geojson", "c.csv"):
        (tmp_path / name).write_text("1")
    got = observe.named(tmp_path, ['read(here / "a.geojson")', "'c.csv'  # b.geojson"])
    expected = {os.path.realpath(tmp_path / "a.geojson")}
    assert got == expected
