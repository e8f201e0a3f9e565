"""Stored pictures against fresh ones: PNG files and inline pictures by pixels, SVG files by text."""

import base64
import io
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from nbproof.figures import record, style
from nbproof.pipeline.recorded import cell_name
from nbproof.study import Study
from nbproof.verify import notebooks
from nbproof.verify.figures import LANGUAGES
from nbproof.verify.finding import FAIL, REPORT, Finding, first_difference, redraw

# What reading a picture that someone has broken may raise.
UNREADABLE = (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError)
# A pixel counts as another one from this step of 255 on: less is rounding of a platform's arithmetic.
STEP = 16
# So many other pixels are a difference; a comma of the smallest text has more.
PIXELS = 8
# A fainter step is a difference too where it is on more than this part of the picture: a veil, a watermark.
FAINT, PART = 6, 1 / 1000
# With another release of what draws, pixels may move; blurred over so many, the picture may change by so
# much of 255. A word, a digit or a minus sign that is another one changes it by more.
BLUR, CEILING = 4, 30
LARGEST = 40_000_000  # pixels of a picture that is opened
SVG_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.S)
# What a drawing does not hold: it runs, moves, or fetches something from elsewhere.
ACTIVE = re.compile(
    r"<(?:script|foreignObject|image|animate|set)\b|\son\w+=|href=[\"'](?!#)|@import|url\((?!#|data:)"
)


@dataclass(frozen=True)
class Difference:
    """How two pictures differ. pixels: how many; -1 where they cannot be laid over each other."""

    said: str
    pixels: int
    blurred: int = 0  # the largest step where both are blurred
    image: bytes = b""  # PNG: what is alike is pale, what differs is red
    box: tuple[int, ...] = ()  # around what differs, if that is a small part


def compare(
    study: Study, names: Mapping[str, str], fresh: Path, folder: Path, exact: bool
) -> Iterator[Finding]:
    """The files of figures/ against those of `fresh`; difference images go to `folder`.

    names: each figure with the notebook that draws it. exact: whether what draws has the lock's
    releases; with others, pixels may move up to CEILING.
    """
    for name, notebook in names.items():
        for language in LANGUAGES:
            stem = f"{name}.{language}"
            see = f"{redraw(notebook, language)}  # draws output/lang={language}/figures/{stem}.png"
            one, other = study.figures / f"{stem}.png", fresh / f"{stem}.png"
            if one.is_file() and other.is_file():
                yield from _png(
                    f"figures/{stem}.png", "", one.read_bytes(), other.read_bytes(),
                    folder, see, exact,
                )  # fmt: skip
            for drawing in (f"{stem}.svg", f"{stem}.phone.svg"):
                one, other = study.figures / drawing, fresh / drawing
                if one.is_file() and other.is_file():
                    yield from _svg(
                        f"figures/{drawing}", one, other, see, FAIL if exact else REPORT
                    )


def inline(study: Study, path: Path, fresh: Path, folder: Path, exact: bool) -> Iterator[Finding]:
    """The pictures stored in a notebook: a figure's against its file, others against a fresh run."""
    one, other = notebooks.load(path), notebooks.load(fresh)
    if one is None or other is None:
        return  # said elsewhere
    see = redraw(path.stem, "en")
    file, shown = study.name(path), dict(record.published(one))
    for number, cells in enumerate(zip(one["cells"], other["cells"], strict=True)):
        place = cell_name(number, cells[0])
        said = shown.get(number, {})
        large = f"figures/{said.get('name')}.{said.get('language')}.png"
        for committed, again in zip(*map(_pictures, cells), strict=False):
            if not study.holds(large):
                yield from _png(file, place, committed, again, folder, see, exact)
            elif not _is_reduced(committed, study.root / large):
                sentence = f"not {large} made smaller, pixel by pixel"
                yield from _differing(file, place, sentence, committed, again, folder, see)


def _is_reduced(small: bytes, large: Path) -> bool:
    """Whether a notebook's picture is a file's and nothing else: the mean of its pixels, exactly."""
    try:
        pixels = np.pad(_pixels(large.read_bytes()), ((0, 0), (0, 0), (0, 1)), constant_values=255)
        expected = style.png(style.reduced(pixels), style.DPI / style.FINER)
        # Another release of what packs pixels gives other bytes for the same ones.
        return small == expected or (
            _chunks(small) == _chunks(expected)
            and np.array_equal(_pixels(small), _pixels(expected))
        )
    except UNREADABLE:
        return False


def _pictures(cell: dict) -> list[bytes]:
    found = (output.get("data", {}).get("image/png") for output in cell.get("outputs", []))
    return [_decoded("".join(picture)) for picture in found if picture]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _png(file, place, committed: bytes, fresh: bytes, folder: Path, see, exact: bool):
    if committed == fresh:
        return
    found = difference(committed, fresh)
    severity = FAIL
    if found.pixels == 0 and _chunks(committed) != _chunks(fresh):
        said = "the same pixels, but parts in the file that its drawing does not have"
    elif found.pixels == 0:
        said, severity = "the same picture within the tolerance, stored in other bytes", REPORT
    elif not exact and 0 < found.blurred <= CEILING:
        said, severity = f"{found.said}, as another release of what draws may move them", REPORT
    else:
        more = "" if exact else "; what draws has another release here: compare with the lock's"
        said = found.said + more
    yield from _differing(file, place, said, committed, fresh, folder, see, severity, found)


