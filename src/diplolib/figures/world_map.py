"""Where the partners are: countries by number of agreements, a marker a place."""

from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from diplolib.figures import projection, totals
from diplolib.places import name_countries
from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Marks, Rule
from nbproof.labels import Labels

# Upper limits of the colour classes; the last is open. For counts beyond MANY they grow with the
# largest, each as many times the one before.
CLASSES = [1, 3, 6]
MANY = 100
# More places than these are not drawn one by one: those of a cell, so many degrees high and as many
# kilometres wide, share a marker. The largest marker has LARGEST square points.
READABLE = 1_000
CELL = 3
LARGEST = 250
# How many countries the list beside the map names
RANKED = 9
# How many partners without a place the caption names
NAMED = 12
# West, south, east, north of the second panel, in degrees: where most partners lie close together.
DETAIL = (14, 30, 54, 57)


def table(
    agreements: pd.DataFrame,
    schemes: pd.DataFrame,
    names: pd.DataFrame,
    *,
    origin: tuple[float, float],
) -> pd.DataFrame:
    """One row a mark, from the selected agreements.

    agreements: rows of processed/agreements. schemes: reference/regions. names:
    reference/countries. origin: latitude and longitude of the studied city. Returns mark, scheme,
    region, country_code, place_id, name, name_tr, latitude, longitude, agreements, rows (those
    counted); marks: `country` (a coloured shape), `place` (a marker), `unplaced` (a partner that no
    shape or marker shows), `total` (each scheme's regions) and `origin`, which no row decides. Of more
    than READABLE places come, in the place of `place`, marks `cell`: the agreements with all places of
    a cell, at their mean point, and in a column places how many these are.
    """
    agreements = agreements.rename(columns={"partner": "name", "partner_tr": "name_tr"})
    located = agreements["latitude"].notna()
    countries = references.counted(agreements, "country_code", "agreements", "agreement_id")
    countries = name_countries(countries, names)
    place = ["country_code", "place_id", "name", "name_tr", "latitude", "longitude"]
    places = references.counted(agreements[located], place, "agreements", "agreement_id")
    lost = references.counted(
        agreements[~located], place[:4], "agreements", "agreement_id", dropna=False
    )
    marks = pd.concat(
        [
            countries.assign(mark="country").sort_values(
                ["agreements", "country_code"], ascending=[False, True]
            ),
            _cells(agreements[located])
            if len(places) > READABLE
            else places.assign(mark="place").sort_values(
                ["agreements", "place_id"], ascending=[False, True]
            ),
            lost.assign(mark="unplaced"),
            totals.rows(agreements, schemes),
            pd.DataFrame({"mark": ["origin"], "latitude": origin[0], "longitude": origin[1]}),
        ],
        ignore_index=True,
    )
    columns = ["mark", "scheme", "region", "country_code", "place_id", "name", "name_tr"]
    columns += ["latitude", "longitude", "agreements", "rows"]
    if "places" in marks:
        columns.insert(-2, "places")
        marks = marks.astype({"places": "Int64"})
    return marks.reindex(columns=columns).astype({"agreements": "Int64"})


@style.styled
def draw(
    table: pd.DataFrame, labels: Labels, boundaries: gpd.GeoDataFrame, *, arcs: bool = False
) -> Figure:
    """The world, and a closer view of where most partners lie.

    boundaries: reference/boundaries.geojson, joined by country_code. arcs: great circles from the
    studied city to each place.
    """
    marks = dict(iter(table.groupby("mark", sort=False)))
    countries = marks["country"].set_index("country_code")["agreements"].astype(int)
    limits = _classes(countries)
    shapes = boundaries.assign(agreements=boundaries["country_code"].map(countries))
    places = _points(_spots(table))
    unit = min(9.0, LARGEST / places["agreements"].max()) if len(places) else 9.0
    figure = Figure(figsize=(10, 10.4))
    world = figure.add_axes((0.01, 0.5, 0.98, 0.425))
    detail = figure.add_axes((0.06, 0.105, 0.66, 0.385))
    projected = projection.to_map(shapes)
    clipped = projected.geometry.clip_by_rect(*projection.window(*DETAIL))
    near = projection.whole_metres(projected.assign(geometry=clipped))
    for axis, land, scale in ((world, projected, 1.0), (detail, near, 1.7)):
        _land(axis, land[~land.geometry.is_empty], limits)
        if arcs:
            _arcs(axis, marks["origin"], places)
        _markers(axis, places, scale, unit)
        axis.set_axis_off()
        axis.set_aspect("equal")
    _frame(world, detail, marks["origin"])
    _legend(figure, countries, limits, labels)
    _sizes(figure, places, unit, labels)
    _ranking(figure, marks["country"], labels)
    facts = _facts(table)
    style.head(figure, labels["map.title"], labels.fill("map.subtitle", **facts), top=0.985)
    style.foot(figure, "\n".join([labels["map.foot"], *map(style.plain, notes(table, labels))]))
    return figure


