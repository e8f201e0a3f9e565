"""What each axis of each figure draws: rules by which `verify` compares pictures with their tables."""

from collections.abc import Callable

import pandas as pd

from ankara.figures import engagements_map
from diplolib.figures import projection, world_map
from nbproof.figures import style
from nbproof.verify.drawn import Marks, Rule


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
