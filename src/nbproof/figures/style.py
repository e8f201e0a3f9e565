"""The look that all figures share, and how a figure becomes bytes."""

import functools
import io
import re
import struct
from bisect import bisect_right
from html import escape
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.textpath import text_to_path
from PIL import Image
from zlib_ng import zlib_ng

INK, QUIET, HAIR, PAPER = "#1d2430", "#5b6472", "#cfd4da", "#ffffff"
ACCENT, REST = "#a4343a", "#b3bdc8"  # what is meant, and what stands around it
# Kinds beside each other, told apart in grey and by the colour-blind: each is lighter than the one before.
SERIES = ["#17406b", "#c65d1b", "#6fb79b", "#cbb2d8", "#f5e7a3"]
HEADINGS = ("title", "subtitle")  # by these labels a figure's own are found
# A page is as wide as a printed column, a phone's as a phone: so type is as large as its points say.
WIDTH, PHONE = 6.3, 3.75  # inches
MARGIN = 0.08  # inches, on every side of a page
TITLE, SUBTITLE, BODY, SMALL = 13, 9.5, 8.5, 8  # points; nothing is smaller than SMALL
# From line to line: of what the typeface gives a line, and so in the type's size
LINE, LEADING = 0.9, 1.28
LAND = "#eceae4"

DPI = 300  # of a figure's file
FINER = 2  # by how much it is finer than the picture in the notebook

# The typeface by weight: `fonts/README.md` says where it is from. It comes before one of the reader's
# own of this name.
FAMILY = "Source Sans 3"
_FONTS = Path(__file__).with_name("fonts")
FACES = {400: _FONTS / "SourceSans3-Regular.ttf", 700: _FONTS / "SourceSans3-SemiBold.ttf"}
font_manager.fontManager.ttflist[:0] = [
    font_manager.FontEntry(str(path), name=FAMILY, weight=weight, stretch="normal", size="scalable")
    for weight, path in FACES.items()
]

_STYLE = {
    "axes.axisbelow": True,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": PAPER,
    "patch.force_edgecolor": True,
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": BODY,
    "axes.titlesize": SUBTITLE,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": QUIET,
    "axes.edgecolor": HAIR,
    "axes.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
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


def render(figure: Figure, kind: str, dpi: int = DPI, alt: str = "") -> bytes:
    """The figure as "png" or "svg", the same bytes from run to run.

    An SVG carries the letters it uses, its title and `alt` for screen readers, and its dark colours.
    """
    if kind == "png":
        return png(pixels(figure, dpi), dpi)
    file = io.BytesIO()
    with matplotlib.style.context(LOOK):
        # No date and no program version: a picture is compared byte by byte.
        figure.savefig(file, format=kind, metadata={"Date": None, "Creator": None})
    svg = _PATH.sub(lambda path: _DECIMALS.sub("", path[0]), _numbered(file.getvalue().decode()))
    svg = _GROUND.sub(r' style="fill: \1"', svg)
    start = svg.index("<svg") + 4
    end = svg.index(">", start) + 1
    described = ' role="img" aria-labelledby="title desc"'
    said = f'<title id="title">{escape(headings(figure)[0])}</title><desc id="desc">{escape(alt)}</desc>'
    look = f"<style>{_faces(svg)}{dark(svg)}</style>"
    return f"{svg[:start]}{described}{svg[start:end]}\n{said}\n{look}{svg[end:]}".encode()


# A hundredth of a point is finer than any eye, and half of a map's bytes.
_PATH, _DECIMALS = re.compile(r' d="[^"]*"'), re.compile(r"(?<=\.\d\d)\d+")
_TEXT = re.compile(r'<text style="([^"]*)"[^>]*>([^<]*)<')


def _faces(svg: str) -> str:
    """The letters of the typeface that an SVG uses, so that it looks alike where it is not installed."""
    import base64
    from html import unescape

    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    used: dict[int, set[int]] = {weight: set() for weight in FACES}
    for look, text in _TEXT.findall(svg):
        used[700 if "font-weight: 700" in look else 400].update(map(ord, unescape(text)))
    rules = []
    for weight, letters in used.items():
        if letters:
            font = TTFont(FACES[weight], recalcTimestamp=False, lazy=True)
            # Pairs of letters drawn closer would make it half as large again. What fontTools is told to drop
            # it reads first, which takes longer than all else.
            for table in {"GPOS", "GSUB", "GDEF", "BASE", "STAT"} & {*font.keys()}:
                del font[table]
            chosen = Subsetter(Options(hinting=False, name_IDs=[]))
            chosen.populate(unicodes=letters)
            chosen.subset(font)
            file = io.BytesIO()
            font.save(file)
            data = base64.b64encode(file.getvalue()).decode()
            rules.append(
                f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
                f"src:url(data:font/ttf;base64,{data})}}"
            )
    return "".join(rules)


_COLOUR = re.compile(r"(fill|stroke): #([0-9a-f]{6})")
# The ground of a hatch is an attribute; as a style it has a dark colour like everything else.
_GROUND = re.compile(r' fill="(#[0-9a-f]{6})"')


def dark(svg: str) -> str:
    """A variable a colour, another value where the reader prefers the dark.

    The colour in the drawing stays: a program that knows no variables shows it.
    """
    uses = sorted(set(_COLOUR.findall(svg)))
    colours = sorted({colour for _, colour in uses})
    light = "".join(f"--c{colour}:#{colour};" for colour in colours)
    dark = "".join(f"--c{colour}:{in_the_dark('#' + colour)};" for colour in colours)
    rules = [
        f'[style*="{what}: #{colour}"]{{{what}:var(--c{colour})!important}}'
        for what, colour in uses
    ]
    return f"svg{{{light}}}@media(prefers-color-scheme:dark){{svg{{{dark}}}}}{''.join(rules)}"


# From linear red, green and blue to Oklab (Björn Ottosson, 2020), where equal steps look equal.
_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
_OKLAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def oklab(colour: str) -> np.ndarray:
    """Lightness from 0 to 1, and two axes of hue, of "#rrggbb"."""
    rgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return _OKLAB @ np.cbrt(_CONES @ linear)


def in_the_dark(colour: str) -> str:
    """The colour of the same hue as far from a dark paper as this one is from white."""
    lightness, *hue = oklab(colour)
    cones = np.linalg.solve(_OKLAB, [1.138 - 0.938 * lightness, *hue]) ** 3
    linear = np.clip(np.linalg.solve(_CONES, cones), 0, 1)
    rgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * min(part, 1)):02x}" for part in rgb)


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