def _differing(
    file, place, said, committed: bytes, fresh: bytes, folder: Path, see, severity=FAIL, found=None
):
    """The finding, with both pictures and where they differ."""
    found = found or difference(committed, fresh)
    images = {"committed": committed, "fresh": fresh, "difference": found.image}
    if found.box:
        images |= {f"{name}, detail": _cropped(data, found.box) for name, data in images.items()}
    stem = re.sub(r"\W+", "-", f"{file} {place}").strip("-")
    kept = {}
    for name, data in images.items():
        if data:
            kept[name] = folder / f"{stem}.{name.replace(', ', '-')}.png"
            kept[name].write_bytes(data)
    yield Finding("pictures", file, place, said, see, severity=severity, pictures=kept)


def difference(committed: bytes, fresh: bytes) -> Difference:
    """Two PNG pictures, laid over each other."""
    try:
        one, other = (_pixels(data) for data in (committed, fresh))
    except UNREADABLE:
        return Difference("not a picture, or one too large to be opened", -1)
    if one.shape != other.shape:
        sizes = [f"{p.shape[1]} × {p.shape[0]}" for p in (one, other)]
        return Difference(f"{sizes[0]} pixels, the fresh one {sizes[1]}", -1)
    apart = np.abs(one.astype("int16") - other.astype("int16")).max(axis=2)
    others = apart >= STEP
    faint = apart >= FAINT
    if faint.sum() > faint.size * PART:
        others = faint
    number = int(others.sum())
    if number < PIXELS:
        return Difference("", 0)
    rows, columns = np.nonzero(others)
    said = (
        f"{number} pixels differ, within x {columns.min()} to {columns.max()}, "
        f"y {rows.min()} to {rows.max()} of {one.shape[1]} × {one.shape[0]}"
    )
    shown = (one // 4 + 191).astype("uint8")
    shown[others] = (200, 0, 40)
    file = io.BytesIO()
    Image.fromarray(shown).save(file, "png")
    apart = np.subtract(*(np.asarray(_blurred(picture), "int16") for picture in (one, other)))
    box = _box(rows, columns, one.shape)
    return Difference(said, number, int(np.abs(apart).max()), file.getvalue(), box)


def _blurred(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels).filter(ImageFilter.BoxBlur(BLUR))


def _chunks(data: bytes) -> list[tuple[bytes, bytes]] | None:
    """What a PNG file holds beside its pixels: a resolution, a text, a gamma value, a second picture.

    None if it is no whole PNG file.
    """
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    found, start = [], 8
    while data[start:]:
        size, kind = struct.unpack(">I4s", data[start : start + 8].ljust(8))
        if kind == b"IDAT":
            found.append((kind, b"")) if (kind, b"") not in found else None
        else:
            found.append((kind, data[start + 8 : start + 8 + size]))
        start += 12 + size
    return found


def _box(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Left, top, right and bottom with a margin; nothing if it is most of the picture."""
    margin = 60
    left, right = max(0, columns.min() - margin), min(shape[1], columns.max() + margin)
    top, bottom = max(0, rows.min() - margin), min(shape[0], rows.max() + margin)
    small = (right - left) * (bottom - top) < shape[0] * shape[1] / 3
    return (int(left), int(top), int(right), int(bottom)) if small else ()


def _cropped(data: bytes, box: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.crop(box).save(file, "png")
    return file.getvalue()


def _pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > LARGEST:
            raise ValueError(f"{picture.width} × {picture.height} pixels")
        # Transparent parts on white, as a page shows them.
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        return np.asarray(Image.alpha_composite(ground, picture).convert("RGB"))


def _svg(file: str, one: Path, other: Path, see: str, severity: str) -> Iterator[Finding]:
    committed, fresh = (path.read_bytes().decode("utf-8", "replace") for path in (one, other))
    if committed == fresh:
        return
    texts = [SVG_TEXT.findall(text) for text in (committed, fresh)]
    if active := ACTIVE.search(committed):
        line = committed.count("\n", 0, active.start()) + 1
        said = "something that runs or is fetched, which a drawing does not have"
        yield Finding("pictures", file, f"line {line}", said, see, active[0].strip())
    elif texts[0] != texts[1]:
        # What stands in a picture does not depend on a release.
        pair = first_difference(*("\n".join(found) for found in texts))
        said = "another text in the picture"
        yield Finding("pictures", file, "", said, see, *pair)
    else:
        lines = zip(committed.splitlines(), fresh.splitlines(), strict=False)
        number = next((n for n, (a, b) in enumerate(lines, start=1) if a != b), 0)
        pair = first_difference(committed, fresh)
        said = "another drawing"
        place = f"line {number}" if number else "its end"
        yield Finding("pictures", file, place, said, see, *pair, severity)
