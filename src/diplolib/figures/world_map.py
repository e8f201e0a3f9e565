"""Where the partners are, and which of them are capitals: a map a level."""

import itertools
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from diplolib.figures import projection, shared, totals
from diplolib.levels import LEVELS
from diplolib.places import name_countries
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

# Fill of the marks, with a dark edge: told apart in grey
KINDS = {"capital": style.SERIES[0], "other": style.PAPER}
PARTNER = "#bcc6d1"  # a country with an agreement; style.LAND without
LEVELLED = [style.SERIES[n] for n in (0, 3, 1, 4, 2)]  # the bars, by level
COUNT = ("agreements", "agreement_id")  # what is counted, and the rows that it counts
# More places than these are not drawn one by one: those of a cell, so many degrees high and as many
# kilometres wide, share a marker. The largest marker has LARGEST square points, one agreement EACH.
READABLE = 1_000
CELL = 3
LARGEST, EACH = 250, 7
# How many countries have a bar, and how many a name in a map if there is room
RANKED = 10
# Where a name may stand beside its marker, best first: so many half widths aside, half heights above
AROUND = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)]
AROUND += [(0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1)]
# How many partners without a place the caption names
NAMED = 12
# West, south, east, north of the closer view, in degrees: where most partners lie close together.
DETAIL = (14, 30, 54, 57)
# Of countries smaller than this, in square metres, so many with most agreements have a panel of their own.
SMALL, PANELS, FEWEST = 6e10, 6, 3
# Land of so many square metres is always in view.
LARGE = 2e11
# What is left out of a view: detail finer than so many metres, by the view
FINE, COARSE, ROUGH = 10e3, 60e3, 120e3