def notes(table: pd.DataFrame, labels: Labels) -> list[str]:
    """Every agreement without a place on the map, and the totals by region, as sentences."""
    lost = table[table["mark"] == "unplaced"]
    names = lost["name_tr" if labels.language == "tr" else "name"]
    said = []
    if (table["mark"] == "cell").any():
        said.append(labels.fill("map.cells", degrees=CELL, **_facts(table)))
    if len(lost) > NAMED:
        said.append(
            labels.fill("map.unplaced_many", n=int(lost["agreements"].sum()), partners=len(lost))
        )
    elif len(lost):
        said.append(
            labels.fill(
                "map.unplaced", n=int(lost["agreements"].sum()), names=labels.listing(names)
            )
        )
    else:
        said.append(labels["map.all_placed"])
    schemes = table.loc[table["mark"] == "total", "scheme"].unique()
    said += [totals.sentence(table, labels, scheme) for scheme in schemes]
    return said


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: how many, in which countries most, what has no place, totals by region."""
    facts = _facts(table)
    said = [labels.fill("map.alt.cells" if facts["cells"] else "map.alt", **facts)]
    top = table[table["mark"] == "country"].head(RANKED)
    names = top["name_tr" if labels.language == "tr" else "name"]
    counts = [
        f"{name} {labels.number(n)}" for name, n in zip(names, top["agreements"], strict=True)
    ]
    if counts:
        said.append(labels.fill("map.alt.most", counts=labels.listing(counts)))
    return " ".join([*said, *notes(table, labels)])


def _facts(table: pd.DataFrame) -> dict:
    marks = table.groupby("mark")["agreements"].agg(["size", "sum"])
    count = lambda mark, what: int(marks[what].get(mark, 0))  # noqa: E731
    return {
        "n": count("country", "sum") + count("unplaced", "sum"),
        "countries": count("country", "size"),
        "places": count("place", "size") + int(table.get("places", pd.Series(dtype="Int64")).sum()),
        "placed": count("place", "sum") + count("cell", "sum"),
        "cells": count("cell", "size"),
    }


def _spots(table: pd.DataFrame) -> pd.DataFrame:
    """The markers: places, or cells of them."""
    return table[table["mark"].isin(["place", "cell"])]


def _cells(agreements: pd.DataFrame) -> pd.DataFrame:
    """Agreements with places that lie close together; every cell has about the same area."""
    band = (agreements["latitude"] // CELL).rename("band")
    width = CELL / np.cos(np.radians((band + 0.5) * CELL))
    column = (agreements["longitude"] // width).rename("column")
    cells = references.counted(agreements, [band, column], "agreements", "agreement_id")
    groups = agreements.groupby([band, column])
    middle = groups[["latitude", "longitude"]].mean().round(4)
    middle["places"] = groups["place_id"].nunique()
    cells = cells.join(middle, on=["band", "column"]).assign(mark="cell")
    return cells.sort_values("agreements", ascending=False, kind="stable")


def _classes(countries: pd.Series) -> list[int]:
    """The upper limits of the colour classes but the last, with one digit that is not zero."""
    most = countries.max() if len(countries) else 0
    if most <= MANY:
        return CLASSES
    return [int(float(f"{most ** (step / 4):.0e}")) for step in (1, 2, 3)]


def _points(places: pd.DataFrame) -> gpd.GeoDataFrame:
    points = projection.points(places["longitude"], places["latitude"])
    return gpd.GeoDataFrame(places, geometry=points)


def _land(axis, shapes: gpd.GeoDataFrame, limits: list[int]) -> None:
    def colour(agreements: float) -> str:
        if pd.isna(agreements):
            return style.LAND
        return style.SEQUENCE[sum(agreements > limit for limit in limits)]

    shapes.plot(
        ax=axis, color=shapes["agreements"].map(colour), edgecolor=style.PAPER, linewidth=0.35
    )


def _markers(axis, places: gpd.GeoDataFrame, scale: float, unit: float) -> None:
    """Area grows with the number of agreements: `unit` square points each."""
    axis.scatter(
        places.geometry.x, places.geometry.y, s=unit * scale * places["agreements"].astype(float),
        facecolor=style.ACCENT, edgecolor=style.PAPER, zorder=4,
        # A rim as wide as the smallest dots would hide them.
        linewidth=(0.5 if unit == 9 else 0.15) * scale,
        label="place",
    )  # fmt: skip


def _arcs(axis, origin: pd.DataFrame, places: pd.DataFrame) -> None:
    """Great circles, broken where they leave the map on one side and come back on the other."""
    start = origin.iloc[0]
    for place in places.itertuples():
        ends = [(end.longitude, end.latitude) for end in (start, place)]
        x, y = projection.arc(*ends)
        broken = pd.Series(x).diff().abs() > 1e7
        axis.plot(
            pd.Series(x).mask(broken), y, color=style.ACCENT, linewidth=0.5, alpha=0.45, zorder=3
        )


def _frame(world, detail, origin: pd.DataFrame) -> None:
    """Cut the detail to its window, show the window on the world, and mark the studied city."""
    west, south, east, north = projection.window(*DETAIL)
    detail.set_xlim(west, east)
    detail.set_ylim(south, north)
    for axis, width, size in ((world, 0.8, 45), (detail, 1.2, 130)):
        x, y = [west, east, east, west, west], [south, south, north, north, south]
        axis.plot(x, y, color=style.INK, linewidth=width, zorder=5, clip_on=False)
        point = _points(origin).geometry
        axis.scatter(
            point.x, point.y, s=size, marker="*", color=style.INK, edgecolor=style.PAPER,
            linewidth=0.6, zorder=6, label="origin",
        )  # fmt: skip
    world.margins(0.01)


def _legend(figure: Figure, countries: pd.Series, limits: list[int], labels: Labels) -> None:
    lows = [1, *[limit + 1 for limit in limits]]
    highs = [*limits, max(countries.max() if len(countries) else 0, lows[-1])]
    said = [
        (labels.number(low), labels.number(high)) for low, high in zip(lows, highs, strict=True)
    ]
    boxes = [
        Patch(facecolor=colour, label=f"{low}–{high}" if high != low else low)
        for colour, (low, high) in zip(style.SEQUENCE, said, strict=True)
    ]
    boxes.append(Patch(facecolor=style.LAND, label=labels["map.none"]))
    figure.legend(
        handles=boxes, title=labels["map.by_country"], loc="upper left", bbox_to_anchor=(0.745, 0.495),
        alignment="left", title_fontproperties={"weight": "bold"},
    )  # fmt: skip


def _sizes(figure: Figure, places: pd.DataFrame, unit: float, labels: Labels) -> None:
    most = places["agreements"].max() if len(places) else 0
    shown = (1, 2, 3) if unit == 9 else [int(float(f"{most / part:.0e}")) for part in (27, 9, 3)]
    dots = [
        Line2D([], [], marker="o", linestyle="", color=style.ACCENT, markeredgecolor=style.PAPER,
               markersize=(unit * 1.7 * size) ** 0.5, label=labels.number(size))
        for size in shown
    ]  # fmt: skip
    title = labels["map.by_cell" if "cell" in set(places["mark"]) else "map.by_place"]
    figure.legend(
        handles=dots, title=title, loc="upper left", bbox_to_anchor=(0.745, 0.37),
        alignment="left", title_fontproperties={"weight": "bold"},
    )  # fmt: skip


def _ranking(figure: Figure, countries: pd.DataFrame, labels: Labels) -> None:
    """The countries with most agreements, in words: some of them are too small to see."""
    top = countries.head(RANKED)
    names = top["name_tr" if labels.language == "tr" else "name"]
    figure.text(0.755, 0.275, labels["map.most"], fontweight="bold", va="top")
    for line, (name, count) in enumerate(zip(names, top["agreements"], strict=True)):
        height = 0.254 - 0.0165 * line
        figure.text(0.775, height, labels.number(count), ha="right", va="top", fontweight="bold")
        figure.text(0.785, height, style.plain(name), va="top")


def shades(column: str, classes: Sequence[int]) -> Callable[[Marks], list]:
    """The colour of each country that has any, darker for more: see `nbproof.figures.rules`."""
    return lambda marks: [
        style.SEQUENCE[sum(n > limit for limit in classes)] for n in marks["country"][column]
    ]


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows"},
    again=("total",),
    rules=(
        Rule("colours", (0,), shades("agreements", CLASSES)),
        Rule("places", (0,), projection.places("place"), "place"),
        Rule("places", (1,), projection.places("place"), "place"),
        Rule("places", (0,), projection.places("origin"), "origin"),
    ),
    cut=True,
)
