"""Pictures read back: what a person sees in an SVG against the table that it is drawn from.

A mark's colour leads through the legend to its category, its place through the printed ticks to its value,
its row to the words left of it. Nothing here knows a figure; what its marks mean, its record says.
"""

import functools
import itertools
import math
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from nbproof.figures.reading import Reading
from nbproof.labels import Labels
from nbproof.verify.drawing import NEAR, Axes, Drawing, Look, Shape, Text

PLACES = {"x": 0, "y": 1, "left": 0, "right": 2, "top": 1, "bottom": 3}
SHARED = ("texts", "lines")  # one of them may show several rows
WITHIN = {
    "texts": 7 * NEAR,
    "areas": 20 * NEAR,
}  # a word stands beside, an arrow ends before what it shows
EXTENTS = {"width", "height", "area"}
LOOKS = ("colour", "tint", "tone", "form", "shade", "edge", "pattern")
DIRECTIONS = (
    ("width", ("left", "right"), ("x", "column")),
    ("height", ("top", "bottom"), ("y", "row")),
)
FINER = {"area": 4}  # a dot's width tells few steps
SIDES = {"x": "x", "left": "x", "right": "x", "width": "x", "area": "x"}  # others are on y
COMPUTED = re.compile(r"(\w+?)(?:([*+-])([\d.]+))?")
CASE = re.compile(r"(\w+)=(\w+) \? (.*?) : (.*)")
FIELD = re.compile(r"\{(\w+)(\*?)\}")
PRINTED = re.compile(r"[%]?[-−+]?\d+(?:[.,]\d+)*%?")
HOLE = re.compile(r"\{([^}]*)\}")
LABEL = re.compile(r"\[([^\[\]]+)\]")
NOT, OPTIONAL = "all but", "\0"
HOLLOW = ("", "#ffffff")
NOTHING = Shape(np.zeros((1, 2)), Look(), "")
FEW = 3  # dots, by which no scale of a map can be told


@dataclass(frozen=True)
class Lost:
    """What a picture and its table do not have in common: said, and both sides."""

    said: str
    table: str = ""
    picture: str = ""


def compare(
    drawing: Drawing, table: pd.DataFrame, readings: Iterable[Reading], labels: Labels
) -> Iterator[Lost]:
    """Every mark of the table against the picture, and every mark of the picture against the table."""
    used: list[_Mark] = []
    every: dict[tuple[int, str], list[_Mark]] = {}
    readings = [(one, _rows(table, one), _axes(drawing, one)) for one in readings]
    maps = _maps(drawing, readings, labels)
    factors = _factors(drawing, readings, maps)
    for reading, rows, numbers in readings:
        marks = []
        for number in numbers:
            key = number, reading.kind
            if key not in every:
                found = _of(drawing.axes[number], reading.kind)
                if reading.kind == "dots":  # what lies outside of the frame is not seen
                    found = [
                        o for o in found if _within(np.array([o.centre]), drawing.axes[number])[0]
                    ]
                every[key] = [_Mark(drawing, number, one) for one in found]
            shared = reading.kind in SHARED and not reading.some
            marks += [one for one in every[key] if shared or one not in used]
        used += yield from _matched(drawing, reading, rows, numbers, marks, labels, factors, maps)
    read = {id(mark.one) for mark in used} | drawing.swatches
    for number, axes in enumerate(drawing.axes):
        for one in axes.shapes:
            seen = _kind(one) != "dots" or _within(np.array([one.centre]), axes)[0]
            if seen and id(one) not in read and _must_be_read(one):
                x, y = one.centre
                colour = (
                    f"{one.look.fill or one.look.stroke}{' hatched' if one.look.hatched else ''}"
                )
                where = f"of axes {number + 1}, at {x:.0f}, {y:.0f}, {colour}"
                yield Lost("a mark that the table does not have", "", f"{_kind(one)} {where}")


