"""What the fresh figures have drawn against the committed plotted tables: numbers, heights, places.

Pixels say that two pictures are alike; this says that a picture shows its table. It holds with any
release of matplotlib.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from nbproof.figures import record, style
from nbproof.figures.rules import Marks, Rule
from nbproof.study import Study
from nbproof.verify.figures import LANGUAGES
from nbproof.verify.finding import Finding, redraw


def compare(study: Study, names: Mapping[str, str], fresh: Path) -> Iterator[Finding]:
    """Each fresh figure's artists, as its run has stored them, against the committed table.

    names: each figure with the notebook that draws it.
    """
    for name, notebook in names.items():
        said = record.find([study.notebooks / f"{notebook}.ipynb"], name)
        figure = study.own(f"{said['module']}:FIGURE")
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
            rules = figure.rules(marks) if callable(figure.rules) else figure.rules
            for said, expected, got in _differences(rules, marks, axes, figure.cut):
                see = redraw(notebook, language)
                file = study.name(table)
                yield Finding("drawn artists", file, "", said, see, expected, got)


def _marks(path: Path) -> Marks:
    table = pd.read_csv(path)
    return dict(iter(table.groupby("mark", sort=False)))


def _differences(
    rules: Iterable[Rule], marks: Marks, axes: list[dict], cut: bool
) -> Iterator[tuple[str, str, str]]:
    for rule in rules:
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
    if not cut:
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
