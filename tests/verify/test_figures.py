"""Figures: files, plotted tables, pixels and texts."""

import base64
import io
import json
import pkgutil
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nbproof.figures import record, style
from nbproof.verify import figures, notebooks, pictures


def test_every_figure_says_how_it_is_read(collection):
    modules = {
        name: record.find([path], name)["module"] for name, path in owners(collection).items()
    }
    got = [
        name for name, at in modules.items() if not pkgutil.resolve_name(f"{at}:FIGURE").readings
    ]
    expected = []
    assert got == expected


def test_every_figure_is_published_by_a_name_in_the_code(collection):
    got = set(figures.owners(collection, sorted(collection.notebooks.glob("*.ipynb"))))
    expected = {path.name.split(".")[0] for path in collection.figures.glob("*.csv")}
    assert got == expected


def test_a_missing_and_a_needless_file_are_named(tampered):
    study = tampered("figures/staff.tr.svg", None)
    tampered("figures/staff.de.svg", b"")
    names = figures.owners(study, sorted(study.notebooks.glob("*.ipynb")))
    got = {finding.file: finding.said for finding in figures.files(study, names, True)}
    expected = {
        "figures/staff.tr.svg": "the file is missing",
        "figures/staff.de.svg": "no notebook makes this file",
    }
    assert got == expected


def test_a_plotted_cell_is_named(tampered, collection):
    study = tampered("figures/staff.tr.csv", ("year,2012,", "year,2011,"))
    (got,) = figures.compare(study, ["staff"], collection.figures)
    assert (got.file, got.place) == ("figures/staff.tr.csv", "row 3 (line 4), column year")


def owners(study):
    return figures.owners(study, sorted(study.notebooks.glob("*.ipynb")))


def counts(study, name):
    return [
        (finding.file, finding.place, finding.said)
        for finding in figures.counts(study, owners(study))
    ]


def test_every_mark_counts_the_rows_that_it_names(collection):
    got = list(figures.counts(collection, owners(collection)))
    expected = []
    assert got == expected


def test_a_mark_that_counts_more_than_it_names_is_seen(tampered):
    study = tampered("figures/timeline.en.csv", (",,,1,M01", ",,,2,M01"))
    got = counts(study, "timeline")
    said = "column agreements is not the number of rows in column rows"
    expected = [("figures/timeline.en.csv", "row 1 (line 2)", said)]
    assert got == expected


def test_a_mark_that_counts_an_agreement_of_another_year_is_seen(tampered):
    study = tampered("figures/timeline.en.csv", (",,,1,M01", ",,,1,M02"))
    got = [said for _, _, said in counts(study, "timeline")]
    expected = ["column year is not that of M02, which it counts"]
    assert got == expected


def test_a_mark_that_names_what_does_not_exist_is_seen(tampered):
    study = tampered("figures/timeline.en.csv", (",,,1,M01", ",,,1,M99"))
    got = [said for _, _, said in counts(study, "timeline")]
    expected = ["names a row that data/processed/agreements.csv does not hold"]
    assert got == expected


@pytest.mark.parametrize(
    "change",
    [(",,,1,M01", ",,,many,M01"), (",,,1,M01", ",,,inf,M01"), ("mark,", "sign,"), b"\xff\xfe", ("mark,", "\ufeffmark,")],
)  # fmt: skip
def test_a_plotted_table_that_cannot_be_read_is_named(tampered, change):
    ((file, _, said),) = counts(tampered("figures/timeline.en.csv", change), "timeline")
    got = file, said.partition(" (")[0]
    expected = "figures/timeline.en.csv", "not readable as a plotted table"
    assert got == expected


@pytest.mark.parametrize("agreements", [None, b"\xff", b"x\n1\n"])
def test_agreements_that_cannot_be_read_are_not_said_of_each_mark(tampered, agreements):
    got = counts(tampered("data/processed/agreements.csv", agreements), "timeline")
    expected = []
    assert got == expected


def test_a_folder_in_the_place_of_a_file_is_named(tampered):
    study = tampered("figures/staff.tr.svg", None)
    folder = study.figures / "staff.tr.svg"
    folder.mkdir()
    try:
        got = [
            finding.file
            for finding in figures.files(
                study, {"staff": study.notebooks / "05-organisation.ipynb"}, False
            )
        ]
    finally:
        folder.rmdir()
    expected = ["figures/staff.tr.svg"]
    assert got == expected


