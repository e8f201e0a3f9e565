"""The figures in the sizes that a page needs."""

import base64
import io
from pathlib import Path

from PIL import Image

LARGE = 1800  # pixels across a figure's own page, on screens with two pixels a point
SMALL = 900  # pixels across a card on the start page
TINY = 480  # pixels across a card among all figures: one page loads them all
PALETTE = 160  # colours of a picture in a notebook
PREVIEW = (1200, 630)  # what link previews expect


def make(figure: Path, folder: Path) -> None:
    """Write `<figure>.webp`, `.small.webp`, `.tiny.webp` and the link preview `.preview.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    with Image.open(figure) as opened:
        picture = opened.convert("RGB")
    for width, quality, ending in (
        (LARGE, 82, ".webp"), (SMALL, 82, ".small.webp"), (TINY, 66, ".tiny.webp"),
    ):  # fmt: skip
        file = folder / f"{figure.stem}{ending}"
        _scaled(picture, width).save(file, quality=quality, method=4)
    # The head of the figure, where its title stands.
    head = _scaled(picture, PREVIEW[0])
    preview = Image.new("RGB", PREVIEW, "white")
    preview.paste(head.crop((0, 0, PREVIEW[0], min(head.height, PREVIEW[1]))))
    preview.quantize(64).save(folder / f"{figure.stem}.preview.png", optimize=True)


def lightened(picture: str) -> str:
    """A notebook's PNG (base64) with a palette: a drawing has few colours, and loads in half the time."""
    with Image.open(io.BytesIO(base64.b64decode(picture))) as opened:
        drawn = opened.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    drawn.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def size(figure: Path, width: int) -> tuple[int, int]:
    """The figure's width and height when it is `width` pixels wide."""
    with Image.open(figure) as opened:
        return width, round(opened.height * width / opened.width)


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    height = round(picture.height * width / picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
