"""How far the partners are from the studied city, and which of them are capitals.

Only for a study with the levels metropolitan and district.
"""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from diplolib.figures import shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

ROWS = [
    ("metropolitan", "sister_city"),
    ("metropolitan", "friendship_cooperation"),
    ("district", "sister_city"),
]
# Fill and edge: from dark to light, so that they can be told apart in grey.
KINDS = {
    "capital": ("#17406b", "#17406b"),
    "borough_of_capital": ("#8fb8d9", "#17406b"),
    "other": ("#ffffff", "#5b6472"),
}
# Room for the names at both ends; no two places are farther apart than 20,020 km
LIMITS = (270, 26000)
TICKS = [500, 1000, 2000, 5000, 10000]
DOT, HEAD = 0.078, 0.42  # inches: a dot's width, and what stands above a row's dots
INCH = (style.WIDTH - 2 * style.MARGIN) / np.log10(LIMITS[1] / LIMITS[0])  # inches a power of ten
WIDTH = DOT / INCH


def table(classified: pd.DataFrame) -> pd.DataFrame:
    """One row a mark, from the selected agreements.

    classified: rows of contrasts.classify. Returns mark, level, form, agreement_id, name, name_tr,
    country_code, capital_kind, distance_km, offset (dots above or below the row's line), named
    (the nearest and the farthest partner of a row), agreements, rows (the agreement of a dot, or those
    counted); marks: `partner` (a dot), `median` (a row's median and its agreements with a place) and
    `unplaced` (agreements without one).
    """
    marks = []
    for level, form in ROWS:
        rows = classified[(classified["level"] == level) & (classified["form"] == form)]
        placed = rows[rows["distance_km"].notna()].sort_values(["distance_km", "agreement_id"])
        if len(placed):
            dots = placed.rename(columns={"partner": "name", "partner_tr": "name_tr"})
            ends = np.isin(np.arange(len(dots)), [0, len(dots) - 1])
            dots = dots.assign(mark="partner", offset=_offsets(dots["distance_km"]), named=ends)
            dots["rows"] = dots["agreement_id"]
            middle = {"mark": "median", "level": level, "form": form, "agreements": len(dots)}
            middle["distance_km"] = dots["distance_km"].median()
            middle["rows"] = references.joined(dots["agreement_id"])
            marks += [dots, pd.DataFrame([middle])]
        if len(placed) < len(rows):
            lost = {"mark": "unplaced", "level": level, "form": form}
            lost["agreements"] = len(rows) - len(placed)
            lost["rows"] = references.joined(rows.loc[rows["distance_km"].isna(), "agreement_id"])
            marks.append(pd.DataFrame([lost]))
    columns = ["mark", "level", "form", "agreement_id", "name", "name_tr", "country_code"]
    columns += ["capital_kind", "distance_km", "offset", "named", "agreements", "rows"]
    whole = {"offset": "Int64", "agreements": "Int64", "named": "boolean"}
    return pd.concat(marks, ignore_index=True).reindex(columns=columns).astype(whole)


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Within which distance half of the sister cities lie, by level; of one row, if there is no more."""
    middle = table[table["mark"] == "median"].set_index(["level", "form"])["distance_km"]
    both = [(level, "sister_city") for level in ("metropolitan", "district")]
    if not all(row in middle for row in both):
        row = middle.index[0]
        km = _km(middle.iloc[0], labels)
        return labels.fill("distance.title.one", row=_name(*row, labels), km=km)
    far, near = (middle[row] for row in both)
    words = {"metropolitan": _km(far, labels), "district": _km(near, labels)}
    return labels.fill("distance.title." + ("nearer" if near < far else "other"), **words)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A swarm of dots a level and form, on a logarithmic axis, with its median."""
    dots = table[table["mark"] == "partner"]
    rows = [row for row in ROWS if len(_row(dots, *row))]
    slots = [2 * int(_row(dots, *row)["offset"].abs().max()) + 1 for row in rows]
    high = [HEAD + DOT * (n + 1) for n in slots]
    texts = labels.fill("distance.subtitle", n=len(dots)), labels["distance.foot"]
    figure = style.page(math.fsum(high) + 0.8, title(table, labels), *texts)
    bottom = math.fsum(high) + 0.5
    for row, tall, n in zip(rows, high, slots, strict=True):
        bottom -= tall
        wide = style.WIDTH - 2 * style.MARGIN
        axis = figure.add_axes(style.box(figure, 0, bottom, wide, tall))
        axis.set(
            xscale="log", xlim=LIMITS, ylim=(-n / 2 - 0.5, n / 2 + 0.5 + HEAD / DOT), yticks=[]
        )
        axis.set_xticks(TICKS, [labels.number(tick) for tick in TICKS] if row == rows[-1] else [])
        axis.minorticks_off()
        axis.grid(axis="x", color=style.HAIR, linewidth=0.6)
        style.despine(axis, "left")
        _swarm(axis, _row(table, *row), labels)
    axis.set_xlabel(labels["distance.axis"], fontsize=style.SMALL)
    _legend(figure, dots, labels, style.box(figure, 0, math.fsum(high) + 0.58, 0, 0)[:2])
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: each row's number, median, nearest, farthest and capitals."""
    dots = table[table["mark"] == "partner"]
    said = [labels.fill("distance.alt", n=len(dots))]
    for level, form in ROWS:
        rows = _row(dots, level, form)
        if len(rows):
            said.append(labels.fill(
                "distance.alt.row", row=_name(level, form, labels), n=len(rows),
                median=_km(rows["distance_km"].median(), labels),
                nearest=_partner(rows.iloc[0], labels), farthest=_partner(rows.iloc[-1], labels),
                capitals=int((rows["capital_kind"] == "capital").sum()),
            ))  # fmt: skip
    return " ".join(said)


