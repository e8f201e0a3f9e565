"""All combinations of the choices that can change a result, found by computing.

Nothing here knows what a result is about: it asks, notes which choices the asked function looked at,
and turns those. A choice that acts only together with another one is found as well, since every
combination of all choices looked at is computed before any of them is dropped.
"""

import itertools
from collections.abc import Callable, Hashable

import numpy as np

from ankara.claims import Choices

# A specification: a value for every choice, by its name.
Specification = dict[str, str]
# What a specification gives, and the choices that were looked at on the way
Evaluate = Callable[[Specification], tuple[Hashable, set[str]]]


def explore(
    evaluate: Evaluate, values: dict[str, list[str]]
) -> list[tuple[Specification, Hashable]]:
    """Every specification that can differ, with its result; the one as defined comes first.

    values: the values of each choice, the first as defined. Returned are only the choices that change
    the result in some combination, and of values that give the same in all combinations the first.
    A function that looks at no choice has one specification, without any.
    """
    results = _all(evaluate, values)
    names = [name for name in values if len({spec[name] for spec, _ in results}) > 1]
    kept = _kept(results, {name: values[name] for name in names})
    shown = [name for name in names if len(kept[name]) > 1]
    # Where a choice does not matter, its value as defined stands for all.
    fixed = {name: values[name][:1] for name in names} | {name: kept[name] for name in shown}
    return [
        ({name: spec[name] for name in shown}, result)
        for spec, result in results
        if all(spec[name] in fixed[name] for name in names)
    ]


def _all(evaluate: Evaluate, values: dict[str, list[str]]) -> list[tuple[Specification, Hashable]]:
    """The whole product of the choices that any of its own points looks at."""
    looked: set[str] = set()
    found: dict[tuple, Hashable] = {}
    while True:
        more = set(looked)
        points = itertools.product(
            *(values[name] if name in looked else values[name][:1] for name in values)
        )
        for point in points:
            if point not in found:
                found[point], asked = evaluate(dict(zip(values, point, strict=True)))
                more |= asked
        if more == looked:
            break
        looked = more
    order = {name: values[name].index for name in values}
    points = sorted(
        found, key=lambda point: [order[n](v) for n, v in zip(values, point, strict=True)]
    )
    return [(dict(zip(values, point, strict=True)), found[point]) for point in points]


def _kept(results: list, values: dict[str, list[str]]) -> dict[str, list[str]]:
    """The values of each choice that differ from all earlier ones in some combination."""
    codes: dict[Hashable, int] = {}
    flat = [codes.setdefault(result, len(codes)) for _, result in results]
    cube = np.array(flat).reshape([len(those) for those in values.values()])
    kept = {}
    for axis, (name, those) in enumerate(values.items()):
        slices = np.moveaxis(cube, axis, 0).reshape(len(those), -1)
        firsts = sorted(np.unique(slices, axis=0, return_index=True)[1])
        kept[name] = [those[first] for first in firsts]
        cube = np.take(cube, firsts, axis)
    return kept


class Noted(dict):
    """A specification that notes which of its choices are looked at."""

    def __init__(self, values: Specification):
        super().__init__(values)
        self.looked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.looked.add(name)
        return super().__getitem__(name)


class NotedChoices(Choices):
    """Choices of a claim that note which of them are looked at; those set by `but` are not noted."""

    def __init__(self, values: dict, looked: set[str], fixed: frozenset[str] = frozenset()):
        super().__init__(**values)
        # Set last and past the frozen class: its own check looks at every choice.
        vars(self).update(_looked=looked, _fixed=fixed)

    def __getattribute__(self, name: str):
        own = object.__getattribute__(self, "__dict__")
        if "_looked" in own and name in Choices.__dataclass_fields__ and name not in own["_fixed"]:
            own["_looked"].add(name)
        return object.__getattribute__(self, name)

    def but(self, **changes) -> "NotedChoices":
        values = {name: vars(self)[name] for name in Choices.__dataclass_fields__}
        return NotedChoices(values | changes, self._looked, self._fixed | set(changes))
