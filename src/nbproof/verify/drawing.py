"""An SVG as a person sees it: shapes with their looks, texts, axes with printed ticks, legends."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
SIGN = re.compile(r"([■□▪▫●○◆])([^■□▪▫●○◆\n]*)")
NAME, WORDS = re.compile(r"[^\W\d_]"), re.compile(r"\w")
COMMAND = re.compile(r"([MLQCz])([^MLQCz]*)")
NEAR = 0.6  # points: two pixels of a figure's file


@dataclass(frozen=True)
class Look:
    """How a mark is filled and drawn round; "" for not at all. dashed: whether its line is broken."""

    fill: str = ""
    hatched: bool = False
    stroke: str = ""
    width: float = 0.0
    dashed: bool = False


@dataclass(frozen=True)
class Shape:
    """A closed or open path: its corners (points, y downwards), how it looks, and what it is part of."""

    points: np.ndarray = field(repr=False)
    look: Look
    part: str  # such as "patch_3", "line2d_2", "PathCollection_1"
    marker: str = ""  # its outline, if it stands at a point
    closed: bool = False

    @functools.cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return (*self.points.min(axis=0), *self.points.max(axis=0))

    @property
    def size(self) -> tuple[float, float]:
        left, top, right, bottom = self.box
        return right - left, bottom - top

    @property
    def centre(self) -> tuple[float, float]:
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def is_rectangle(self) -> bool:
        left, top, right, bottom = self.box
        on = np.isin(self.points[:, 0], (left, right)) & np.isin(self.points[:, 1], (top, bottom))
        return self.closed and len(self.points) == 4 and bool(on.all())


@dataclass(frozen=True)
class Text:
    """A text of one or more lines; x, y: where its first line is anchored, on its baseline."""

    said: str
    x: float
    y: float
    bottom: float  # the last line's
    anchor: str
    size: float
    bold: bool
    colour: str
    turned: bool = False

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.y + self.bottom) / 2 - 0.33 * self.size

    @property
    def span(self) -> tuple[float, float]:
        """About where it begins and ends."""
        wide = 0.52 * self.size * max(map(len, self.said.split("\n")))
        start = self.x - {"start": 0, "middle": wide / 2, "end": wide}[self.anchor]
        return start, start + wide

    @property
    def words(self) -> str:
        return " ".join(self.said.split())


@dataclass
class Axes:
    """frame: left, top, right, bottom. ticks: of "x" and "y", each its place and its label."""

    frame: tuple[float, float, float, float]
    ground: str = ""  # its colour
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    ticks: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: {"x": [], "y": []})


@dataclass
class Drawing:
    """What an SVG shows. legend: how each swatch looks, and the text right of it; texts: all of them.

    sizes: of the legend's dots, with the same texts. swatches: which shapes these are. glyphs: keys inside
    of texts, each as the sign, its colour and the words after it.
    """

    width: float
    height: float
    axes: list[Axes] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)  # outside of axes
    legend: list[tuple[Look, str]] = field(default_factory=list)
    sizes: list[tuple[float, str]] = field(default_factory=list)
    glyphs: list[tuple[str, str, str]] = field(default_factory=list)
    swatches: set[int] = field(default_factory=set)
    title: str = ""
    alt: str = ""


def read(data: bytes) -> Drawing:
    """What an SVG as matplotlib writes it shows. Raises ValueError for anything else."""
    try:
        return _Reader(ElementTree.fromstring(data)).drawing
    except (ElementTree.ParseError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"not a drawing as the figures are stored ({error})") from None


class _Reader:
    def __init__(self, root):
        _, _, width, height = (float(number) for number in root.get("viewBox").split())
        self.drawing = Drawing(width, height)
        self.named = {one.get("id"): one for one in root.iter() if one.get("id")}
        for child in root:
            if child.tag == f"{SVG}title":
                self.drawing.title = child.text or ""
            elif child.tag == f"{SVG}desc":
                self.drawing.alt = child.text or ""
        for child in self.named["figure_1"]:
            self._take(child, None)
        for axes in self.drawing.axes:
            small = [s for s in axes.shapes if s.is_rectangle and max(s.size) < 14]
            self._swatches(small, axes.texts, NAME)
        self._glyphs()

    def _take(self, group, axes: Axes | None) -> None:
        name = group.get("id") or ""
        if name.startswith("axes_"):
            first = next(iter(group), None)
            # What is clipped is a mark: such axes have no ground.
            if first is None or any(one.get("clip-path") for one in first.iter()):
                ground = []
            else:
                ground = [one for one in self._shapes(first, "patch_") if one.is_rectangle]
            axes = Axes(
                *(ground[0].box, ground[0].look.fill) if ground else (self._clipped(group),)
            )
            self.drawing.axes.append(axes)
            for child in list(group)[1 if ground else 0 :]:
                self._take(child, axes)
        elif name.startswith("legend_"):
            self._legend(group)
        elif name.startswith("matplotlib.axis_") and axes is not None:
            self._axis(group, axes)
        elif name.startswith("text_"):
            for text in self._texts(group):
                self.drawing.texts.append(text)
                if axes is not None:
                    axes.texts.append(text)
        elif group.tag == f"{SVG}g" or group.tag == f"{SVG}path" or group.tag == f"{SVG}use":
            into = self.drawing.shapes if axes is None else axes.shapes
            into.extend(self._shapes(group, name))

    def _clipped(self, group) -> tuple[float, float, float, float]:
        """The frame of axes without a ground: what their marks are clipped to."""
        for one in group.iter():
            if one.get("clip-path"):
                rect = self.named[one.get("clip-path")[5:-1]][0]
                x, y, width, height = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
                return x, y, x + width, y + height
        return 0.0, 0.0, self.drawing.width, self.drawing.height

    def _axis(self, group, axes: Axes) -> None:
        for tick in group:
            texts, side = list(self._texts(tick)), (tick.get("id") or "")[:1]
            self.drawing.texts += texts
            if side not in axes.ticks:
                axes.texts += texts  # what the axis is called
                continue
            uses = list(tick.iter(f"{SVG}use"))
            place = float(uses[-1].get(side)) if uses else None
            for text in texts:
                at = sum(text.span) / 2 if side == "x" else text.middle
                at = at if place is None else place
                axes.ticks[side].append((at, text.words))

    def _legend(self, group) -> None:
        texts = list(self._texts(group))
        self.drawing.texts += texts
        shapes = [shape for child in group for shape in self._shapes(child, child.get("id") or "")]
        self._swatches(shapes, texts, WORDS)

    def _swatches(self, shapes: list[Shape], texts: list[Text], form: re.Pattern) -> None:
        """Small shapes with words right of them."""
        for shape in shapes:
            x, y = shape.centre
            right = [
                text for text in texts
                if abs(text.middle - y) < text.size / 2 and 0 < text.x - x < 30 and form.match(text.said)
            ]  # fmt: skip
            if right:
                words = min(right, key=lambda text: text.x).words
                self.drawing.legend.append((shape.look, words))
                self.drawing.swatches.add(id(shape))
                if shape.marker:
                    self.drawing.sizes.append((shape.size[0], words))

    def _glyphs(self) -> None:
        """Keys that are set as letters: a sign, and what follows it in the line or right of it."""
        for text in self.drawing.texts:
            for sign, words in SIGN.findall(text.said):
                beside = [
                    other.words for other in self.drawing.texts
                    if abs(other.y - text.y) < 1 and 0 < other.x - text.x < 14 and not words.strip()
                ]  # fmt: skip
                meant = " ".join(words.split()) or "".join(beside[:1])
                self.drawing.glyphs.append((sign, text.colour, meant))

    def _texts(self, group) -> Iterator[Text]:
        for inner in (
            [group] if (group.get("id") or "").startswith("text_") else group.iter(f"{SVG}g")
        ):
            lines = [one for one in inner if one.tag == f"{SVG}text"]
            lines += [
                one
                for g in inner
                if g.tag == f"{SVG}g" and not g.get("id")
                for one in g.iter(f"{SVG}text")
            ]
            lines = [one for one in lines if "".join(one.itertext()).strip()]
            if (inner.get("id") or "").startswith("text_") and lines:
                places = [self._anchor(line) for line in lines]
                style = _style(lines[0])
                yield Text(
                    "\n".join("".join(line.itertext()) for line in lines),
                    places[0][0], places[0][1], places[-1][1], style.get("text-anchor", "start"),
                    float(NUMBER.search(style["font-size"])[0]), "700" in style.get("font-weight", ""),
                    style.get("fill", "#000000"), "rotate(-90" in (lines[0].get("transform") or ""),
                )  # fmt: skip

    @staticmethod
    def _anchor(text) -> tuple[float, float]:
        if text.get("x") is not None:
            return float(text.get("x")), float(text.get("y"))
        x, y, *_ = map(float, NUMBER.findall(text.get("transform")))
        return x, y

    def _shapes(self, group, part: str = "") -> Iterator[Shape]:
        """The paths and markers of a group, each with the looks that are set around it."""
        yield from self._inside(group, part or group.get("id") or "", {})

    def _inside(self, one, part: str, style: dict[str, str]) -> Iterator[Shape]:
        style = style | _style(one)
        if one.tag == f"{SVG}path" and one.get("d"):
            points, closed = _points(one.get("d"))
            yield Shape(points, self._look(style), part, closed=closed)
        elif one.tag == f"{SVG}use":
            of = self.named[one.get(XLINK)[1:]]
            points, closed = _points(of.get("d"))
            place = float(one.get("x", 0)), float(one.get("y", 0))
            look = self._look(_style(of) | style)
            yield Shape(points + place, look, part, marker=one.get(XLINK)[1:], closed=closed)
        elif one.tag != f"{SVG}defs":
            for child in one:
                yield from self._inside(child, part, style)

    def _look(self, style: dict[str, str]) -> Look:
        fill, hatched = style.get("fill", "#000000"), False
        if fill.startswith("url("):
            ground = next(self.named[fill[5:-1]].iter(f"{SVG}rect"))
            fill, hatched = ground.get("fill") or _style(ground).get("fill", ""), True
        stroke = style.get("stroke", "none")
        dashed = style.get("stroke-dasharray", "none") != "none"
        width = float(style.get("stroke-width", 1)) if stroke != "none" else 0.0
        if style.get("opacity") == "0" or style.get("fill-opacity") == "0":
            fill = "none"
        clear = lambda colour: "" if colour == "none" else colour  # noqa: E731
        return Look(clear(fill), hatched, clear(stroke), width, dashed)


def _style(one) -> dict[str, str]:
    pairs = (part.partition(":") for part in (one.get("style") or "").split(";") if ":" in part)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _points(path: str) -> tuple[np.ndarray, bool]:
    """The corners of a path, without the handles of its curves."""
    points = []
    for command, numbers in COMMAND.findall(path):
        found = list(map(float, NUMBER.findall(numbers)))
        if command in "MLQC" and found:
            points.append(found[-2:])
    return np.array(points or [[0.0, 0.0]]), "z" in path