def _offsets(distance_km: pd.Series) -> list[int]:
    """The slot of each dot, nearest the line first, so that no two dots of a slot touch.

    distance_km: ascending.
    """
    ends: dict[int, float] = {}
    found = []
    for place in np.log10(distance_km):
        slot, step = 0, 0
        while ends.get(slot, -np.inf) > place:
            step += 1
            slot = (step + 1) // 2 * (1 if step % 2 else -1)
        ends[slot] = place + WIDTH
        found.append(slot)
    return found


def _row(table: pd.DataFrame, level: str, form: str) -> pd.DataFrame:
    return table[(table["level"] == level) & (table["form"] == form)]


def _name(level: str, form: str, labels: Labels) -> str:
    return labels[f"distance.row.{level}.{form}"]


def _partner(row, labels: Labels) -> str:
    return row["name_tr"] if labels.language == "tr" else row["name"]


def _km(distance: float, labels: Labels) -> str:
    return labels.number(round(distance, -1))


def _swarm(axis, rows: pd.DataFrame, labels: Labels) -> None:
    marks = dict(iter(rows.groupby("mark", sort=False)))
    dots, median = marks["partner"], marks["median"].iloc[0]
    for kind, (fill, edge) in KINDS.items():
        some = dots[dots["capital_kind"] == kind]
        axis.scatter(
            some["distance_km"], some["offset"].astype(int), s=(72 * DOT - 0.9) ** 2, color=fill,
            edgecolor=edge, linewidth=0.7, zorder=3, label=kind,
        )  # fmt: skip
    low, high = axis.get_ylim()
    above = high - 0.2 / DOT
    middle = median["distance_km"]
    axis.plot(
        [middle] * 2, [low, above], color=style.ACCENT, linewidth=1.6, zorder=2, label="median"
    )
    left = middle > TICKS[-2]
    said, away = labels.fill("distance.median", km=_km(middle, labels)), -4 if left else 4
    look = {"va": "top", "color": style.ACCENT, "fontweight": "bold"}
    shared.beside(axis, (middle, above), said, away, **look)
    name = _name(median["level"], median["form"], labels)
    lost = int(marks["unplaced"]["agreements"].sum()) if "unplaced" in marks else 0
    key = "distance.count.unplaced" if lost else "distance.count"
    text = labels.fill(key, name=name, n=len(dots), lost=lost)
    axis.text(0, 1, text, transform=axis.transAxes, va="top", fontweight="bold")
    for number, (_, row) in enumerate(dots[dots["named"]].iterrows()):
        name = style.plain(_partner(row, labels)).replace(" (", "\n(")
        room = INCH * abs(np.log10(LIMITS[number] / row["distance_km"])) - 0.1
        inward = style.width_of(name, style.SMALL) > room
        end, away = (row["distance_km"], row["offset"]), 7 if number != inward else -7
        shared.beside(axis, end, name, away, color=style.QUIET, linespacing=style.LINE)


def _legend(figure: Figure, dots: pd.DataFrame, labels: Labels, place: list[float]) -> None:
    counts = dots["capital_kind"].value_counts()
    handles = [
        Line2D(
            [], [], marker="o", linestyle="none", markersize=5.5, markerfacecolor=fill,
            markeredgecolor=edge, label=f"{labels['distance.kind.' + kind]} {counts.get(kind, 0)}",
        )
        for kind, (fill, edge) in KINDS.items()
    ]  # fmt: skip
    wide = {"columnspacing": 1.6, "handletextpad": 0.2, "handlelength": 1.2}
    shared.keys(figure, place, len(handles), handles=handles, **wide)


FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, readings=tuple(
    reads(mark, kind, None, {"level": level, "form": form}, x="distance_km",
          panel=f"[distance.row.{level}.{form}] …", **more)
    for level, form in ROWS
    for mark, kind, more in (
        ("partner", "dots", {"colour": "[distance.kind.{capital_kind}]…"}),
        ("median", "lines", {}), ("median", "texts", {"said": "#distance_km"}),
    )
))  # fmt: skip