def _rows(table: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    rows = completed(table)[table["mark"] == reading.mark]
    for column, wanted in reading.where.items():
        known = rows[column] if column in rows else rows.eval(column)
        known = known.map(lambda cell: "" if pd.isna(cell) else cell)
        rows = rows[known.map(wanted) if callable(wanted) else known == wanted]
    if " by " in reading.joined:
        mark, _, key = reading.joined.partition(" by ")
        each = table.loc[table["mark"] == mark, [key]].dropna().drop_duplicates()
        rows = rows.drop(columns=key).merge(each, how="cross")
    elif reading.joined:
        mark, _, key = reading.joined.partition(" on ")
        other = table[table["mark"] == mark].drop_duplicates(key).set_index(key)
        names = {f"{mark}_{name}": rows[key].map(other[name]) for name in other}
        rows = rows.assign(**names)
    if reading.by:
        first = dict.fromkeys(rows.columns.difference(reading.by), "first")
        fixed = reading.shows.get("place", "").split()
        sums = {n: "sum" for n in rows.select_dtypes("number") if n in first and n not in fixed}
        groups = rows.groupby(list(reading.by), sort=False, as_index=False)
        # A name stands beside any of the places that it sums up.
        if fixed and reading.kind == "texts":
            return rows.assign(**{name: groups[name].transform("sum") for name in sums})
        rows = groups.agg(first | sums)
    return rows


def completed(table: pd.DataFrame) -> pd.DataFrame:
    """With the translation of a word in every row, where one row has it."""
    for column in [name for name in table if f"{name}_en" in table or f"{name}_tr" in table]:
        for own in {f"{column}_en", f"{column}_tr"} & set(table):
            known = table.dropna(subset=[column, own]).drop_duplicates(column)
            known = known.set_index(column)[own]
            table = table.assign(**{own: table[own].fillna(table[column].map(known))})
    return table


def _of(axes: Axes, kind: str) -> list[Shape] | list[Text]:
    """The marks of a kind in their axes."""
    if kind == "texts":
        return axes.texts
    return [one for one in axes.shapes if _kind(one) == kind]


def _kind(one: Shape) -> str:
    if one.part.startswith("_"):
        return "areas"  # land
    if one.marker or one.part.startswith("PathC"):
        return "dots"
    if one.closed and one.look.fill:
        flat = min(one.size) < 0.05  # nothing is seen of it
        return "" if flat else "bars" if one.is_rectangle else "areas"
    return "" if one.part.startswith("patch") else "lines"


def _must_be_read(one: Shape) -> bool:
    """Whether a shape tells something: it is filled or coloured, and neither paper nor land nor a hair."""
    if _kind(one) == "lines":
        return _tinted(one.look.stroke) and max(one.size) > 0.05
    return bool(one.look.fill and _kind(one)) and not one.part.startswith("_")


class _Mark:
    """A mark with all that a reader can see of it."""

    def __init__(self, drawing: Drawing, number: int, one: Shape | Text):
        self.drawing, self.number, self.one = drawing, number, one
        self.axes = drawing.axes[number]
        if isinstance(one, Text):
            self.box = (one.x, one.middle, one.x, one.middle)
        else:
            self.box = one.box

        self.words = functools.cache(self.words)

    def at(self, channel: str) -> float:
        """Its place or extent in points."""
        left, top, right, bottom = self.box
        if channel in ("x", "y"):
            return (left + right) / 2 if channel == "x" else (top + bottom) / 2
        if channel in EXTENTS:
            return bottom - top if channel == "height" else right - left
        return self.box[PLACES[channel]]

    def words(self, channel: str) -> list[str]:
        """What stands where a reader looks for it; several where it may be meant by several."""
        return [_plain(text) for text in getattr(self, f"_{channel}")() if text]

    def _said(self):
        return [self.one.said]

    def _panel(self):
        known = self.axes.__dict__
        if "panel" not in known:
            known["panel"] = _panel(self.drawing, self.axes)
        return known["panel"]

    def _row(self):
        y = self.at("y")
        labelled = [
            label for axes in [self.axes, *_level_with(self.drawing, self.axes, "y")]
            for place, label in axes.ticks["y"] if abs(place - y) < 2
        ]  # fmt: skip
        beside = [
            text for text in self.drawing.texts
            if text is not self.one and text.x <= self.axes.frame[0] + 1 and _reaches(text, y)
        ]  # fmt: skip
        return labelled or [text.said for text in beside]

    def _column(self):
        x = self.at("x")
        labelled = [label for place, label in self.axes.ticks["x"] if abs(place - x) < 2]
        return labelled or [t.said for t in self.drawing.texts if abs(t.x - x) < 2]

    def _colour(self):
        look, swatches = self.one.look, self.drawing.legend
        hollow = look.fill in HOLLOW and not look.hatched
        exact = [
            words for one, words in swatches
            if (one.fill, one.hatched) == (look.fill, look.hatched)
            and (not hollow or one.stroke == look.stroke)
        ]  # fmt: skip
        # A line or a ring is told by its own colour, where no swatch is just so.
        ringed = [
            words for one, words in swatches if hollow and look.stroke in (one.fill, one.stroke)
        ]
        return exact or ringed or self._sign()

    def _sign(self):
        """The words of a key that is set as a letter of this form; of several, that of its colour."""
        look, square = self.one.look, self.one.is_rectangle
        signs = ("□▫" if square else "○") if look.fill in HOLLOW else ("■▪" if square else "●")
        known = [one for one in self.drawing.glyphs if one[0] in signs]
        own = [one for one in known if one[1] in (look.fill, look.stroke)]
        return [words for *_, words in own or (known if len(known) == 1 else [])]

    def _tint(self):
        """What is printed in its colour; of a grey mark, all that is printed in colours, as not meant."""
        colour = self.one.look.fill or self.one.look.stroke
        texts = [text for text in self.drawing.texts if _tinted(text.colour)]
        if _tinted(colour):
            return [text.said for text in texts if text.colour == colour]
        return [f"{NOT} " + " ".join(text.said for text in texts)]

    def _tone(self):
        """What is printed in exactly its colour."""
        colours = (self.one.look.stroke, self.one.look.fill)
        return [text.said for text in self.drawing.texts if text.colour in colours]

    def _form(self):
        look = self.one.look
        return ["hatched" if look.hatched else "hollow" if look.fill in HOLLOW else "full"]

    def _sized(self):
        """The words of the dot in the legend that is as large."""
        wide = self.box[2] - self.box[0]
        return [words for size, words in self.drawing.sizes if abs(size - wide) < 0.1]

    def _pattern(self):
        """The words of the swatches that are hatched or hollow as it is, whatever their colour."""
        form = self._form()
        if form == ["full"]:
            return form
        hatched = form == ["hatched"]
        return [
            words
            for one, words in self.drawing.legend
            if one.hatched == hatched and one.fill in HOLLOW
        ]

    def _shade(self):
        """Grey, or a colour that is dark or light."""
        colour = self.one.look.fill or self.one.look.stroke
        if not _tinted(colour):
            return ["grey"]
        weights = (0.3, 0.6, 0.1)  # of red, green and blue in what the eye takes for light
        parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        light = sum(weight * part for weight, part in zip(weights, parts, strict=True))
        return ["dark" if light < 90 else "light"]

    def _edge(self):
        """The words of the swatch that has the colour it is drawn round with."""
        return [words for one, words in self.drawing.legend if one.fill == self.one.look.stroke]

    def _end(self):
        """What stands where a line ends."""
        x, y = self.one.points[-1]
        ends = [one for one in _of(self.axes, "lines") if abs(one.points[-1][0] - x) < NEAR]
        texts = [t for t in self.axes.texts if 0 < t.x - self.axes.frame[2] < 24]
        if len(ends) == len(texts):  # in their order, where they have been moved apart
            place = sorted(one.points[-1][1] for one in ends).index(y)
            return [sorted(texts, key=lambda text: text.middle)[place].said]
        near = [t for t in self.axes.texts if 0 < t.x - x < 24 and abs(t.middle - y) < 1.5 * t.size]
        return [text.said for text in sorted(near, key=lambda text: abs(text.middle - y))[:1]]

    def _under(self):
        """The nearest words in bold above it, at its left."""
        y = self.at("y")
        over = [
            t
            for t in self.drawing.texts
            if t.bold and t.bottom < y and t.x <= self.axes.frame[0] + 1
        ]
        return [max(over, key=lambda text: text.bottom).said] if over else []

    def _near(self) -> list[Text]:
        """Texts in it, right of it, left of it or above it, the nearest first."""
        found = []
        for text in self.axes.texts:
            across, up = _gap(text, self.box)
            if across < 16 and up < 12 and (across == 0 or up < 5):
                found.append((math.hypot(across, up), text))
        return [text for _, text in sorted(found, key=lambda pair: pair[0])]

    def _inside(self):
        left, top, right, bottom = self.box
        return [t.said for t in self._near() if left <= t.x <= right and top <= t.middle <= bottom]

    def _beside(self):
        return [text.said for text in self._near()[:2]]


def _panel(drawing: Drawing, axes: Axes) -> list[str]:
    """What stands above axes, or else above those beside them, or higher in their column."""
    column = _level_with(drawing, axes, "x")
    higher = [one for one in column if one.frame[3] <= axes.frame[1] + NEAR]
    higher.sort(key=lambda one: -one.frame[3])
    rows = [axes, *_level_with(drawing, axes, "y"), *higher]
    over = next(filter(None, (_over(drawing, axes) for axes in rows)), [])
    return [max(over, key=lambda text: text.bottom).said] if over else []


def _over(drawing: Drawing, axes: Axes) -> list[Text]:
    left, top, right, _ = axes.frame
    over = [
        text for text in drawing.texts
        if text.bottom <= top + (20 if text.bold and text.x < left + 2 else 2)
        and ((text.bold and text in axes.texts) or left - 8 < text.x < right)
        and (text.bold or text in axes.texts)
    ]  # fmt: skip
    marked = [one.centre[1] for one in axes.shapes if _kind(one) == "dots"]
    of_rows = [t for t in over if t in axes.texts and any(_reaches(t, y) for y in marked)]
    over = [text for text in over if text.bottom <= top or text not in of_rows]
    own = [text for text in over if text in axes.texts]
    named = [text for text in own if text.bottom <= top + 2] or own
    # What stands among other marks is said of them.
    return named or [t for t in over if not any(_among(t, one) for one in drawing.axes)]


def _among(text: Text, axes: Axes) -> bool:
    left, top, right, bottom = axes.frame
    inside = left + 2 < text.x < right and top < text.middle < bottom
    return inside and any(_kind(one) == "dots" for one in axes.shapes)


def _gap(text: Text, box: tuple[float, float, float, float]) -> tuple[float, float]:
    """How far a text is from a box, across and up."""
    left, top, right, bottom = box
    start, end = text.span
    across = max(left - end, start - right, 0)
    return across, max(top - text.middle, text.middle - bottom, 0)


def _reaches(text: Text, y: float) -> bool:
    return text.y - 0.9 * text.size - 1 <= y <= text.bottom + 0.3 * text.size + 1


def _tinted(colour: str) -> bool:
    """Whether a colour is one, and no grey."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return max(parts) - min(parts) > 60


def _matched(
    drawing: Drawing, reading: Reading, rows, numbers, marks, labels: Labels, factors, maps
):
    """Each row with its mark; yields what has none, and returns the marks that have one."""
    axes = [drawing.axes[number] for number in numbers]
    shows = {c: column for c, column in reading.shows.items() if c not in ("place", "alike")}
    channels = [c for c in shows if c in EXTENTS or c in PLACES]
    values = {c: _computed(rows, shows[c]) for c in channels}
    on_map = {}
    if "place" in reading.shows and len(rows):
        plane = _plane(rows, reading)
        on_map = {n: plane * maps[n][0] + maps[n][1] for n in maps.keys() & {*numbers}}
    apart = _apart(marks, len(rows), values, factors, on_map)
    off, most = apart.max(axis=2, initial=0.0), WITHIN.get(reading.kind, 2 * NEAR)
    once = reading.kind not in SHARED
    free = np.ones(len(marks), bool)
    pairs: list[tuple[Mapping, dict, _Mark]] = []
    left: list[Lost] = []  # of marks that are drawn all or not at all
    for number, row in enumerate(rows.to_dict("records")):
        amounts = [values[c][number] for c in channels]
        if not np.isfinite(amounts).all():
            continue  # nothing to be drawn
        words = {c: _wanted(t, row, labels) for c, t in shows.items() if c not in channels}
        order = np.flatnonzero(free)[np.argsort(off[number][free], kind="stable")]
        near = [place for place in order if off[number][place] <= most]
        # Lines may lie over each other; a row may have a mark in several maps.
        best = [place for place in near if _told(marks[place], words)]
        if once and (reading.kind == "bars" or not reading.some):
            best = [*{marks[place].number if on_map else 0: place for place in best[::-1]}.values()]
        if best:
            free[best] = not once
            pairs += [(row, words, marks[place]) for place in best]
            shown = {marks[place].number for place in best}
            yield from (
                Lost(f"no mark of map {n + 1} shows this {reading.mark}", _shown(row, reading))
                for n in on_map.keys() - shown
                if "panel" in words
                and _within(on_map[n][[number]], drawing.axes[n])[0]
                and _told(_Mark(drawing, n, NOTHING), {"panel": words["panel"]})
            )
        elif (
            (reading.some and reading.kind != "bars")
            or _hidden(on_map, number, marks)
            or _outside(axes, drawing, channels, amounts)
        ):
            continue
        elif not any(
            value == 0 for c, value in zip(channels, amounts, strict=True) if c in EXTENTS
        ):
            why = f"no {reading.kind} there"
            if near:
                why = "; ".join(min((_misread(marks[place], words) for place in near), key=len))
            elif len(order):
                right = [place for place in order if _told(marks[place], words)]
                named = zip(["place", *channels], apart[number, [*right, *order][0]], strict=True)
                why = "; ".join(
                    f"{c} {points:.1f} points off" for c, points in named if points > most
                )
            why = Lost(
                f"no mark of the picture shows this {reading.mark}", _shown(row, reading), why
            )
            left.append(why)
    if pairs or not reading.some:
        yield from left
    yield from _alike(reading, pairs, labels)
    yield from _unread(reading, pairs)
    used = [mark for *_, mark in pairs]
    if reading.some and reading.kind == "texts" and (on_map or channels):
        wanted = [{"said": _wanted(shows["said"], row, labels)} for row in rows.to_dict("records")]
        for mark in marks:
            if mark not in used and any(_told(mark, words) for words in wanted):
                yield Lost(
                    f"a {reading.mark} stands where the table does not have it", "", mark.one.words
                )
    return used


def _unread(reading: Reading, pairs: list) -> Iterator[Lost]:
    """What bars do not show they have in common: their size in a direction, or where they begin."""
    shows, found = reading.shows.keys(), {}
    for row, _, mark in pairs if reading.kind == "bars" else ():
        found.setdefault(mark.number, []).append((row, mark))
    for own in found.values():
        bars = np.array([mark.box for _, mark in own])
        common = np.minimum(bars[:, None, 2:], bars[:, 2:]) - np.maximum(
            bars[:, None, :2], bars[:, :2]
        )
        for one, other in np.argwhere(np.triu((common > 2 * NEAR).all(axis=2), 1)):
            both = _shown(own[one][0], reading), _shown(own[other][0], reading)
            yield Lost(f"two {reading.mark}s lie over each other", " and ".join(both))
    for side, (extent, edges, place) in enumerate(DIRECTIONS):
        for own in found.values():
            bars, axes = np.array([mark.box for _, mark in own]), own[0][1].axes
            sizes = bars[:, side + 2] - bars[:, side]
            usual = np.median(sizes)
            off = np.abs(sizes - usual) > 2 * NEAR
            if not {extent, *edges} & shows:
                for n in np.flatnonzero(off):
                    why = f"{sizes[n]:.1f} points, others {usual:.1f}"
                    yield Lost(
                        f"this {reading.mark} has another {extent}", _shown(own[n][0], reading), why
                    )
            if not {*edges, *place} & shows and (extent in shows or not EXTENTS & shows):
                gap = max(4 * NEAR, 0 if extent in shows else usual / 4)
                name = COMPUTED.fullmatch(reading.shows.get(extent, "none"))[1]
                less = np.array([float(row.get(name, 0)) < 0 for row, _ in own])
                for n in _adrift(bars, less, side, axes, gap):
                    why = f"this {reading.mark} begins neither at the axis nor where another ends"
                    yield Lost(why, _shown(own[n][0], reading))


def _adrift(bars: np.ndarray, less: np.ndarray, side: int, axes: Axes, most: float) -> np.ndarray:
    """The bars that begin neither where most do nor at another of their row. less: those below nothing."""
    every = np.array([one.box for one in _of(axes, "bars")])
    across = [1 - side, 3 - side]
    level = (np.abs(every[:, across] - bars[:, None, across]) < 2 * NEAR).all(axis=2)
    low, high = (side, side + 2) if side == 0 else (side + 2, side)
    begins = np.where(less, bars[:, high], bars[:, low])
    ends = np.where(less[:, None], every[:, low], every[:, high])
    alone = ~((np.abs(ends - begins[:, None]) < most) & level).any(axis=1)
    starts = np.abs(begins[:, None] - begins) < most  # each bar, each start
    return np.flatnonzero(alone & ~starts[:, (starts | ~alone[:, None]).sum(axis=0).argmax()])


def _alike(reading: Reading, pairs: list, labels: Labels) -> Iterator[Lost]:
    """Marks of which the same is said look alike, and those of two kinds do not."""
    alike, looks = reading.shows.get("alike"), {}
    for number, (row, words, mark) in enumerate(pairs):
        if isinstance(mark.one, Shape) and (alike or not (reading.some and reading.kind in SHARED)):
            said = str([str(words[c]) for c in LOOKS if c in words])
            if alike:
                said = str(number % 2) if alike == "in turn" else _wanted(alike, row, labels)
            outline = len(mark.one.points) if mark.one.marker else 0
            look = replace(mark.one.look, width=0.0)
            looks.setdefault(said, set()).add((look, outline))
    several = [words for words, seen in looks.items() if len(seen) > 1]
    if alike and len(set.union(set(), *looks.values())) < len(looks):
        several += [*looks]
    for words in several:
        yield Lost(
            f"{reading.mark}s of one kind do not look alike, or those of two kinds do", words
        )


def _outside(axes: list[Axes], drawing: Drawing, channels: list[str], values: list[float]) -> bool:
    """Whether a place lies outside of all axes, such as zero on a logarithmic scale."""
    for one in axes:
        for channel, value in zip(channels, values, strict=True):
            side = {"x": "x", "y": "y"}.get(channel)
            scale = scale_of(drawing, one, side) if side else None
            at = scale(value) if scale else math.inf
            if (
                scale
                and not one.frame[side == "y"] - NEAR < at < one.frame[2 + (side == "y")] + NEAR
            ):
                break
        else:
            return False
    return bool(axes)


def _hidden(on_map: dict, number: int, marks: list[_Mark]) -> bool:
    """Whether a place lies outside of what the maps show."""
    places = [(at[number : number + 1], axes) for axes, at in on_map.items()]
    return bool(places) and not any(_within(at, marks[0].drawing.axes[n])[0] for at, n in places)


def _computed(rows: pd.DataFrame, column: str) -> np.ndarray:
    """The values of a column, or of one such as year-0.5 or share*100."""
    name, sign, more = COMPUTED.fullmatch(column).groups()
    values = rows[name].to_numpy(float, na_value=np.nan)
    return values * float(more) if sign == "*" else values + float((sign or "") + (more or "0"))


def _maps(drawing: Drawing, readings: list, labels: Labels) -> dict[int, tuple[float, np.ndarray]]:
    """The scale and the shift of each map: those at which most of its dots are places of one reading.

    East is right and north is up: a mirrored map finds no dots there. A map of one dot has no scale.
    """
    found: dict[int, tuple[float, tuple]] = {}
    named: set[int] = set()
    sets = [(reading, rows, _plane(rows, reading), numbers) for reading, rows, numbers in readings
            if reading.kind == "dots" and "place" in reading.shows and len(rows)]  # fmt: skip
    planes = [np.unique(plane, axis=0) for _, _, plane, _ in sets]
    alone = [plane for plane in planes if len(plane) == 1]  # what stands in every map
    for reading, rows, plane, numbers in sorted(sets, key=lambda one: "panel" not in one[0].shows):
        for number in numbers:
            at = plane
            if panel := reading.shows.get("panel"):
                mark = _Mark(drawing, number, NOTHING)
                wanted = (_wanted(panel, row, labels) for row in rows.to_dict("records"))
                at = plane[[_told(mark, {"panel": words}) for words in wanted]]
            axes = drawing.axes[number]
            dots = np.array([one.centre for one in _of(axes, "dots")]).reshape(-1, 2)
            dots = np.unique(dots[_within(dots, axes)], axis=0)
            best = found.get(number, (-math.inf, ()))
            if len(at) and len(dots) > 1 and (panel or number not in named):
                at = np.unique(at, axis=0)
                places = np.concatenate([at, *alone])
                known = _scale(axes, places, len(at), dots)
                named |= {number} if panel and known[1] else set()  # what its words say comes first
                found[number] = max(best, known, key=lambda one: one[0])
    known = {number: scale for number, (_, scale) in found.items() if scale}
    for number, axes in enumerate(drawing.axes):
        for other in found if number not in known else ():  # of the same land
            own = drawing.axes[other]
            if other in known and _ground(axes) & _ground(own):
                factor, shift = known[other]
                known[number] = factor, shift + np.subtract(axes.frame[:2], own.frame[:2])
    return known


def _ground(axes: Axes) -> set[tuple]:
    """The largest land in its frame."""
    land = [one for one in _of(axes, "areas") if one.part.startswith("_")]
    boxes = [np.subtract(one.box, [*axes.frame[:2]] * 2).round(1) for one in land]
    return (
        {tuple(map(float, max(boxes, key=lambda box: math.dist(box[:2], box[2:]))))}
        if boxes
        else set()
    )


def _scale(axes: Axes, places: np.ndarray, own: int, dots: np.ndarray) -> tuple[float, tuple]:
    """The scale and the shift by which most dots are places and most of their own have dots; how many."""
    along = dots[:, np.ptp(dots, axis=0).argmax()]
    one, other = dots[along.argmin()], dots[along.argmax()]
    way, apart = other - one, places[None] - places[:, None]  # from each place to each
    scale = np.linalg.norm(way) / np.maximum(np.linalg.norm(apart, axis=2), 1e-9)
    best, known, others = -math.inf, (), []
    for i, j in np.argwhere(np.abs(apart * scale[..., None] - way).max(axis=2) < NEAR):
        shift = one - places[i] * scale[i, j]
        drawn = places * scale[i, j] + shift
        near = np.hypot(*(drawn[:, None] - dots[None]).transpose(2, 0, 1)) < NEAR
        score = near.any(axis=0).sum() - (_within(drawn, axes) & ~near.any(axis=1))[:own].sum()
        if score >= best:
            others = [*others, scale[i, j]] if score == best else [scale[i, j]]
            best, known = score, (scale[i, j], shift)
        if best == len(dots) > 4:
            break
    # Few dots may fit several scales: none of them is known then.
    return best, known if len(others) and np.ptp(others) < 0.05 * max(others) else ()


def _plane(rows: pd.DataFrame, reading: Reading) -> np.ndarray:
    longitude, latitude = (rows[column] for column in reading.shows["place"].split())
    plane = pkgutil.resolve_name(reading.plane)(longitude, latitude)
    return np.column_stack([plane.x, -plane.y])


def _within(at: np.ndarray, axes: Axes) -> np.ndarray:
    left, top, right, bottom = axes.frame
    return (at > (left + NEAR, top + NEAR)).all(axis=1) & (at < (right - NEAR, bottom - NEAR)).all(
        axis=1
    )


def _apart(marks: list[_Mark], rows: int, values: Mapping, factors: Mapping, on_map: Mapping):
    """How far each mark is from where each row has it, in points: on the map, and by each channel."""
    apart = np.zeros((rows, len(marks), 1 + len(values)))
    for place, mark in enumerate(marks):
        if mark.number in on_map:
            apart[:, place, 0] = _from_places(mark, on_map[mark.number])
        elif on_map and len(_of(mark.axes, "dots")) > FEW:
            apart[:, place, 0] = math.inf
        aims = {
            c: _aims(mark, c, found, factors)
            for c, found in values.items()
            if mark.number not in on_map or c in EXTENTS
        }
        if {"x", "y"} <= aims.keys() and isinstance(mark.one, Shape) and not mark.one.marker:
            line = mark.one.points
            apart[:, place, 1] = [
                _from_line(line, *at) for at in zip(aims["x"], aims["y"], strict=True)
            ]
            continue
        for channel, (name, aim) in enumerate(aims.items(), 1):
            apart[:, place, channel] = np.abs(mark.at(name) - aim) * FINER.get(name, 1)
    return apart


def _aims(mark: _Mark, channel: str, values: np.ndarray, factors: Mapping) -> np.ndarray:
    """Where values lie in the axes of a mark, in points; infinitely far where nothing can be read."""
    if channel in EXTENTS:
        sizes = np.abs(values) ** (0.5 if channel == "area" else 1)
        return sizes * factors[mark.number, channel]
    side = SIDES.get(channel, "y")
    if scale := scale_of(mark.drawing, mark.axes, side):
        return scale(values)
    # One printed value alone says where that value is.
    labelled = {number(text): place for place, text in mark.axes.ticks[side]}
    return np.array([labelled.get(value, math.inf) for value in values])


def _from_places(mark: _Mark, places: np.ndarray) -> np.ndarray:
    """A dot stands at its place, a line ends there, a name stands beside it."""
    if isinstance(mark.one, Shape):
        own = mark.one.centre if mark.one.marker else mark.one.points[-1]
        return np.hypot(*(places - own).T)
    return np.array([max(0.0, math.hypot(*_gap(mark.one, (*at, *at))) - 10) for at in places])


def _from_line(points: np.ndarray, x: float, y: float) -> float:
    """How far a line is from the point that it should go through."""
    if len(points) < 2 or math.isinf(x) or math.isinf(y):
        return math.inf
    at, way = np.array([x, y]), np.diff(points, axis=0)
    along = ((at - points[:-1]) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-9)
    nearest = points[:-1] + way * np.clip(along, 0, 1)[:, None]
    return float(np.hypot(*(nearest - at).T).min())


def _factors(drawing: Drawing, readings: list, maps: dict) -> dict[tuple[int, str], float]:
    """Points a unit, by axes and direction: by the ticks, or, where none say it, by the values.

    By it most values find a mark as long as they are; on a map, one that stands where they do.
    """
    values: dict[tuple[int, str, str], list[float]] = {}
    places: dict[tuple[int, str, str], list[np.ndarray]] = {}
    for reading, rows, numbers in readings:
        for number, channel in itertools.product(numbers, EXTENTS & reading.shows.keys()):
            found = np.abs(_computed(rows, reading.shows[channel]))
            found = found[found > 0] ** (0.5 if channel == "area" else 1)
            values.setdefault((number, channel, reading.kind), []).extend(found)
            if number in maps and "place" in reading.shows and len(rows):
                at = _plane(rows, reading) * maps[number][0] + maps[number][1]
                places.setdefault((number, channel, reading.kind), []).append(at)
    factors = {}
    for (number, channel, kind), wanted in values.items():
        axes, side = drawing.axes[number], SIDES.get(channel, "y")
        marks = _of(axes, kind)
        if at := places.get((number, channel, kind)):
            marks = [
                one
                for one in marks
                if (np.hypot(*(np.concatenate(at) - one.centre).T) < NEAR).any()
            ]
        sizes = np.array([one.size[channel == "height"] for one in marks] or [0.0])
        wanted, rows = np.unique(wanted, return_counts=True)
        scale = scale_of(drawing, axes, side) if channel != "area" else None
        factor = abs(scale(1.0) - scale(0.0)) if scale else 0.0
        found = functools.partial(_found, wanted, rows if channel == "area" else None, sizes)
        if not (axes.ticks[side] and scale) and not found(factor):  # nor those of axes above it
            tried = [size / value for value in wanted for size in np.unique(sizes.round(2))]
            factor = max(tried, key=lambda one: (found(one), one), default=1.0)
        factors[number, channel] = factor
    return factors


def _found(wanted: np.ndarray, rows: np.ndarray | None, sizes: np.ndarray, factor: float) -> int:
    """How many values find a mark of their size; of dots, how many rows do, and how many dots a row."""
    near = np.abs(sizes - wanted[:, None] * factor) < 0.1
    if rows is None:
        return int(near.any(axis=1).sum())
    return int((near.any(axis=1) * rows).sum() + near.any(axis=0).sum())


def _axes(drawing: Drawing, reading: Reading) -> Iterable[int]:
    every = range(len(drawing.axes))
    return every if reading.axes is None else [one for one in reading.axes if one in every]


def _told(mark: _Mark, wanted: Mapping) -> bool:
    """Whether the words around a mark are those that they should be."""
    return all(_fits(words, mark.words(channel), channel) for channel, words in wanted.items())


def _misread(mark: _Mark, wanted: dict[str, str]) -> list[str]:
    """What the words around a mark say against what they should."""
    return [
        f"{channel}: {' / '.join(mark.words(channel)[:3]) or 'nothing'}, not {words}".rstrip(
            OPTIONAL
        )
        for channel, words in wanted.items()
        if not _fits(words, mark.words(channel), channel)
    ]


def _fits(words: "str | Number", found: list[str], channel: str) -> bool:
    if isinstance(words, Number):  # as exactly as it is printed
        printed = next((numbers for text in found if (numbers := _numbers(text))), [])
        near = (abs(value - words.value) <= step / 2 + 1e-9 for value, step in printed)
        return any(near) or (words.optional and not printed)
    optional, plain, form = _form(words)
    if channel == "tint":
        return any((plain in text) != text.startswith(NOT) for text in found)
    if not found or (optional and not plain):
        return optional or not plain
    return any(form.fullmatch(text) for text in found)


@functools.lru_cache(maxsize=4096)
def _form(words: str) -> tuple[bool, str, re.Pattern]:
    plain = _plain(words.rstrip(OPTIONAL))
    form = re.compile(re.escape(plain).replace("…", ".*"), re.S)
    return words.endswith(OPTIONAL), plain, form


def _numbers(text: str) -> list[tuple[float, float]]:
    """The numbers in a text, each with the step of its last digit."""
    found = []
    for said in PRINTED.findall(text):
        value = number(said)
        if value is not None:
            decimals = re.search(r"[.,](\d{1,2}|\d{4,})%?$", said)
            step = 10 ** -len(decimals[1]) if decimals else 1.0
            if value >= 1000 and value % 10 == 0:
                step = 10.0  # such as a distance that is known no better
            found.append((value, step / 100 if "%" in said else step))
    # A table may hold per cent as they are printed.
    return found + [(100 * value, 100 * step) for value, step in found if "%" in text]


def _plain(text: str) -> str:
    return re.sub(r"(?<=\w)- (?=\w)", "-", " ".join(text.split()))


def _wanted(template: str, row: Mapping, labels: Labels) -> "str | Number":
    """A template with the cells of a row; after # the number in a column."""
    if template.startswith("#"):
        return Number(float(row[template[1:].rstrip("?")]), template.endswith("?"))
    while case := CASE.fullmatch(template):
        template = case[3] if str(row[case[1]]) == case[2] else case[4]
    template = re.sub(r"\?$", OPTIONAL, template)  # a label may end with a question
    cell_of = lambda key: _cell(row[_own(key[1], row, labels) if key[2] else key[1]], labels)  # noqa: E731
    hole = lambda key: cell if isinstance(cell := row.get(key[1]), str) else "…"  # noqa: E731
    label = lambda key: HOLE.sub(hole, _label(key, labels))  # noqa: E731
    return FIELD.sub(cell_of, LABEL.sub(label, FIELD.sub(cell_of, template)))


def _own(column: str, row: Mapping, labels: Labels) -> str:
    own = f"{column}_{labels.language}"
    return own if own in row and not pd.isna(row[own]) else column


def _label(key: re.Match, labels: Labels) -> str:
    """The label of this name, or what stands for it after "|"."""
    name, otherwise, else_ = key[1].partition("|")
    name = name.replace(" ", "_")
    return else_ if otherwise and name not in labels else labels[name]


class Number(NamedTuple):
    """A number to be found; optional: where there is room for it."""

    value: float
    optional: bool

    def __str__(self) -> str:
        return f"{self.value:g}"


def _cell(value, labels: Labels) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    whole = float(value).is_integer()
    return str(int(value)) if whole and 1000 < value < 3000 else labels.number(value)


def _shown(row: Mapping, reading: Reading) -> str:
    columns = {name for text in reading.shows.values() for name in FIELD.findall(text)}
    names = [name for name in row if name in {*reading.shows.values(), *(n for n, _ in columns)}]
    return ", ".join(f"{name} {row[name]}" for name in names if pd.notna(row[name]))


def scale_of(drawing: Drawing, axes: Axes, side: str):
    """From a value to its place, by the printed ticks; None where none can be read.

    Axes without ticks of their own are read by those of axes that stand above or beside them.
    """
    known = axes.__dict__.setdefault("scales", {})
    if side not in known:
        # Two ticks fit either scale: the axis says which it is.
        log = any("logari" in text.said for text in axes.texts)
        found = (fitted(one.ticks[side], log) for one in [axes, *_level_with(drawing, axes, side)])
        known[side] = next((scale for scale in found if scale), None)
    return known[side]


def _level_with(drawing: Drawing, axes: Axes, side: str) -> list[Axes]:
    """The axes that begin where these do, those first that end there, too."""
    ends = (0, 2) if side == "x" else (1, 3)
    beside = [
        one for one in drawing.axes
        if one is not axes and abs(one.frame[ends[0]] - axes.frame[ends[0]]) < 1
    ]  # fmt: skip
    return sorted(beside, key=lambda one: abs(one.frame[ends[1]] - axes.frame[ends[1]]))


def fitted(ticks: list[tuple[float, str]], log: bool = False):
    """The linear or logarithmic scale on which all ticks stand where their labels say; log: only that."""
    pairs = [(number(text), place) for place, text in ticks]
    pairs = [(value, place) for value, place in pairs if value is not None]
    if len({value for value, _ in pairs}) < 2 or len(pairs) < len([t for _, t in ticks if t]):
        return None
    values, places = map(np.array, zip(*pairs, strict=True))
    for form in (np.log,) if log else (np.asarray, np.log):
        if form is np.log and min(values) <= 0:
            continue
        slope, start = np.polyfit(form(values), places, 1)
        if np.abs(slope * form(values) + start - places).max() < NEAR:
            return lambda value, form=form, slope=slope, start=start: (
                slope * form(np.maximum(value, 1e-12) if form is np.log else value) + start
            )
    return None


def number(text: str) -> float | None:
    """A printed number, in English or Turkish: 1,500 and 1.500, 2.5 and 2,5, 25% and %25, −1 and +1."""
    said = text.strip().strip("%").replace("−", "-").lstrip("+").replace("\u00a0", "")
    if re.fullmatch(r"-?[1-9]\d{0,2}([.,]\d{3})+", said):
        return float(re.sub("[.,]", "", said))
    if re.fullmatch(r"-?\d+([.,]\d+)?", said):
        value = float(said.replace(",", "."))
        return value / 100 if "%" in text else value
    return None
