"""The countries of the engagements, and with which of them there is an agreement too."""

import textwrap

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ankara.figures.engagement_activities import KINDS
from diplolib.figures import projection, world_map
from diplolib.places import name_countries
from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Marks, Rule
from nbproof.labels import Labels

# Upper limits of the colour classes; the last is open.
CLASSES = [1, 3, 6]
# West, south, east, north of the second panel, in degrees: where most of the countries lie.
DETAIL = (-10, 33, 58, 63)
# Countries with fewer engagements are named under the bars.
BARS_FROM = 2


def table(
    engagements: pd.DataFrame,
    agreements: pd.DataFrame,
    names: pd.DataFrame,
    boundaries: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """One row a mark, from the selected rows of processed/engagements that are `counted`.

    engagements: those beyond the agreements. agreements: processed/agreements, all of them; only their
    country is used. names: reference/countries. boundaries: reference/boundaries.geojson. Returns mark,
    country_code, name, name_tr, latitude, longitude, agreement, engagements, a column a kind,
    agreement_rows and rows (the engagements counted); marks: `country` (a shape, with a point inside
    it; agreement: whether one is listed, agreement_rows: which) and `no_country` (how many name none).
    """
    counted = engagements[engagements["counted"]]
    grid = counted.groupby(["country_code", "kind"]).size().unstack(fill_value=0)
    grid = grid.reindex(columns=list(KINDS), fill_value=0)
    counts = references.counted(counted, "country_code", "engagements", "source")
    countries = name_countries(counts.join(grid, on="country_code"), names)
    inside = projection.inside(boundaries.dropna(subset="country_code").set_index("country_code"))
    points = inside.reindex(countries["country_code"])
    countries["latitude"], countries["longitude"] = points.y.to_numpy(), points.x.to_numpy()
    listed = references.counted(agreements, "country_code", "agreements", "agreement_id").set_index(
        "country_code"
    )
    countries["agreement_rows"] = countries["country_code"].map(listed["rows"])
    countries["agreement"] = countries["agreement_rows"].notna()
    countries = countries.sort_values(["engagements", "country_code"], ascending=[False, True])
    none = counted[counted["country_code"].isna()]
    kinds, rows = none["kind"].value_counts(), references.joined(none["source"])
    none = pd.DataFrame([{"mark": "no_country", "engagements": len(none), "rows": rows, **kinds}])
    marks = pd.concat([countries.assign(mark="country"), none], ignore_index=True)
    columns = ["mark", "country_code", "name", "name_tr", "latitude", "longitude", "agreement"]
    whole = dict.fromkeys(["engagements", *KINDS], "Int64")
    marks = marks.reindex(columns=[*columns, *whole, "agreement_rows", "rows"]).astype(
        whole | {"agreement": "boolean"}
    )
    return marks.fillna(dict.fromkeys(whole, 0))


@style.styled
def draw(table: pd.DataFrame, labels: Labels, boundaries: gpd.GeoDataFrame) -> Figure:
    """The world, a closer view, and the countries with most engagements by kind."""
    countries = table[table["mark"] == "country"]
    counts = countries.set_index("country_code")["engagements"].astype(int)
    shapes = boundaries.assign(engagements=boundaries["country_code"].map(counts))
    shapes = projection.to_map(shapes)
    points = projection.points(countries["longitude"], countries["latitude"])
    points = gpd.GeoDataFrame(countries, geometry=points)
    window = projection.window(*DETAIL)
    figure = Figure(figsize=(10, 10.4))
    world = figure.add_axes((0.01, 0.5, 0.98, 0.42))
    detail = figure.add_axes((0.04, 0.155, 0.55, 0.33))
    near = projection.whole_metres(shapes.assign(geometry=shapes.geometry.clip_by_rect(*window)))
    for axis, land, scale in ((world, shapes, 1), (detail, near[~near.geometry.is_empty], 2)):
        land.plot(
            ax=axis, color=land["engagements"].map(_colour), edgecolor=style.PAPER, linewidth=0.35
        )
        alone = points[~points["agreement"].astype(bool)]
        axis.scatter(
            alone.geometry.x, alone.geometry.y, s=26 * scale, facecolor="none", marker="o",
            edgecolor=style.ACCENT, linewidth=1.3, zorder=4, label="no agreement",
        )  # fmt: skip
        axis.set_axis_off()
        axis.set_aspect("equal")
        west, south, east, north = window
        axis.plot(
            [west, east, east, west, west], [south, south, north, north, south],
            color=style.INK, linewidth=0.8 * scale**0.5, zorder=5, clip_on=False,
        )  # fmt: skip
    world.margins(0.01)
    detail.set(xlim=(window[0], window[2]), ylim=(window[1], window[3]))
    most = countries[countries["engagements"] >= BARS_FROM]
    _bars(figure.add_axes((0.77, 0.155, 0.2, 0.3)), most, labels)
    _legend(figure, counts, labels)
    facts = _facts(table)
    style.head(
        figure, labels["engagements_map.title"], labels.fill("engagements_map.subtitle", **facts),
        top=0.985,
    )  # fmt: skip
    notes = [textwrap.fill(note, 165) for note in reading(table, labels)]
    style.foot(figure, "\n".join([*map(style.plain, notes), labels["engagements_map.foot"]]))
    return figure


def reading(table: pd.DataFrame, labels: Labels) -> list[str]:
    """Countries with a single engagement, countries without an agreement, and what has no country."""
    countries = table[table["mark"] == "country"]
    name = "name_tr" if labels.language == "tr" else "name"
    single = countries[countries["engagements"] < BARS_FROM][name]
    alone = countries[~countries["agreement"].astype(bool)][name]
    facts = _facts(table)
    said = []
    if len(single):
        names = labels.listing(sorted(single, key=_alphabetical))
        said.append(labels.fill("engagements_map.single", n=len(single), names=names))
    if len(alone):
        names = labels.listing(sorted(alone, key=_alphabetical))
        said.append(labels.fill("engagements_map.alone", n=len(alone), names=names))
    return [*said, labels.fill("engagements_map.no_country", **facts)]


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: how many countries, which have most, then the notes under the map."""
    name = "name_tr" if labels.language == "tr" else "name"
    top = table[table["mark"] == "country"].head(5)
    counts = [
        f"{said} {labels.number(n)}" for said, n in zip(top[name], top["engagements"], strict=True)
    ]
    said = labels.fill("engagements_map.alt", top=labels.listing(counts), **_facts(table))
    return " ".join([said, *reading(table, labels)])


def _alphabetical(name: str) -> list[int]:
    """The Turkish order, which puts no English name elsewhere: ç after c, ı before i, ş after s."""
    lower = name.replace("İ", "i").lower()
    return ["abcçdefgğhıijklmnoöpqrsştuüvwxyz".find(letter) for letter in lower]


def _facts(table: pd.DataFrame) -> dict:
    countries = table[table["mark"] == "country"]
    return {
        "placed": int(countries["engagements"].sum()),
        "countries": len(countries),
        "other": int(countries["other"].sum()),
        "none": int(table.loc[table["mark"] == "no_country", "engagements"].sum()),
        "n": int(table["engagements"].sum()),
    }


def _colour(engagements: float) -> str:
    if pd.isna(engagements):
        return style.LAND
    return style.SEQUENCE[sum(engagements > limit for limit in CLASSES)]


def _bars(axis, most: pd.DataFrame, labels: Labels) -> None:
    left = pd.Series(0, index=most.index)
    for kind, colour in KINDS.items():
        if most[kind].sum():
            axis.barh(
                range(len(most)), most[kind].astype(int), left=left, height=0.74, color=colour,
                edgecolor=style.QUIET, linewidth=0.5, label=kind,
            )  # fmt: skip
            left = left + most[kind].astype(int)
    for place, n in enumerate(left):
        axis.annotate(
            labels.number(n), (n, place), xytext=(3, 0), textcoords="offset points", va="center",
            fontsize=8,
        )  # fmt: skip
    names = most["name_tr" if labels.language == "tr" else "name"].map(style.plain)
    axis.set_yticks(range(len(most)), names, color=style.INK, fontsize=8)
    axis.set_ylim(len(most) - 0.4, -0.6)
    axis.set_xlim(0, max(2, left.max()) * 1.12)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axis.tick_params(axis="y", length=0)
    axis.set_title(labels["engagements_map.panel.kinds"], fontsize=9, x=-0.62)
    axis.legend(
        handles=[
            Patch(
                facecolor=KINDS[kind], edgecolor=style.QUIET, linewidth=0.5,
                label=labels[f"engagements.kind.{kind}"],
            )
            for kind in KINDS
            if most[kind].sum()
        ],
        loc="lower right", fontsize=7.5, handlelength=1, borderaxespad=0,
    )  # fmt: skip
    style.despine(axis, "left")


def _legend(figure: Figure, counts: pd.Series, labels: Labels) -> None:
    lows = [1, *[limit + 1 for limit in CLASSES]]
    highs = [*CLASSES, max(counts.max() if len(counts) else 0, lows[-1])]
    handles = [
        Patch(facecolor=colour, label=f"{low}–{high}" if high > low else f"{low}")
        for colour, low, high in zip(style.SEQUENCE, lows, highs, strict=True)
    ]
    handles.append(Patch(facecolor=style.LAND, label=labels["map.none"]))
    handles.append(
        Line2D([], [], marker="o", linestyle="", markerfacecolor="none",
               markeredgecolor=style.ACCENT, markeredgewidth=1.3, markersize=7,
               label=labels["engagements_map.no_agreement"])
    )  # fmt: skip
    figure.legend(
        handles=handles, title=labels["engagements_map.legend"], alignment="left",
        loc="upper left", bbox_to_anchor=(0.05, 0.69), title_fontproperties={"weight": "bold"},
        handlelength=1.1,
    )  # fmt: skip


def _kinds(marks: Marks) -> list:
    """A bar for each country with several engagements, by kind."""
    rows = marks["country"]
    rows = rows[rows["engagements"] >= BARS_FROM]
    return [n for kind in KINDS for n in rows[kind] if rows[kind].sum()]


def _without_agreement(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["agreement"].astype(bool)]


FIGURE = Record(
    __name__,
    describe,
    counted={"engagements": "rows"},
    rules=(
        Rule("colours", (0,), world_map.shades("engagements", CLASSES)),
        Rule("places", (0,), projection.places("country", _without_agreement)),
        Rule("widths", (2,), _kinds),
    ),
    cut=True,
)
