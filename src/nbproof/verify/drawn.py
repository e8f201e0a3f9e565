"""What the fresh figures have drawn against the committed plotted tables: numbers, heights, places.

Pixels say that two pictures are alike; this says that a picture shows its table. It holds with any
release of matplotlib.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ankara.figures import engagements_map
from diplolib.figures import projection, world_map
from nbproof.figures import style
from nbproof.study import Study
from nbproof.verify.figures import LANGUAGES
from nbproof.verify.finding import Finding, redraw

Marks = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """The `what` of these axes, in any order, is `expected` of the plotted table's marks."""

    what: str
    axes: tuple[int, ...]
    expected: Callable[[Marks], Iterable]
    label: str = ""  # of markers, where an axis has several kinds


def _column(mark: str, *columns: str) -> Callable[[Marks], list]:
    return lambda marks: [v for c in columns for v in marks[mark][c].dropna()]


def _number(mark: str, times: int = 1) -> Callable[[Marks], list]:
    return lambda marks: [times * len(marks[mark])]


def _classes(module, column: str) -> Callable[[Marks], list]:
    """The colour of each country that has any, darker for more."""
    return lambda marks: [
        style.SEQUENCE[sum(n > limit for limit in module.CLASSES)] for n in marks["country"][column]
    ]


def _projected(mark: str, chosen=lambda rows: rows) -> Callable[[Marks], list]:
    """Longitude and latitude on the plane of the map, as whole metres."""

    def expected(marks: Marks) -> list:
        rows = chosen(marks[mark])
        points = projection.points(rows["longitude"], rows["latitude"])
        return [*points.x, *points.y]

    return expected


def _spans(marks: Marks) -> list:
    return [
        span
        for mark in ("government", "status")
        for span in marks[mark]["year_to"] - marks[mark]["year"]
    ]


def _ranks(marks: Marks) -> list:
    """Every specification by its rank, and once more the one as defined, which is marked."""
    rows = marks["specification"]
    return [*rows["rank"], *rows.loc[rows["as_defined"].eq(True), "rank"]]


def _kinds(marks: Marks) -> list:
    """A bar for each country with several engagements, by kind."""
    rows = marks["country"]
    rows = rows[rows["engagements"] >= engagements_map.BARS_FROM]
    return [n for kind in engagements_map.KINDS for n in rows[kind] if rows[kind].sum()]


def _alone(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["agreement"].astype(bool)]


RULES = {
    "timeline": [
        Rule("heights", (0, 1), _column("bar", "agreements")),
        Rule("x of bands", (0,), lambda marks: marks["term"]["year"] - 0.5),
        Rule("line heights", (2,), _column("cumulative", "agreements")),
    ],
    "world-map": [
        Rule("colours", (0,), _classes(world_map, "agreements")),
        Rule("places", (0,), _projected("place"), "place"),
        Rule("places", (1,), _projected("place"), "place"),
        Rule("places", (0,), _projected("origin"), "origin"),
    ],
    "purposes": [
        Rule("number of markers", (0,), _number("purpose")),
        Rule("number of shapes", (1,), _number("activity")),
    ],
    "organisation": [
        Rule("number of boxes", (0,), _number("unit")),
        Rule("number of lines", (0,), _number("link")),
    ],
    "staff": [
        Rule("heights", (0,), _column("year", "staff")),
        Rule("heights", (1,), _column("post", "staff")),
    ],
    "education": [
        Rule("widths", (0,), _column("share", "share")),
        Rule("x of markers", (1,), _column("size", "staff")),
    ],
    "units": [
        Rule("widths", (0,), _column("district", "agreements")),
        Rule("x of markers", (1,), _column("district", "agreements")),
    ],
    "foreign-policy": [
        Rule("widths", (0, 1), _column("bar", "share")),
        Rule("x of markers", (2,), _column("contrast", "share", "against_share")),
    ],
    "partners-distance": [
        Rule("x of markers", (0, 1, 2), _column("partner", "distance_km")),
    ],
    "party-history": [
        Rule("widths", (0,), _spans),
        Rule("x of markers", (0,), lambda marks: marks["agreements"]["year"] + 0.5),
    ],
    "city-politics": [
        Rule("x of markers", (0,), _column("term", "value")),
        Rule("heights", (1,), _column("period", "value")),
        Rule("x of markers", (2,), _column("ratio", "value", "by_year", "by_both")),
        Rule("heights", (3,), _column("permuted", "value")),
        Rule("x of markers", (3,), _column("left_out", "value")),
    ],
    "engagements": [
        Rule("heights", (0,), _column("agreement", "agreements")),
        Rule("number of bars", tuple(range(3, 15)), _number("block")),
    ],
    "engagement-activities": [
        Rule("widths", (0,), _column("activity", "engagements")),
        Rule("number of shapes", (1,), _number("direction")),
        Rule("widths", (2,), _column("author", "engagements")),
    ],
    "sensitivity-claims": [
        Rule("widths", (0,), _column("group", "claims")),
        Rule("number of markers", (1,), _number("flip")),
    ],
    "sensitivity-contrasts": [
        Rule("x of markers", (0, 1), _column("range", "estimate", "elected")),
        Rule("x of markers", (2,), _ranks),
    ],
    "engagements-map": [
        Rule("colours", (0,), _classes(engagements_map, "engagements")),
        Rule("places", (0,), _projected("country", _alone)),
        Rule("widths", (2,), _kinds),
    ],
    "claims": [
        Rule("widths", (0,), _column("verdict", "claims")),
        Rule("x of markers", (1,), _column("difference", "published", "recomputed")),
    ],
}  # fmt: skip
# A map's detail is cut off at its window, and what lies outside it is clipped.
CLIPPED = {"world-map", "engagements-map"}


