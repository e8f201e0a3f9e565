"""The figure card and the figure's files."""

import hashlib
import io
import re
import struct

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from nbproof import labels
from nbproof.figures import card, record, style

WORDS = labels.load("en")
TABLE = pd.DataFrame(
    {
        "mark": ["bar", "bar", "total"],
        "year": pd.array([1971, 1972, None], dtype="Int64"),
        "agreements": [1, 2, 3],
    }
)


FIGURE = record.Record(
    "package.figures.test",
    lambda table, labels: "alt",
    counted={"agreements": "rows"},
    again=("total",),
)


@pytest.fixture
def figure():
    drawn = Figure(figsize=(10, 4))
    drawn.subplots().plot([1, 2], [3, 4])
    drawn.text(0.5, 0.5, "İıŞğ")
    return drawn


def test_the_card_sums_each_kind_of_mark_once():
    got = record.card(card.facts(FIGURE, TABLE, "en")).splitlines()[2:4]
    expected = [
        "bar       2 rows; year 1971 to 1972; agreements 1 to 2, sum 3",
        "total     1 rows; agreements 3 to 3",
    ]
    assert got == expected


def test_the_card_s_checksum_is_that_of_the_csv_file(figure, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NBPROOF_OUTPUT", str(tmp_path))
    card.publish(FIGURE, figure, TABLE, WORDS)
    got = hashlib.sha256((tmp_path / "figures" / "test.en.csv").read_bytes()).hexdigest()
    expected = capsys.readouterr().out.split()[-1]
    assert got == expected


def test_the_notebook_s_picture_is_the_file_s_made_smaller(figure, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.setenv("NBPROOF_OUTPUT", str(tmp_path))
    card.publish(FIGURE, figure, TABLE, WORDS)
    with (
        Image.open(io.BytesIO(shown[0].data)) as here,
        Image.open(tmp_path / "figures" / "test.en.png") as file,
    ):
        got = here.tobytes()
        expected = file.reduce(style.FINER).tobytes()
    assert got == expected


def test_what_others_need_to_know_goes_with_the_picture(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    figure = style.page(1, "It costs $1", "in 1971")
    card.publish(FIGURE, figure, TABLE, WORDS)
    data, metadata = shown[0]._repr_mimebundle_()
    output = {
        "output_type": "display_data",
        "data": data,
        "metadata": {"image/png": metadata["image/png"]},
    }
    ((_, said),) = record.published({"cells": [{"cell_type": "code", "outputs": [output]}]})
    got = {name: said[name] for name in ("name", "title", "subtitle", "alt", "module", "counted")}
    expected = {
        "name": "test", "title": "It costs $1", "subtitle": "in 1971", "alt": "alt",
        "module": "package.figures.test", "counted": {"agreements": "rows"},
    }  # fmt: skip
    assert got == expected


def test_a_figure_without_a_title_has_none():
    got = style.headings(Figure())
    expected = "", ""
    assert got == expected


def test_nothing_is_written_without_an_output(figure, tmp_path, monkeypatch):
    monkeypatch.delenv("NBPROOF_OUTPUT", raising=False)
    monkeypatch.chdir(tmp_path)
    card.publish(FIGURE, figure, TABLE, WORDS)
    got = list(tmp_path.iterdir())
    expected = []
    assert got == expected


def test_noise_of_floating_point_changes_no_checksum():
    exact = pd.DataFrame({"x": [0.3, 1e6, np.nan]})
    noisy = pd.DataFrame({"x": [0.1 + 0.2, 1e6, np.nan]})
    got = card.canonical(noisy)
    expected = card.canonical(exact)
    assert got == expected


def test_a_changed_cell_changes_the_checksum():
    got = card.canonical(TABLE.assign(agreements=[1, 2, 4]))
    assert got != card.canonical(TABLE)


def test_a_picture_is_wide_enough_to_print(figure):
    width, _ = struct.unpack(">II", style.render(figure, "png")[16:24])
    assert width >= 1800


def test_a_png_shows_what_the_figure_shows(figure):
    shown = io.BytesIO()
    style.styled(figure.savefig)(shown, format="png", dpi=100)
    with (
        Image.open(shown) as there,
        Image.open(io.BytesIO(style.render(figure, "png", 100))) as here,
    ):
        got, expected = here.convert("RGBA").tobytes(), there.convert("RGBA").tobytes()
        assert (here.size, here.info) == (there.size, {"dpi": there.info["dpi"]})
    assert got == expected


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(figure, kind):
    got = style.render(figure, kind)
    expected = style.render(figure, kind)
    assert got == expected


def test_text_in_an_svg_is_text(figure):
    got = "İıŞğ" in style.render(figure, "svg").decode()
    expected = True
    assert got == expected


def ids(svg: str) -> list[str]:
    return re.findall(r' id="([^"]*)"', svg)


def clipped(left=0.1):
    """Lines, markers, a hatch and a cut: all that matplotlib gives an id."""
    drawn = Figure(figsize=(10, 4))
    axis = drawn.add_axes((left, 0.1, 0.8, 0.8))
    axis.plot([1, 2], [3, 4], marker="o")
    axis.scatter(range(9), range(9))
    axis.bar([1], [2], hatch="//")
    return drawn


def test_every_reference_in_an_svg_has_its_one_definition():
    svg = style.render(clipped(), "svg").decode()
    referred = re.findall(r'(?:href="#|url\(#)([^")]+)', svg)
    got = {name: ids(svg).count(name) for name in referred}
    expected = dict.fromkeys(referred, 1)
    assert len(got) >= 4
    assert got == expected


def test_the_last_digit_of_a_clip_path_changes_no_byte():
    got = style.render(clipped(np.nextafter(0.1, 1)), "svg")
    expected = style.render(clipped(0.1), "svg")
    assert got == expected


def test_no_id_of_a_committed_svg_is_a_hash(collection):
    found = {
        path.name: [
            name for name in ids(path.read_text("utf-8")) if re.search("[0-9a-f]{10}$", name)
        ]
        for path in collection.figures.glob("*.svg")
    }
    got = {name: hashed[:3] for name, hashed in found.items() if hashed}
    expected = {}
    assert got == expected
