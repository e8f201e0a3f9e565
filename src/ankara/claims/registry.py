"""Which function recomputes which claim."""

from collections.abc import Callable
from typing import NamedTuple

from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import Found

Compute = Callable[[Evidence, Choices], Found]


class Claim(NamedTuple):
    """The function of one claim, and those of its other readings.

    readings: in the order in which `alternative_definition` names them. functions: those of them that
    are a function of their own, and not `compute` under other choices.
    """

    compute: Compute
    readings: tuple[Compute, ...] = ()
    functions: tuple[Compute, ...] = ()


CLAIMS: dict[str, Claim] = {}


def claim(claim_id: str, *readings: Compute | dict) -> Callable[[Compute], Compute]:
    """Register a function for `claim_id`.

    A reading is a function of its own, or the choices that turn this one into it.
    """

    def register(compute: Compute) -> Compute:
        if claim_id in CLAIMS:
            raise ValueError(f"two functions for the claim {claim_id!r}")
        CLAIMS[claim_id] = Claim(
            compute,
            tuple(
                chosen(compute, **reading) if isinstance(reading, dict) else reading
                for reading in readings
            ),
            tuple(reading for reading in readings if not isinstance(reading, dict)),
        )
        return compute

    return register


def chosen(compute: Compute, **changes) -> Compute:
    """`compute` with some choices changed."""
    return lambda evidence, choices: compute(evidence, choices.but(**changes))


def parameterised(function: Callable[..., Found]) -> Callable[..., Compute]:
    """Called with all but evidence and choices, `function` gives what recomputes a claim."""

    def given(*values, **named) -> Compute:
        return lambda evidence, choices: function(evidence, choices, *values, **named)

    return given