def compare(study: Study, names: Mapping[str, str], fresh: Path) -> Iterator[Finding]:
    """Each fresh figure's artists, as its run has stored them, against the committed table.

    names: each figure with the notebook that draws it.
    """
    for name, notebook in names.items():
        for language in LANGUAGES:
            table = study.figures / f"{name}.{language}.csv"
            stored = fresh / f"{name}.{language}.json"
            if not (table.is_file() and stored.is_file()):
                continue  # said elsewhere
            axes = json.loads(stored.read_bytes())["axes"]
            try:
                marks = _marks(table)
            except (ValueError, KeyError):
                continue  # not a table of marks: said where the tables are compared
            for said, expected, got in _differences(name, marks, axes):
                see = redraw(notebook, language)
                file = study.name(table)
                yield Finding("drawn artists", file, "", said, see, expected, got)


def _marks(path: Path) -> Marks:
    table = pd.read_csv(path)
    return dict(iter(table.groupby("mark", sort=False)))


def _differences(name: str, marks: Marks, axes: list[dict]) -> Iterator[tuple[str, str, str]]:
    for rule in RULES.get(name, []):
        where = f"{rule.what} in axes {', '.join(str(number + 1) for number in rule.axes)}"
        try:
            got = sorted(v for number in rule.axes for v in WHATS[rule.what](axes[number], rule))
            if rule.what.startswith("number"):
                got = [sum(got)]
            missing, more = _unmatched(sorted(rule.expected(marks)), got)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            yield f"{where}: cannot be compared with the table ({error!r})", "", ""
            continue
        if missing or more:
            said = f"{where}: {max(len(missing), len(more))} not as in the table"
            yield said, _some(missing), _some(more)
    if name not in CLIPPED:
        yield from _cut(axes)


def _unmatched(expected: list, got: list) -> tuple[list, list]:
    """Of two sorted lists, what has no equal in the other."""
    missing, more = [], []
    here = there = 0
    while here < len(expected) and there < len(got):
        one, other = expected[here], got[there]
        if _close(one, other):
            here, there = here + 1, there + 1
        elif one < other:
            missing.append(one)
            here += 1
        else:
            more.append(other)
            there += 1
    return missing + expected[here:], more + got[there:]


def _some(values: list) -> str:
    texts = [value if isinstance(value, str) else f"{value:.10g}" for value in values[:5]]
    return ", ".join(texts) + (" …" if len(values) > 5 else "")


def _cut(axes: list[dict]) -> Iterator[tuple[str, str, str]]:
    """Bars that reach out of their axes would be cut off."""
    for number, axis in enumerate(axes, start=1):
        (left, right), (low, high) = sorted(axis["xlim"]), sorted(axis["ylim"])
        room = (right - left) / 1000, (high - low) / 1000
        for x, y, width, height in axis["bars"]:
            inside = (
                left - room[0] <= min(x, x + width) and max(x, x + width) <= right + room[0]
                and low - room[1] <= min(y, y + height) and max(y, y + height) <= high + room[1]
            )  # fmt: skip
            if not inside:
                limits = f"x {left:g} to {right:g}, y {low:g} to {high:g}"
                yield f"axes {number}: a bar reaches out of the limits", limits, f"{x:g}, {y:g}"
                break


def _markers(axis: dict, rule: Rule) -> list[list]:
    return [
        marker
        for marker in axis["markers"]
        if marker[0] not in ("swatch",) and rule.label in ("", marker[0])
    ]


WHATS = {
    "heights": lambda axis, rule: [bar[3] for bar in axis["bars"]],
    "widths": lambda axis, rule: [bar[2] for bar in axis["bars"]],
    "x of markers": lambda axis, rule: [m[1] for m in _markers(axis, rule) if m[1] == m[1]],
    "places": lambda axis, rule: [v for m in _markers(axis, rule) for v in m[1:3]],
    "colours": lambda axis, rule: [c for c in axis["shapes"] if c != style.LAND],
    "x of bands": lambda axis, rule: [band[0] for band in axis["bands"]],
    "line heights": lambda axis, rule: [y for line in axis["lines"] for _, y in line],
    "number of bars": lambda axis, rule: [len(axis["bars"])],
    "number of boxes": lambda axis, rule: [axis["boxes"]],
    "number of lines": lambda axis, rule: [len(axis["lines"])],
    "number of markers": lambda axis, rule: [len(_markers(axis, rule))],
    "number of shapes": lambda axis, rule: [len(axis["shapes"])],
}


def _close(one, other) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-5 + 1e-6 * abs(one)
