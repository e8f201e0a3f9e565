"""Each SVG, drawn by another program with the fonts that are shipped, shows what the PNG shows.

The two set letters up to a pixel apart. So a pixel is compared with those around its place in the other
picture, and what is left is averaged over the size of a small mark. Without a change 20 of 255 are left at
most; the smallest mark leaves 25 or more. A digit in place of another may leave less: words are read in
the SVG, by `verify`, of which this comparison is no part.
"""

import functools
import io
import itertools
import re
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageChops, ImageFilter

from nbproof.figures import style

resvg_py = pytest.importorskip("resvg_py")
HERE = Path(__file__).parents[2]
FOLDERS = Path(style.__file__).parent / "fonts", Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FONTS = [str(path) for folder in FOLDERS for path in sorted(folder.glob("*.ttf"))]
NAMES = sorted(path.name.removesuffix(".png") for path in (HERE / "figures").glob("*.png")
               if path.with_suffix(".svg").exists())  # fmt: skip
REDUCED = 2  # of the file's pixels to one
MARK = 3  # pixels: the radius of what is averaged; the smallest dots are as large
CEILING = 23  # of 255


def drawn(svg: str, size: tuple[int, int]) -> Image.Image:
    svg = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', svg, count=2)
    svg = svg.replace("<text ", '<text xml:space="preserve" ')  # else two spaces are as wide as one
    data = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=size[0],
        background="#ffffff",
        skip_system_fonts=True,
        font_files=FONTS,
    )
    return Image.open(io.BytesIO(bytes(data))).convert("RGB").resize(size)


def apart(one: Image.Image, other: Image.Image) -> Image.Image:
    """How far each pixel of one is from the nearest in colour around its place in the other."""
    least = Image.new("RGB", one.size, "white")
    for across, up in itertools.product((-1, 0, 1), repeat=2):
        moved = ImageChops.offset(other, across, up)
        least = ImageChops.darker(least, ImageChops.difference(one, moved))
    return least


def farthest(svg: str, png: Path) -> tuple[int, tuple[int, int]]:
    """The largest averaged difference, and where, in pixels of the file."""
    picture = Image.open(png).convert("RGB")
    size = picture.width // REDUCED, picture.height // REDUCED
    soft = [
        one.filter(ImageFilter.GaussianBlur(1.5))
        for one in (drawn(svg, size), picture.resize(size))
    ]
    both = ImageChops.lighter(apart(*soft), apart(*soft[::-1]))
    channels = both.filter(ImageFilter.BoxBlur(MARK)).split()
    most = functools.reduce(ImageChops.lighter, channels)
    value = most.getextrema()[1]
    place = most.tobytes().index(value)
    return value, (place % size[0] * REDUCED, place // size[0] * REDUCED)


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_shows_what_the_png_shows(name):
    svg = (HERE / "figures" / f"{name}.svg").read_text("utf-8")
    got, where = farthest(svg, HERE / "figures" / f"{name}.png")
    assert got < CEILING, where


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("timeline.en", ">Europe 82 (71)<", ">Asia 82 (71)<"),
        ("timeline.tr", "fill: #a4343a", "fill: #b3bdc8"),
    ],
)
def test_an_svg_that_says_something_else_is_seen(name, one, other):
    svg = (HERE / "figures" / f"{name}.svg").read_text("utf-8")
    assert one in svg
    got, _ = farthest(svg.replace(one, other), HERE / "figures" / f"{name}.png")
    assert got >= CEILING
