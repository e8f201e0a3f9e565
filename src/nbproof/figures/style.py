"""The look that all figures share, and how a figure becomes bytes."""

import functools
import io
import re
import struct

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from zlib_ng import zlib_ng

INK, QUIET, HAIR, PAPER = "#1d2430", "#5b6472", "#cfd4da", "#ffffff"
ACCENT = "#a4343a"
HEADINGS = ("title", "subtitle")  # by these labels a figure's own are found
# From few to many; the lightest still stands out from the land colour.
SEQUENCE = ["#c9dcec", "#8fb8d9", "#4d88b8", "#1f4e79"]
LAND = "#eceae4"

DPI = 300  # of a figure's file
FINER = 3  # by how much it is finer than the picture in the notebook

_STYLE = {
    "axes.axisbelow": True,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": PAPER,
    "patch.force_edgecolor": True,
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": QUIET,
    "axes.edgecolor": HAIR,
    "axes.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "hatch.linewidth": 0.6,
    "hatch.color": QUIET,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    # Letters as they are in an SVG; fitting them to pixels is for coarser ones than a figure's.
    "text.hinting": "none",
    "svg.fonttype": "none",  # text stays text
}
# What we do not set is matplotlib's own, not the reader's.
LOOK = ["default", _STYLE]


def styled(function):
    """A `draw()` in this style, whatever the reader's own settings are."""

    @functools.wraps(function)
    def drawn(*args, **kwargs) -> Figure:
        with matplotlib.style.context(LOOK):
            return function(*args, **kwargs)

    return drawn


def render(figure: Figure, kind: str, dpi: int = DPI) -> bytes:
    """The figure as "png" or "svg", the same bytes from run to run."""
    if kind == "png":
        return png(pixels(figure, dpi), dpi)
    file = io.BytesIO()
    with matplotlib.style.context(LOOK):
        # No date and no program version: a picture is compared byte by byte.
        figure.savefig(file, format=kind, metadata={"Date": None, "Creator": None})
    return _numbered(file.getvalue().decode()).encode()


# What matplotlib names after a hash of floating-point numbers: clip paths, markers, hatches.
_HASHED = re.compile(r'( id="|href="#|url\(#)((?:[pmh]|image|C[0-9a-f]+_[0-9a-f]+_)[0-9a-f]{10})\b')


def _numbered(svg: str) -> str:
    """Each such id by its place in the file: it changes neither with the run nor with a last digit."""
    numbers: dict[str, int] = {}
    return _HASHED.sub(
        lambda found: f"{found[1]}id{numbers.setdefault(found[2], len(numbers) + 1)}", svg
    )


def pixels(figure: Figure, dpi: int = DPI) -> np.ndarray:
    """The figure drawn once, for every picture of it: height × width × (red, green, blue, 255)."""
    before = figure.dpi
    with matplotlib.style.context(LOOK):
        canvas = FigureCanvasAgg(figure)
        try:
            figure.dpi = dpi
            canvas.draw()
        finally:
            figure.dpi = before
    return np.asarray(canvas.buffer_rgba())


def reduced(pixels: np.ndarray) -> np.ndarray:
    """The same drawing for the notebook: each pixel the mean of FINER × FINER."""
    height, width, _ = pixels.shape
    return np.asarray(Image.frombuffer("RGBX", (width, height), pixels).reduce(FINER))


def png(pixels: np.ndarray, dpi: float) -> bytes:
    """Pixels as a PNG.

    Of flat colours with thin lines, unfiltered rows come out smaller than filtered ones, and in less
    than half the time: trying filters on every row is what a general encoder spends its time with.
    zlib-ng packs them three times as fast as zlib, as small, and is the same library everywhere.
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with its filter: none
    for colour in range(3):  # one after the other takes a third of the time of all at once
        rows[:, 1 + colour :: 3] = pixels[:, :, colour]
    metre = round(dpi / 0.0254)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),  # 8 bits, RGB
        b"pHYs": struct.pack(">IIB", metre, metre, 1),
        b"IDAT": zlib_ng.compress(rows, 5),
        b"IEND": b"",
    }
    said = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib_ng.crc32(name + data))
        for name, data in parts.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(said)


def despine(axis: Axes, *more: str) -> None:
    """Take away the axis's upper and right edge, and `more` of its edges: "left", "bottom"."""
    axis.spines[["top", "right", *more]].set_visible(False)


def page(body: float, title: str, subtitle: str, note: str = "") -> Figure:
    """A page as wide as a printed column: finding, topic, `body` inches, source and notes at its foot."""
    size = 11.5, 8.5, 8  # points
    title_high, subtitle_high, note_high = (
        (text.count("\n") + 1) * points * 1.35 / 72
        for text, points in zip((title, subtitle, note), size, strict=True)
    )
    above, below = title_high + subtitle_high + 0.25, note_high + 0.2
    figure = Figure(figsize=(6.3, above + body + below))
    place, high = {"va": "top", "linespacing": 1.25}, figure.get_figheight()
    figure.text(
        0.013,
        1 - 0.08 / high,
        title,
        fontsize=size[0],
        fontweight="bold",
        label=HEADINGS[0],
        **place,
    )
    lower = 1 - (0.14 + title_high) / high
    figure.text(0.013, lower, subtitle, fontsize=size[1], color=QUIET, label=HEADINGS[1], **place)
    figure.text(0.013, (below - 0.1) / high, note, fontsize=size[2], color=QUIET, **place)
    figure.subplots_adjust(left=0.013, right=0.987, bottom=below / high, top=(below + body) / high)
    return figure


def box(figure: Figure, left: float, bottom: float, width: float, height: float) -> list[float]:
    """For `add_axes`: a place in a page's body, in inches from its lower left corner."""
    wide, high = figure.get_size_inches()
    across, up = figure.subplotpars.left * wide, figure.subplotpars.bottom * high
    return [(across + left) / wide, (up + bottom) / high, width / wide, height / high]


def head(figure: Figure, title: str, subtitle: str, left: float = 0.06, top: float = 0.975) -> None:
    """Title and subtitle at the top left."""
    height = figure.get_figheight()
    figure.text(left, top, title, fontsize=15, fontweight="bold", va="top", label=HEADINGS[0])
    lower = top - 0.34 / height
    figure.text(left, lower, subtitle, fontsize=10, color=QUIET, va="top", label=HEADINGS[1])


def headings(figure: Figure) -> tuple[str, str]:
    """The title and subtitle that `head` has put on a figure, or "" where there are none."""
    found = {text.get_label(): text.get_text() for text in figure.texts}
    title, subtitle = (found.get(name, "").replace(r"\$", "$") for name in HEADINGS)
    return title, subtitle


def foot(figure: Figure, text: str, left: float = 0.06, bottom: float = 0.015) -> None:
    """Source and notes at the bottom left; line breaks are the label's."""
    figure.text(left, bottom, text, fontsize=7.5, color=QUIET, va="bottom", linespacing=1.4)


def plain(text: str) -> str:
    """Text that matplotlib shows as it is: a dollar sign is no formula."""
    return text.replace("$", r"\$")