@functools.lru_cache(maxsize=4096)
def width_of(text: str, size: float = BODY, weight: str = "normal") -> float:
    """How wide the longest line of a text is drawn, in inches."""
    font = font_manager.FontProperties(family=FAMILY, size=size, weight=weight)
    measured = text_to_path.get_text_width_height_descent
    return max(measured(line, font, ismath=False)[0] for line in text.split("\n")) / 72


def wrap(text: str, width: float, size: float = BODY, weight: str = "normal") -> str:
    """The text in lines of at most `width` inches, as measured; its own line breaks stay."""
    lines = []
    for paragraph in text.split("\n"):
        words = paragraph.split(" ")
        while words:
            starts = [" ".join(words[: n + 1]) for n in range(len(words))]
            fit = bisect_right(starts, width, lo=1, key=lambda line: width_of(line, size, weight))
            lines.append(starts[fit - 1])
            del words[:fit]
    return "\n".join(lines)


def page(body: float, title: str, subtitle: str, note: str = "", *, phone: bool = False) -> Figure:
    """A page with the finding as title, the topic below it, and source and notes at its foot.

    All are wrapped to the page's width (WIDTH, or PHONE). Between them are `body` inches: there `subplots`
    come to lie, and `box` places axes in it.
    """
    width = PHONE if phone else WIDTH
    room = width - 2 * MARGIN
    title, subtitle, note = map(plain, (title, subtitle, note))
    title = wrap(title, room, TITLE, "bold")
    subtitle, note = wrap(subtitle, room, SUBTITLE), wrap(note, room, SMALL) if note else ""
    tall = lambda text, size: (text.count("\n") + 1) * size * LEADING / 72  # noqa: E731
    above = MARGIN + tall(title, TITLE) + tall(subtitle, SUBTITLE) + 0.1
    below = (tall(note, SMALL) + 0.08 if note else 0) + MARGIN
    height = above + body + below
    figure = Figure(figsize=(width, height))
    place = {"va": "top", "linespacing": LINE}
    left, top = MARGIN / width, 1 - MARGIN / height
    figure.text(left, top, title, fontsize=TITLE, fontweight="bold", label=HEADINGS[0], **place)
    top -= tall(title, TITLE) / height
    figure.text(left, top, subtitle, fontsize=SUBTITLE, color=QUIET, label=HEADINGS[1], **place)
    top = (below - 0.08) / height
    figure.text(left, top, note, fontsize=SMALL, color=QUIET, **place)
    figure.subplots_adjust(
        left=left, right=1 - left, bottom=below / height, top=(below + body) / height
    )
    return figure


def box(figure: Figure, left: float, bottom: float, width: float, height: float) -> list[float]:
    """For `add_axes`: a place in a page's body, in inches from its lower left corner."""
    wide, high = figure.get_size_inches()
    across, up = figure.subplotpars.left * wide, figure.subplotpars.bottom * high
    return [(across + left) / wide, (up + bottom) / high, width / wide, height / high]


def below_headings(figure: Figure) -> float:
    """The share of a page's height that lies below its title and subtitle."""
    return round(figure.subplotpars.top, 4)


def headings(figure: Figure) -> tuple[str, str]:
    """The title and subtitle that `page` has put on a figure, or "" where there are none."""
    found = {text.get_label(): text.get_text() for text in figure.texts}
    title, subtitle = (
        found.get(name, "").replace(r"\$", "$").replace("\n", " ") for name in HEADINGS
    )
    return title, subtitle


def plain(text: str) -> str:
    """Text that matplotlib shows as it is: a dollar sign is no formula."""
    return text.replace("$", r"\$")
