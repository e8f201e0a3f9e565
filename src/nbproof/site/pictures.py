"""The figures in the sizes that a page needs."""

import base64
import io
import re
from pathlib import Path

from PIL import Image

SMALL = 900  # pixels across a card on the start page
TINY = 480  # pixels across a card among all figures: one page loads them all
PALETTE = 160  # colours of a picture in a notebook
PREVIEW = (1200, 630)  # what link previews expect
VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def make(figure: Path, folder: Path, below: float) -> None:
    """Write `<figure>.small.webp` and `.tiny.webp` without headings, and the link preview `.preview.png`.

    below: the share of the height that lies below the headings, which stand beside a small picture.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with Image.open(figure) as opened:
        picture = opened.convert("RGB")
    body = picture.crop((0, round(picture.height * (1 - below)), *picture.size))
    for width, quality, ending in (SMALL, 82, ".small.webp"), (TINY, 48, ".tiny.webp"):
        file = folder / f"{figure.stem}{ending}"
        _scaled(body, width).save(file, quality=quality, method=4)
    # The head of the figure, where its title stands.
    head = _scaled(picture, PREVIEW[0])
    preview = Image.new("RGB", PREVIEW, "white")
    preview.paste(head.crop((0, 0, PREVIEW[0], min(head.height, PREVIEW[1]))))
    preview.quantize(64).save(folder / f"{figure.stem}.preview.png", optimize=True)


def drawing(svg: Path, below: float) -> tuple[str, float, float]:
    """The part of an SVG's address that leaves out its headings; width and height of what it shows."""
    with svg.open(encoding="utf-8") as file:
        width, height = map(float, VIEW.search(file.read(1000)).groups())
    shown = round(height * below, 2)
    view = f"0,{round(height - shown, 2)},{width},{shown}"
    return f"#svgView(viewBox({view}))", width, shown


def lightened(picture: str) -> str:
    """A notebook's PNG (base64) with a palette: a drawing has few colours, and loads in half the time."""
    with Image.open(io.BytesIO(base64.b64decode(picture))) as opened:
        drawn = opened.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    drawn.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def size(figure: Path, width: int, below: float) -> tuple[int, int]:
    """Width and height of a figure without its headings when it is `width` pixels wide."""
    with Image.open(figure) as opened:
        return width, round(opened.height * below * width / opened.width)


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    height = round(picture.height * width / picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
