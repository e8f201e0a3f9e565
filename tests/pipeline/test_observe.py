"""What a program opens to read."""

import os

from nbproof.pipeline import observe


def test_data_and_labels_opened_to_read_are_seen(tmp_path):
    names = ["data/a.csv", "src/own/labels/en/a.toml", "a.csv", "src/own/settings.toml"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    with observe.reading(tmp_path) as got:
        for name in names:
            (tmp_path / name).read_text()
    expected = {os.path.realpath(tmp_path / name) for name in names[:2]}
    assert got == expected


def test_files_written_or_outside_are_not(tmp_path):
    for name in ("in/data", "data"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data" / "b.csv").write_text("1")
    with observe.reading(tmp_path / "in") as got:
        (tmp_path / "in" / "data" / "a.csv").write_text("1")
        (tmp_path / "data" / "b.csv").read_text()
    expected = set()
    assert got == expected


def test_nothing_is_seen_after_the_block(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1")
    with observe.reading(tmp_path) as got:
        pass
    (tmp_path / "data" / "a.csv").read_text()
    expected = set()
    assert got == expected


def test_what_a_c_library_opens_is_found_by_its_name_in_the_code(tmp_path):
    for name in ("a.geojson", "b.geojson", "c.csv"):
        (tmp_path / name).write_text("1")
    got = observe.named(tmp_path, ['read(here / "a.geojson")', "'c.csv'  # b.geojson"])
    expected = {os.path.realpath(tmp_path / "a.geojson")}
    assert got == expected
