"""Engagements by municipality and year, a block each; what has no year stands apart and stays visible."""

import math

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from diplolib.figures import shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

KINDS = ["bilateral", "multilateral", "continuing", "other"]
STATUSES = ["reported", "announced", "planned"]
SLOTS = ["year", "period", "undated"]
COLOURS = dict(zip(KINDS, style.SERIES, strict=False))
# How many blocks stand side by side where there is no year
ACROSS = 6
BLOCK = 0.84
GAP = 0.06  # inches between two panels
ROW, HEAD = 0.17, 0.5  # inches: a block, and what stands around a municipality's


def table(
    engagements: pd.DataFrame, agreements: pd.DataFrame, *, year_from: int, year_to: int
) -> pd.DataFrame:
    """One row a mark.

    engagements: the selected rows of processed/engagements without the agreements; rows that are not
    `counted` are left out. agreements: its rows for agreements, for comparison; may be empty.
    year_from and year_to: the years drawn. Returns mark, engagement_id, kind, municipality, status,
    slot, year, year_to, x, y, agreements, rows (where the engagement is printed, or the agreements
    counted); marks: `block` (an engagement at x, y within its municipality and slot), `agreement` (a bar) and
    `left_out` (an engagement that another row reports).
    """
    rows = engagements.rename(columns={"year_end": "year_to", "source": "rows"})
    left_out = rows[~rows["counted"]].assign(mark="left_out")
    blocks = _placed(rows[rows["counted"]].assign(mark="block"))
    bars = agreements[agreements["year"].between(year_from, year_to)]
    bars = references.counted(bars, "year", "agreements", "engagement_id").set_index("year")
    bars = bars.reindex(pd.RangeIndex(year_from, year_to + 1, name="year"))
    bars = bars.fillna({"agreements": 0}).reset_index().assign(mark="agreement")
    marks = pd.concat([blocks, bars if len(agreements) else bars.iloc[:0], left_out])
    whole = dict.fromkeys(["year", "year_to", "x", "y", "agreements"], "Int64")
    columns = ["mark", "engagement_id", "kind", "municipality", "status", "slot", *whole, "rows"]
    return marks.reindex(columns=columns).astype(whole).reset_index(drop=True)


def title(table: pd.DataFrame, labels: Labels) -> str:
    """How many engagements each municipality has, and how many of all have no year."""
    counts = table.loc[table["mark"] == "block", "municipality"].value_counts()
    each = labels.listing(f"{name} {labels.number(n)}" for name, n in counts.items())
    return labels.fill("engagements.title", each=each, **_facts(table))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A row of panels a municipality: years, planning periods, undated; agreements above for comparison."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    blocks, bars = marks["block"], marks.get("agreement")
    places = dict.fromkeys(blocks["municipality"].value_counts().index)
    slots = [slot for slot in SLOTS if slot in {"year", *blocks["slot"]}]
    years, facts = _years(table), _facts(table)
    across = {slot: blocks.loc[blocks["slot"] == slot, "x"].max() + 1.4 for slot in slots}
    across["year"] = years[1] - years[0] + 1.4
    unit = min(0.3, (style.WIDTH - 2 * style.MARGIN) / math.fsum(across.values()))  # inches a block
    high = {name: int(blocks.loc[blocks["municipality"] == name, "y"].max()) + 1 for name in places}
    compared = 1.1 if bars is not None else 0
    bottom = 0.05 + math.fsum(ROW * n + HEAD for n in high.values()) + compared
    foot = [labels["engagements.foot"], *([left_out(table, labels)] if facts["left_out"] else [])]
    subtitle = labels.fill("engagements.subtitle", **facts)
    figure = style.page(bottom + 0.25, title(table, labels), subtitle, " ".join(foot))
    _legend(figure, blocks, style.box(figure, 0, bottom + 0.1, 0, 0)[:2], labels)
    limits = (years[0] - 0.7, years[1] + 0.7)
    if compared:
        bottom -= compared
        place = style.box(
            figure, 0, bottom + HEAD - 0.2, unit * across["year"] - GAP, compared - HEAD
        )
        _compared(figure.add_axes(place), bars, limits, labels)
    for name, n in high.items():
        bottom -= ROW * n + HEAD
        left = 0
        for slot in slots:
            wide = unit * across[slot]
            place = style.box(figure, left, bottom + HEAD - 0.2, wide - GAP, ROW * n)
            axis = figure.add_axes(place)
            left += wide
            rows = blocks[(blocks["municipality"] == name) & (blocks["slot"] == slot)]
            _blocks(axis, rows)
            axis.set(ylim=(0, n), xlim=limits if slot == "year" else (-0.7, across[slot] - 0.7))
            axis.set(xticks=[], yticks=[])
            style.despine(axis, "left")
            if slot == "year":
                axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
                axis.text(0, 1.02, name, transform=axis.transAxes, fontweight="bold", va="bottom")
            elif slot == "undated" and len(rows):
                axis.set_xlabel(labels["engagements.undated"], fontsize=style.SMALL)
            elif len(rows):
                named = rows.drop_duplicates("x")
                spans = [f"{row.year}–\n{row.year_to}" for row in named.itertuples()]
                axis.set_xticks(named["x"].astype(int), spans, linespacing=style.LINE)
                axis.tick_params(length=0)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: how many of each kind, how many without a year, and by status."""
    blocks = table[table["mark"] == "block"]
    said = [labels.fill("engagements.alt", **_facts(table))]
    for kind in KINDS:
        rows = blocks[blocks["kind"] == kind]
        if len(rows):
            values = {"n": len(rows), "undated": int((rows["slot"] == "undated").sum())}
            name = labels[f"engagements.kind.{kind}"]
            said.append(labels.fill("engagements.alt.kind", kind=name, **values))
    statuses = blocks["status"].value_counts()
    known = [status for status in STATUSES if status in statuses]
    names = (labels[f"engagements.status.{status}"] for status in known)
    counts = shared.counts(names, statuses[known], labels)
    said.append(labels.fill("engagements.alt.status", counts=counts))
    return " ".join(said)


def left_out(table: pd.DataFrame, labels: Labels) -> str:
    """How many rows are not counted because another one reports the same event."""
    return labels.fill("engagements.left_out", n=int((table["mark"] == "left_out").sum()))


def _placed(blocks: pd.DataFrame) -> pd.DataFrame:
    """x and y of each block: in its year, in its period's column, or in a grid where undated."""
    dated = blocks["year"].notna()
    one_year = (blocks["year"] == blocks["year_to"]).fillna(False)
    blocks["slot"] = "undated"
    blocks.loc[dated, "slot"] = "period"
    blocks.loc[one_year, "slot"] = "year"
    blocks = blocks.assign(
        first=blocks["kind"].map(KINDS.index), second=blocks["status"].map(STATUSES.index)
    ).sort_values(["municipality", "year", "year_to", "first", "second"], kind="stable")
    periods = sorted(set(blocks.loc[blocks["slot"] == "period", "year"]))
    # Every other column, so that the periods' names have room
    column = {year: 2 * place for place, year in enumerate(periods)}
    blocks["x"] = blocks["year"].where(one_year, blocks["year"].map(column))
    blocks["y"] = blocks.groupby(["municipality", "slot", "x"], dropna=False).cumcount()
    undated = blocks["slot"] == "undated"
    blocks.loc[undated, "x"] = blocks.loc[undated, "y"] % ACROSS
    blocks.loc[undated, "y"] = blocks.loc[undated, "y"] // ACROSS
    return blocks


