"""The points of a sweep: every combination of the values that are given for a notebook's parameters."""

import hashlib
import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbproof.pipeline import parameters
from nbproof.pipeline.parameters import ParameterError

LARGEST = 100_000  # points; a range with a slip of the pen is larger
LONGEST = 100  # letters of a folder's name; Windows allows a path 260
RANGE = re.compile(r"(-?\d{1,9}):(-?\d{1,9})(?::(\d{1,9}))?")


@dataclass(frozen=True)
class Point:
    """One combination of values."""

    name: str  # of its folder
    swept: dict  # the parameters that the sweep sets
    given: dict  # of these, what differs from the notebook's defaults
    parameters: dict  # all of the notebook's


def points(notebook: Path, over: Iterable[str]) -> list[Point]:
    """Every combination; over: texts such as "lang=en,tr" and "year_to=2000:2021" (ends included).

    Raises ParameterError for a name or a value that the notebook's contract does not allow.
    """
    known = parameters.contract(notebook)
    values: dict[str, list] = {}
    for text in over:
        name, listed = _values(notebook, text, known)
        if name in values:
            raise ParameterError(f"--over {name} is given twice: list all its values in one.")
        values[name] = listed
    size = math.prod(len(listed) for listed in values.values())
    if size > LARGEST:
        raise ParameterError(f"the sweep has {size:,} points; expected {LARGEST:,} at most.")
    # In the notebook's order: the same point has the same name however the command was written.
    names = [name for name in known if name in values]
    found = []
    for combination in itertools.product(*(values[name] for name in names)):
        swept = dict(zip(names, combination, strict=True))
        given = parameters.check(notebook, swept, known)
        defaults = {name: rules["default"] for name, rules in known.items()}
        found.append(Point(folder_name(swept), swept, given, {**defaults, **given}))
    return found


def text(value: object) -> str:
    """A parameter's value as the command line takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def folder_name(swept: dict) -> str:
    """A name that every file system takes, and tells apart from the others of the sweep."""
    said = ",".join(f"{name}={text(value)}" for name, value in swept.items())
    safe = re.sub(r"[^\w.=,-]", "_", said, flags=re.ASCII)[:LONGEST].rstrip(".")
    # Windows takes "A" for "a".
    if safe != said or said != said.lower():
        safe = f"{safe}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    return safe


def _values(notebook: Path, over: str, known: dict) -> tuple[str, list]:
    name, equals, listed = over.partition("=")
    name = name.strip()
    if not equals or not name:
        raise ParameterError(
            f"--over {over!r}: expected name=value,value,… or, of whole numbers, name=first:last."
        )
    if name not in known:
        parameters.check(notebook, {name: listed}, known)  # says which names there are
    values = []
    for item in listed.split(","):
        span = RANGE.fullmatch(item.strip()) if known[name]["type"] == "integer" else None
        items = _range(over, *span.groups()) if span else [item.strip()]
        # Both ends first: between them may lie more numbers than there is time to look at.
        for end in (items[0], items[-1]):
            parameters.typed(notebook.name, name, end, known[name])
        if len(items) > LARGEST:
            raise ParameterError(f"--over {over!r} has {len(items):,} values.")
        values += [parameters.typed(notebook.name, name, value, known[name]) for value in items]
    if len(set(values)) < len(values):
        raise ParameterError(f"--over {over!r}: a value is given twice.")
    return name, values


def _range(over: str, first: str, last: str, step: str | None) -> range:
    by = int(step or 1)
    if not by or int(first) > int(last):
        raise ParameterError(
            f"--over {over!r}: expected first:last or first:last:step, upwards; last is included."
        )
    return range(int(first), int(last) + 1, by)