def table(
    agreements: pd.DataFrame,
    schemes: pd.DataFrame,
    names: pd.DataFrame,
    *,
    origin: tuple[float, float],
    periods: pd.DataFrame | None = None,
    levels: Sequence[str] = LEVELS,
) -> pd.DataFrame:
    """One row a mark, from the selected agreements.

    agreements: rows of processed/agreements. schemes: reference/regions. names:
    reference/countries. origin: latitude and longitude of the studied city. periods: name, year_from,
    year_to. levels: in the order of their maps.

    Returns mark, scheme, level, kind, region, period, country_code, place_id, name, name_tr,
    latitude, longitude, agreements, rows (those counted); marks: `country`, `ranked` (the RANKED countries
    with most, by level), `place` (a marker: level, kind: capital or other), `unplaced` (a partner that no
    marker shows), `period` (a place in a period), `total` (each scheme's regions) and `origin`, which no
    row decides. Of more than READABLE places come, in the place of `place`, marks `cell`: the agreements
    with all places of a cell, at their mean point, and in a column places how many these are.
    """
    agreements = agreements.rename(columns={"partner": "name", "partner_tr": "name_tr"})
    kind = agreements["capital"].fillna(False).map({True: "capital", False: "other"})
    agreements = agreements.assign(kind=kind)
    located = agreements["latitude"].notna()
    countries = references.counted(agreements, "country_code", *COUNT)
    countries = name_countries(countries, names)
    countries = countries.sort_values(["agreements", "country_code"], ascending=[False, True])
    first = countries["country_code"].head(RANKED)
    ranked = agreements[agreements["country_code"].isin(first)]
    ranked = references.counted(ranked, ["country_code", "level"], *COUNT)
    ranked = ranked.sort_values("level", key=lambda level: level.map([*levels].index))
    place = ["country_code", "place_id", "name", "name_tr", "latitude", "longitude"]
    many = agreements.loc[located, "place_id"].nunique() > READABLE
    lost = references.counted(agreements[~located], place[:4], *COUNT, dropna=False)
    marks = [
        countries.assign(mark="country"), name_countries(ranked, names).assign(mark="ranked"),
        _spots(agreements[located], ["level", "kind"], place, many), lost.assign(mark="unplaced"),
        _periods(agreements[located], periods, place, many), totals.rows(agreements, schemes),
        pd.DataFrame({"mark": ["origin"], "latitude": origin[0], "longitude": origin[1]}),
    ]  # fmt: skip
    marks = pd.concat(marks, ignore_index=True)
    columns = ["mark", "scheme", "level", "kind", "region", "period", "country_code", "place_id"]
    columns += ["name", "name_tr", "latitude", "longitude", "agreements", "rows"]
    if "places" in marks:
        columns.insert(-2, "places")
        marks = marks.astype({"places": "Int64"})
    return marks.reindex(columns=columns).astype({"agreements": "Int64"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Who has agreements with capitals, where the levels differ; else the country with most."""
    spots = _markers(table)
    counts = spots.pivot_table(
        index="level", columns="kind", values="agreements", aggfunc="sum", fill_value=0
    ).reindex(columns=list(KINDS), fill_value=0)
    if set(counts.index) == set(LEVELS):
        capital, other = counts["capital"].astype(int), counts["other"].astype(int)
        metropolitan, district = (capital - other).reindex(LEVELS)
        if metropolitan > 0 > district:
            facts = {"capitals": capital["metropolitan"], "others": other["district"]}
            facts |= {f"of_{level}": counts.loc[level].sum() for level in LEVELS}
            return labels.fill("map.title.apart", **facts)
    countries = table[table["mark"] == "country"]
    first = countries[countries["agreements"] == countries["agreements"].max()]
    name = "" if first.empty else first[labels.column("name")].iloc[0]
    most = 0 if first.empty else int(first["agreements"].iloc[0])
    key = "map.title.first" if len(first) == 1 else "map.title.none"
    return labels.fill(key, country=name, n=most, of=_facts(table)["n"], countries=len(countries))


def outlines(boundaries: gpd.GeoDataFrame, detail: Sequence[float] = DETAIL) -> tuple:
    """What all drawings of one run share, since it takes as long as one of them.

    boundaries: reference/boundaries.geojson. detail: west, south, east and north of the closer view, in
    degrees. Returns the countries on the plane: as they are, simplified for the world and for the closer
    view, as one; then the closer view's window.
    """
    land = projection.to_map(boundaries)
    window = projection.window(*detail)
    clipped = land.geometry.clip_by_rect(*window)
    near = land.assign(geometry=clipped)[~clipped.is_empty].simplify_coverage(FINE)
    coarse = land.simplify_coverage(COARSE)
    # The land as one, without borders
    whole = gpd.GeoSeries([coarse.union_all()]).simplify(ROUGH).explode()
    whole = projection.whole_metres(whole[whole.area > ROUGH**2])
    return land, _apart(land, coarse, COARSE), _apart(land, near, FINE), whole, window


@style.styled
def draw(
    table: pd.DataFrame, labels: Labels, outlines: tuple, *, arcs: bool = False, phone: bool = False
) -> Figure:  # fmt: skip
    """A level: the world, and a closer view of where most partners lie. Below, the countries with most.

    outlines: as `outlines` gives them, joined by country_code. arcs: great circles from the studied
    city to each place.
    """
    land, world, near, whole, window = outlines
    west, south, east, north = window
    marks = dict(iter(table.groupby("mark", sort=False)))
    spots = _points(_markers(table))
    unit = min(EACH, LARGEST / spots["agreements"].max()) if len(spots) else EACH
    ranked = marks.get("ranked", table.iloc[:0])
    levels = list(dict.fromkeys([*ranked["level"], *spots["level"]]))
    width = (style.PHONE if phone else style.WIDTH) - 2 * style.MARGIN
    across = 1 if phone else 2 if len(levels) == 4 else min(3, max(1, len(levels)))
    each = (width - 0.15 * (across - 1)) / across
    low, high = _limits(world, spots)
    tall = each * (high[1] - low[1]) / (high[0] - low[0])
    wide = each * (north - south) / (east - west)
    level_height = 0.25 + tall + 0.08 + wide + 0.1
    codes = list(marks["country"]["country_code"].head(RANKED)) if len(ranked) else []
    some = marks["country"].loc[marks["country"]["agreements"] >= FEWEST, "country_code"]
    small = land[land["country_code"].isin(some) & (land.area < SMALL)].set_index("country_code")
    small = small.loc[[code for code in some if code in small.index][:PANELS]]
    times = list(dict.fromkeys(marks["period"]["period"])) if "period" in marks else []
    half = width if phone else (width - 0.15) / 2
    key = "  ■ ".join([labels["map.most"], *(labels[f"level.{level}"] for level in levels)])
    rows = len(levels) if style.width_of(key, style.SMALL, "bold") > half else 0  # a level a row
    heading = 0.25 + 0.15 * rows
    bars_height = heading + 0.17 * len(codes) + 0.05
    small_height = 0.05 + 0.95 * -(-len(small) // 3) if len(small) else 0
    beside = 0.1 + (bars_height + small_height if phone else max(bars_height, small_height))
    columns = 3 if phone else 6
    slot = width / columns
    strip = slot * tall / each
    times_height = (0.25 + (strip + 0.2) * -(-len(times) // columns)) if times else 0
    body = level_height * (-(-len(levels) // across)) + beside + times_height
    note = "\n".join([labels["map.foot"], *notes(table, labels)])
    subtitle = labels.fill("map.subtitle", **_facts(table))
    figure = style.page(body, title(table, labels), subtitle, note, phone=phone)

    def add(left: float, top: float, wide: float, tall: float):
        return figure.add_axes(style.box(figure, left, body - top - tall, wide, tall))

    views = {}
    for number, level in enumerate(levels):
        row, column = divmod(number, across)
        left, top = column * (each + 0.15), row * level_height
        some = spots[spots["level"] == level]
        views[level] = add(left, top + 0.25, each, tall), add(left, top + 0.33 + tall, each, wide)
        name = labels.fill(f"map.level.{level}", n=int(some["agreements"].sum()))
        views[level][0].set_title(name, fontsize=style.BODY, y=1)
        for axis, shapes, scale in zip(views[level], (world, near), (0.5, 1.6), strict=True):
            _land(axis, shapes, set(some["country_code"].dropna()) or set(codes))
            _draw_markers(axis, some, scale * unit)
        if arcs:
            _arcs(views[level][0], marks["origin"], some)
        _frame(*views[level], (low, high), window, marks["origin"])
    for level, (whole_view, detail) in views.items():
        some = spots[spots["level"] == level]
        origin = _points(marks["origin"]).geometry.iloc[0]
        for axis, scale, inside in ((detail, 1.6, True), (whole_view, 0.5, False)):
            _names(axis, some, marks["country"], window, labels, inside, scale * unit, origin)
    top = level_height * (-(-len(levels) // across))
    if codes:
        _bars(add(0, top + heading, half, 0.17 * len(codes)), ranked, codes, levels, labels, rows)
    left, down = (0, top + bars_height) if phone else (half + 0.15, top)
    for number, (code, shape) in enumerate(small.iterrows()):
        row, column = divmod(number, 3)
        room = (half if phone else width - left) / 3
        axis = add(left + column * room, down + 0.35 + row * 0.95, room - 0.06, 0.58)
        own = spots[spots["country_code"] == code] if "country_code" in spots else spots.iloc[:0]
        _close(axis, shape, own, marks["country"], code, unit, labels, room - 0.06)
    top += beside
    for number, name in enumerate(times):
        row, column = divmod(number, columns)
        axis = add(column * slot, top + 0.25 + row * (strip + 0.2), slot - 0.06, strip)
        some = _points(marks["period"][marks["period"]["period"] == name])
        whole.plot(ax=axis, color=style.LAND, linewidth=0)
        _draw_markers(axis, some.assign(kind="capital"), 0.35 * unit)
        _fit(axis, low, high)
        axis.set_title(f"{name}: {labels.number(some['agreements'].sum())}", fontsize=style.SMALL, y=1,
                       fontweight="normal")  # fmt: skip
    return figure


def notes(table: pd.DataFrame, labels: Labels) -> list[str]:
    """Every agreement without a place on the map, and the totals by region, as sentences."""
    lost = table[table["mark"] == "unplaced"]
    names = labels.listing(lost[labels.column("name")])
    kind = "all_placed" if lost.empty else "unplaced" if len(lost) <= NAMED else "unplaced_many"
    values = {"n": int(lost["agreements"].sum()), "names": names, "partners": len(lost)}
    said = [labels.fill(f"map.{kind}", **values)]
    if (table["mark"] == "cell").any():
        said.insert(0, labels.fill("map.cells", degrees=CELL, **_facts(table)))
    said += totals.sentences(table, labels)
    return said


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the finding, in which countries most, what has no place, totals by region."""
    facts = _facts(table)
    facts["maps"] = labels.fill(f"map.maps.{MAPS.get(facts['levels'], 'more')}", **facts)
    said = [title(table, labels) + "."]
    said += [labels.fill("map.alt.cells" if facts["cells"] else "map.alt", **facts)]
    top = table[table["mark"] == "country"].head(RANKED)
    if len(top):
        counts = shared.counts(top[labels.column("name")], top["agreements"], labels)
        said.append(labels.fill("map.alt.most", counts=counts))
    return " ".join([*said, *notes(table, labels)])


def _facts(table: pd.DataFrame) -> dict:
    marks = table.groupby("mark")["agreements"].agg(["size", "sum"])
    count = lambda mark, what: int(marks[what].get(mark, 0))  # noqa: E731
    return {
        "n": count("country", "sum") + count("unplaced", "sum"),
        "countries": count("country", "size"),
        "places": table.loc[table["mark"] == "place", "place_id"].nunique()
        + int(table.get("places", pd.Series(dtype="Int64")).sum()),
        "placed": count("place", "sum") + count("cell", "sum"),
        "cells": count("cell", "size"),
        "levels": _markers(table)["level"].nunique(),
    }


def _spots(agreements: pd.DataFrame, by: list[str], place: list[str], many: bool) -> pd.DataFrame:
    """The markers: places, or cells of them."""
    if many:
        return _cells(agreements, by)
    found = references.counted(agreements, [*by, *place], *COUNT).assign(mark="place")
    return found.sort_values(["agreements", "place_id"], ascending=[False, True])


def _periods(
    agreements: pd.DataFrame, periods: pd.DataFrame | None, place: list[str], many: bool
) -> pd.DataFrame:
    """The markers of each period that has any, in order of time."""
    if periods is None:
        return agreements.iloc[:0].reindex(columns=["mark"])
    found = [
        _spots(agreements[agreements["year"].between(since, until)], [], place, many).assign(
            mark="period", period=f"{since}–{until}"
        )
        for since, until in zip(periods["year_from"], periods["year_to"], strict=True)
        if agreements["year"].between(since, until).any()
    ]
    return pd.concat(found).drop(columns="places", errors="ignore")


def _markers(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["mark"].isin(["place", "cell"])]


def _cells(agreements: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Agreements with places that lie close together; every cell has about the same area."""
    band = (agreements["latitude"] // CELL).rename("band")
    width = CELL / np.cos(np.radians((band + 0.5) * CELL))
    column = (agreements["longitude"] // width).rename("column")
    cells = references.counted(agreements, [*by, band, column], *COUNT)
    groups = agreements.groupby([*by, band, column])
    middle = groups[["latitude", "longitude"]].mean().round(4)
    middle["places"] = groups["place_id"].nunique()
    cells = cells.join(middle, on=[*by, "band", "column"]).assign(mark="cell")
    return cells.sort_values("agreements", ascending=False, kind="stable")


def _points(places: pd.DataFrame) -> gpd.GeoDataFrame:
    points = projection.points(places["longitude"], places["latitude"])
    return gpd.GeoDataFrame(places, geometry=points)


def _apart(land: gpd.GeoDataFrame, simplified: gpd.GeoSeries, metres: float) -> gpd.GeoDataFrame:
    """Each part of each country; islands smaller than the detail left out go, but for its largest part."""
    shapes = land.loc[simplified.index].set_geometry(simplified).explode()
    largest = shapes.area.groupby(level=0).transform("max")
    return projection.whole_metres(shapes[(shapes.area > metres**2) | (shapes.area == largest)])


def _limits(
    shapes: gpd.GeoDataFrame, spots: gpd.GeoDataFrame
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The lower left and the upper right corner of large land and of all markers, with a little room."""
    shown = pd.concat([shapes[shapes.area > LARGE].geometry, spots.geometry])
    west, south, east, north = shown.total_bounds
    room = 0.01 * (east - west)
    return (west - room, south - room), (east + room, north + room)


def _fit(axis, low: tuple[float, float], high: tuple[float, float]) -> None:
    axis.set_xlim(low[0], high[0])
    axis.set_ylim(low[1], high[1])
    axis.set_axis_off()


def _land(axis, shapes: gpd.GeoDataFrame, partners: set[str]) -> None:
    colours = shapes["country_code"].isin(partners).map({True: PARTNER, False: style.LAND})
    shapes.plot(ax=axis, color=colours, edgecolor=style.PAPER, linewidth=0.3, aspect=None)


def _draw_markers(axis, places: gpd.GeoDataFrame, unit: float) -> None:
    """Area grows with the number of agreements: `unit` square points each. The largest lie lowest."""
    x, y = places.geometry.x.to_numpy(), places.geometry.y.to_numpy()
    alike = places.groupby(["agreements", "kind"]).indices
    for n, kind in sorted(alike, reverse=True):
        own = alike[n, kind]
        axis.scatter(
            x[own], y[own], s=unit * float(n), facecolor=KINDS[kind],
            edgecolor=style.SERIES[0], zorder=4, label="place",
            # A rim as wide as the smallest dots would hide them.
            linewidth=0.08 * unit**0.5 + 0.15,
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


def _frame(world, detail, limits: tuple, window: tuple, origin: pd.DataFrame) -> None:
    """Cut the detail to its window, show the window on the world, and mark the studied city."""
    west, south, east, north = window
    _fit(world, *limits)
    _fit(detail, (west, south), (east, north))
    x, y = [west, east, east, west, west], [south, south, north, north, south]
    point = _points(origin).geometry
    for axis, size in ((world, 18), (detail, 60)):
        axis.plot(x, y, color=style.QUIET, linewidth=0.6, zorder=5, clip_on=False)
        axis.scatter(
            point.x, point.y, s=size, marker="*", color=style.ACCENT, edgecolor=style.PAPER,
            linewidth=0.4, zorder=6, label="origin",
        )  # fmt: skip


def _names(
    axis, spots: gpd.GeoDataFrame, countries: pd.DataFrame, window: tuple, labels: Labels, inside: bool,
    unit: float, origin: shapely.Point,
) -> None:  # fmt: skip
    """The countries of a level with most agreements by name, where the view has room for it.

    A country is named once, in the closer view (`inside` its window) or on the world: beside its largest
    marker, over no other name, not over the studied city, and over as few markers as can be. What
    finds no room, its bar names.
    """
    if spots["country_code"].isna().all():
        return
    sums = spots.groupby("country_code")["agreements"].sum()
    sums = sums.sort_values(ascending=False, kind="stable")
    (west, east), (south, north) = axis.get_xlim(), axis.get_ylim()
    wide, tall = axis.figure.get_size_inches() * axis.get_position().size
    across, up = (east - west) / wide, (north - south) / tall
    names = countries.set_index("country_code")[labels.column("name")]
    x, y = 0.06 * across, 0.06 * up
    star = [(origin.x - x, origin.y - y, origin.x + x, origin.y + y)]
    taken = star if inside else [*star, window]
    radius = (spots["agreements"].to_numpy(float) * unit) ** 0.5 / 144
    x, y = spots.geometry.x.to_numpy(), spots.geometry.y.to_numpy()
    for code, n in sums[sums > 1].head(RANKED).items():
        own = spots[spots["country_code"] == code]
        place = own.geometry.iloc[own["agreements"].argmax()]
        there = window[0] < place.x < window[2] and window[1] < place.y < window[3]
        if there != inside:
            continue
        text = f"{names[code]} {labels.number(n)}"
        w, h = (style.width_of(text, style.SMALL, "bold") + 0.04) * across, 0.15 * up
        free = []
        for aside, above in AROUND:
            left = place.x + aside * (w / 2 + 0.07 * across) - w / 2
            bottom = place.y + above * (h / 2 + 0.07 * up) - h / 2
            right, top = left + w, bottom + h
            within = west <= left and right <= east and south <= bottom and top <= north
            if within and not any(
                left < r and one < right and bottom < t and b < top for one, b, r, t in taken
            ):
                hidden = (x + radius * across > left) & (x - radius * across < right)
                hidden &= (y + radius * up > bottom) & (y - radius * up < top)
                free.append((hidden.sum(), len(free), (left, bottom, right, top)))
        if free:
            *_, box = min(free)
            taken.append(box)
            axis.plot(
                [place.x, min(max(place.x, box[0]), box[2])],
                [place.y, min(max(place.y, box[1]), box[3])],
                color=style.QUIET, linewidth=0.6, zorder=3,
            )  # fmt: skip
            axis.text(
                box[0] + 0.02 * across, box[1] + 0.02 * up, style.plain(text), fontsize=style.SMALL,
                fontweight="bold", zorder=7, bbox={"facecolor": style.PAPER, "alpha": 0.75,
                                                   "linewidth": 0, "pad": 0.3},
            )  # fmt: skip


def _bars(
    axis, ranked: pd.DataFrame, codes: list[str], levels: list[str], labels: Labels, rows: int
) -> None:
    """The countries with most agreements, the levels beside each other in a bar."""
    below = pd.Series(0, index=codes)
    for level, colour in zip(levels, itertools.cycle(LEVELLED), strict=False):
        own = ranked[ranked["level"] == level].set_index("country_code")["agreements"].astype(int)
        axis.barh(
            [codes.index(code) for code in own.index], own, left=below[own.index], height=0.72,
            color=colour, linewidth=0, label=level,
        )  # fmt: skip
        below = below.add(own, fill_value=0)
    names = ranked.drop_duplicates("country_code").set_index("country_code")[labels.column("name")]
    width = axis.figure.get_figwidth() * axis.get_position().width
    room = max(style.width_of(names[code], style.SMALL) for code in codes) + 0.08
    place = axis.get_position()
    axis.set_position([place.x0 + place.width * room / width, place.y0,
                       place.width * (1 - room / width), place.height])  # fmt: skip
    for number, code in enumerate(codes):
        shared.beside(axis, (below[code], number), labels.number(below[code]), fontweight="bold")
    shared.named(axis, [style.plain(names[code]) for code in codes])
    axis.tick_params(pad=3)
    axis.set_xlim(0, below.max() * 1.25)
    step = 0.15 / (0.17 * len(codes))
    at, high = -room, 1.02 + rows * step
    said = [(labels["map.most"] + "  ", style.INK)]
    for level, colour in zip(levels, itertools.cycle(LEVELLED), strict=False):
        said += [("■ ", colour), (labels[f"level.{level}"] + "  ", style.INK)]
    for text, colour in said:
        if rows and text == "■ ":
            at, high = -room, high - step
        axis.text(
            at / (width - room), high, text, transform=axis.transAxes, fontweight="bold", color=colour,
            fontsize=style.SMALL,
        )  # fmt: skip
        at += style.width_of(text, style.SMALL, "bold")


def _close(
    axis, shape, own: gpd.GeoDataFrame, countries: pd.DataFrame, code: str, unit: float,
    labels: Labels, room: float,
) -> None:  # fmt: skip
    """A small country by itself, as large as the others."""
    gpd.GeoSeries([shape.geometry]).plot(ax=axis, color=PARTNER, linewidth=0, aspect=None)
    _draw_markers(axis, own, 1.6 * unit)
    west, south, east, north = shape.geometry.bounds
    half = 0.58 * max((east - west) / room, (north - south) / 0.58)
    middle = (west + east) / 2, (south + north) / 2
    _fit(
        axis, (middle[0] - half * room, middle[1] - half * 0.58),
        (middle[0] + half * room, middle[1] + half * 0.58),
    )  # fmt: skip
    row = countries[countries["country_code"] == code].iloc[0]
    name = style.wrap(
        f"{row[labels.column('name')]} {labels.number(row['agreements'])}", room, style.SMALL
    )
    axis.text(
        0, 1.02, style.plain(name), transform=axis.transAxes, fontsize=style.SMALL, va="bottom",
        linespacing=style.LINE,
    )  # fmt: skip


MAPS = {1: "one", 2: "two"}
PLACE = {"plane": "diplolib.figures.projection:points", "place": "longitude latitude"}
MARKER = {"form": "kind=capital ? full : hollow", "area": "agreements", **PLACE}
COUNTRY = "country on country_code"
FIGURE = Record(
    __name__, describe, counted={"agreements": "rows"}, again=("ranked", "period", "total"),
    readings=(
        *(reads(mark, "dots", panel="[map.level.{level}]", **MARKER) for mark in ("place", "cell")),
        reads("place", "dots", by=("place_id",), some=True, joined=COUNTRY, panel="{country_name*} …",
              **MARKER),
        reads("period", "dots", by=("period", "place_id"), panel="{period}: …", area="agreements", **PLACE),
        reads("origin", "dots", some=True, joined="place by level", panel="[map.level.{level}]", **PLACE),
        *(reads(mark, "lines", some=True, **PLACE) for mark in ("place", "cell")),
        reads("country", "texts", some=True, said="{name*} {agreements}", panel="{name*} {agreements}"),
        reads("place", "texts", by=("level", "country_code"), some=True, joined=COUNTRY,
              said="{country_name*} {agreements}", **PLACE),
        reads("ranked", "bars", row="{name*}", width="agreements", colour="[level.{level}]"),
        reads("ranked", "texts", by=("country_code",), row="{name*}", said="{agreements}"),
    ),
)  # fmt: skip