def _facts(table: pd.DataFrame) -> dict:
    blocks = table[table["mark"] == "block"]
    slots = blocks["slot"].value_counts()
    return {
        "n": len(blocks),
        "municipalities": blocks["municipality"].nunique(),
        "undated": int(slots.get("undated", 0)),
        "period": int(slots.get("period", 0)),
        "left_out": int((table["mark"] == "left_out").sum()),
    }


def _years(table: pd.DataFrame) -> tuple[int, int]:
    """First and last year of the axis: those of the comparison, else of the dated blocks."""
    shown = table[(table["mark"] == "agreement") | (table["slot"] == "year")]["year"]
    return (int(shown.min()), int(shown.max())) if len(shown) else (0, 1)


def _look(status: str, colour: str) -> dict:
    """Full: reported; hatched: announced; hollow: planned."""
    return {
        "facecolor": colour if status == "reported" else style.PAPER,
        "edgecolor": colour,
        "hatch": "//////" if status == "announced" else None,
        "linewidth": 1,
    }


def _blocks(axis, rows: pd.DataFrame) -> None:
    for row in rows.itertuples():
        axis.bar(
            row.x, BLOCK, bottom=row.y + (1 - BLOCK) / 2, width=BLOCK, label=row.engagement_id,
            **_look(row.status, COLOURS[row.kind]),
        )  # fmt: skip


def _compared(axis, bars: pd.DataFrame, limits: tuple[float, float], labels: Labels) -> None:
    counts = bars["agreements"].astype(int)
    drawn = axis.bar(
        bars["year"].astype(int), counts, width=BLOCK, color=style.HAIR, label="agreement"
    )
    # The highest bar's number is the scale.
    most = counts.reset_index(drop=True).idxmax()
    axis.bar_label(
        drawn, [n if place == most else "" for place, n in enumerate(counts)], fontsize=style.SMALL
    )
    axis.set(xlim=limits, ylim=(0, 1.25 * max(1, counts.max())), xticks=[], yticks=[])
    name = labels.fill("engagements.compared", n=int(bars["agreements"].sum()))
    axis.text(0, 1.02, name, transform=axis.transAxes, color=style.QUIET, va="bottom")
    style.despine(axis, "left")


def _legend(figure: Figure, blocks: pd.DataFrame, place: list[float], labels: Labels) -> None:
    looks = [
        (labels[f"engagements.kind.{kind}"], {"facecolor": COLOURS[kind]})
        for kind in KINDS
        if kind in set(blocks["kind"])
    ]
    looks += [
        (labels[f"engagements.status.{status}"], _look(status, style.QUIET))
        for status in STATUSES[1:]
        if status in set(blocks["status"])
    ]
    handles = [Patch(label=name, **look) for name, look in looks]
    shared.keys(figure, place, len(looks), handles=handles)


FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, readings=(
    reads("agreement", "bars", (0,), height="agreements"),
    *(reads("block", "bars", None, {"slot": slot}, panel="{municipality}",
            edge="[engagements.kind.{kind}]",
            pattern="status=reported ? full : [engagements.status.{status}]", **more)
      for slot, more in (("year", {"x": "x"}), ("period", {"column": "{year}– {year_to}"}),
                         ("undated", {}))),
))  # fmt: skip