def test_a_manifest_that_names_what_is_gone_is_a_difference(tampered):
    study = tampered("figures/staff.en.png", None)
    got = [(finding.file, finding.place) for finding in figures.manifest(study)]
    expected = [("codecheck.yml", "figures/staff.en.png")]
    assert got == expected


@pytest.mark.parametrize("text", [b"a: [", b"manifest: 1", b"manifest:\n - x", b"\xff"])
def test_a_manifest_that_is_none_is_named(tampered, text):
    got = [finding.file for finding in figures.manifest(tampered("codecheck.yml", text))]
    expected = ["codecheck.yml"]
    assert got == expected


# Pixels

STAFF = {"staff": "05-organisation"}


def png(draw=lambda pen: None, size=(300, 200)) -> bytes:
    picture, file = Image.new("RGB", size, "white"), io.BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.rectangle((50, 50, 90, 150), fill="#17406b")
    draw(pen)
    picture.save(file, "png")
    return file.getvalue()


def test_equal_pixels_in_other_bytes_are_no_difference():
    got = pictures.difference(png(), png() + b" ").pixels
    expected = 0
    assert got == expected


def test_a_small_mark_is_a_difference():
    got = pictures.difference(
        png(), png(lambda pen: pen.rectangle((200, 20, 202, 22), fill="black"))
    )
    assert got.said == "9 pixels differ, within x 200 to 202, y 20 to 22 of 300 × 200"


def test_a_shade_that_arithmetic_may_give_is_none():
    got = pictures.difference(png(), png(lambda pen: pen.rectangle((0, 0, 40, 40), fill="#fafafa")))
    assert got.pixels == 0


def test_a_veil_is_a_difference():
    """No pixel is far off, but many are a little."""
    got = pictures.difference(png(), png(lambda pen: pen.rectangle((0, 0, 40, 40), fill="#f5f5f5")))
    assert got.pixels == 41 * 41


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:33] + chunk(b"gAMA", struct.pack(">I", 10_000)) + data[33:],
        lambda data: data[:33] + chunk(b"tEXt", b"Author\0Somebody") + data[33:],
        lambda data: data + b"more",
        lambda data: data[:33] + chunk(b"acTL", struct.pack(">II", 2, 0)) + data[33:],
    ],
)
def test_a_picture_that_holds_more_than_its_pixels_is_named(tampered, collection, tmp_path, change):
    name = "figures/staff.en.png"
    study = tampered(name, change((collection.root / name).read_bytes()))
    (got,) = pictures.compare(study, STAFF, collection.figures, tmp_path, False)
    assert (got.file, got.severity, "parts" in got.said) == (name, "fail", True)


@pytest.mark.parametrize("code", ["<script>x</script>", "<image href='https://example.org/'/>"])
def test_an_svg_that_does_something_fails_with_any_release(tampered, collection, tmp_path, code):
    study = tampered("figures/staff.en.svg", ("</svg>", f"{code}</svg>"))
    (got,) = pictures.compare(study, STAFF, collection.figures, tmp_path, False)
    assert (got.severity, "runs or is fetched" in got.said) == ("fail", True)


@pytest.mark.parametrize("other", [png(size=(301, 200)), b"no picture", png()[:60]])
def test_what_cannot_be_laid_over_it_is_a_difference(other):
    got = pictures.difference(other, png()).pixels
    expected = -1
    assert got == expected


def compare(study, collection, folder, exact=True):
    found = pictures.compare(study, STAFF, collection.figures, folder, exact)
    return [(finding.file, finding.severity) for finding in found]


def test_untouched_pictures_agree(collection, tmp_path):
    got = compare(collection, collection, tmp_path)
    expected = []
    assert got == expected


def mirrored(picture):
    """Another picture of the same size."""
    file = io.BytesIO()
    with Image.open(picture) as opened:
        opened.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(file, "PNG")
    return file.getvalue()


def test_another_picture_comes_with_three_images(tampered, collection, tmp_path):
    study = tampered("figures/staff.tr.png", changed("figures/staff.tr.png", collection, minus))
    (got,) = pictures.compare(study, STAFF, collection.figures, tmp_path, True)
    assert got.file == "figures/staff.tr.png"
    assert [*got.pictures][:3] == ["committed", "fresh", "difference"]
    assert all(path.is_file() for path in got.pictures.values())


def changed(name: str, collection, change) -> bytes:
    """A committed picture with its pixels changed."""
    with Image.open(collection.root / name) as picture:
        pixels = np.array(picture.convert("RGB"))
    change(pixels)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png", dpi=(300, 300))
    return file.getvalue()


def paler(pixels):
    """As another rounding of the edges of letters is."""
    pixels[200:400:2, 300:600] = np.clip(pixels[200:400:2, 300:600], 0, 225)


def minus(pixels):
    """A minus sign of the smallest type."""
    pixels[900:903, 900:915] = 40


@pytest.mark.parametrize(
    ("change", "exact", "expected"),
    [
        (paler, True, "fail"),
        (paler, False, "report"),
        (minus, True, "fail"),
        (minus, False, "fail"),
    ],
)
def test_pixels_of_other_releases_are_set_aside_up_to_a_minus_sign(
    tampered, collection, tmp_path, change, exact, expected
):
    name = "figures/staff.tr.png"
    study = tampered(name, changed(name, collection, change))
    got = compare(study, collection, tmp_path, exact)
    assert got == [(name, expected)]


def test_a_picture_too_large_to_be_opened_is_named(tampered, collection, tmp_path):
    name = "figures/staff.tr.png"
    data = (collection.root / name).read_bytes()
    study = tampered(name, data[:16] + struct.pack(">II", 30_000, 30_000) + data[24:])
    (got,) = pictures.compare(study, STAFF, collection.figures, tmp_path, True)
    assert (got.file, "too large" in got.said) == (name, True)


def test_another_text_in_an_svg_fails_with_any_release(tampered, collection, tmp_path):
    study = tampered("figures/staff.en.svg", (">2012</text>", ">2011</text>"))
    got = compare(study, collection, tmp_path, exact=False)
    expected = [("figures/staff.en.svg", "fail")]
    assert got == expected


def test_another_stroke_in_an_svg_is_named_by_line(tampered, collection, tmp_path):
    study = tampered("figures/staff.en.svg", ("stroke-width", "stroke-wldth"))
    (got,) = pictures.compare(study, STAFF, collection.figures, tmp_path, True)
    assert got.said == "another drawing"
    assert got.place.startswith("line ")


def test_other_line_ends_in_an_svg_are_a_difference(tampered, collection, tmp_path):
    name = "figures/staff.en.svg"
    data = (collection.root / name).read_bytes()
    study = tampered(name, data.replace(b"\n", b"\r\n"))
    got = [
        finding.file
        for finding in pictures.compare(study, STAFF, collection.figures, tmp_path, True)
    ]
    expected = [name]
    assert got == expected


@pytest.mark.parametrize("pixels", [1, 7, 900])
def test_a_pixel_of_an_inline_picture_is_the_file_s(tampered, collection, tmp_path, pixels):
    name = "notebooks/08-beyond-bilateral.ipynb"
    content = json.loads((collection.root / name).read_bytes())
    number, output = next(
        (number, output)
        for number, cell in enumerate(content["cells"])
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    )
    with Image.open(io.BytesIO(base64.b64decode("".join(output["data"]["image/png"])))) as picture:
        other = np.array(picture)
    other[100, 100 : 100 + pixels] ^= 128
    output["data"]["image/png"] = base64.b64encode(style.png(other, 100)).decode()
    study = tampered(name, json.dumps(content).encode())
    (got,) = pictures.inline(study, study.root / name, collection.root / name, tmp_path, True)
    assert (got.file, got.place) == (name, f"cell {number + 1} (code)")
    assert "made smaller" in got.said


def test_a_stored_inline_picture_of_another_figure_is_named(tampered, collection, tmp_path):
    name = "notebooks/02-timeline.ipynb"
    content = json.loads((collection.root / name).read_bytes())
    other = notebooks.load(collection.notebooks / "03-world-map.ipynb")
    (picture,) = (
        output["data"]["image/png"]
        for cell in other["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    )
    number, output = next(
        (number, output)
        for number, cell in enumerate(content["cells"], start=1)
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    )
    output["data"]["image/png"] = picture
    study = tampered(name, json.dumps(content).encode())
    path, fresh = study.root / name, collection.root / name
    (got,) = pictures.inline(study, path, fresh, tmp_path, True)
    assert (got.file, got.place, got.check) == (name, f"cell {number} (code)", "pictures")
