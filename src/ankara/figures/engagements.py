"""Engagements by kind and year, a block each; what has no year stands apart and stays visible."""

import math

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

KINDS = ["bilateral", "multilateral", "continuing", "other"]
STATUSES = ["reported", "announced", "planned"]
SLOTS = ["year", "period", "undated"]
# One colour a municipality, in the order of their number of engagements.
COLOURS = ["#17406b", "#e0a458", "#6fb79b", "#cbb2d8"]
# How many blocks stand side by side where there is no year
ACROSS = 6
BLOCK = 0.84


def table(
    engagements: pd.DataFrame, agreements: pd.DataFrame, *, year_from: int, year_to: int
) -> pd.DataFrame:
    """One row a mark.

    engagements: the selected rows of processed/engagements without the agreements; rows that are not
    `counted` are left out. agreements: its rows for agreements, for comparison; may be empty.
    year_from and year_to: the years drawn. Returns mark, engagement_id, kind, municipality, status,
    slot, year, year_to, x, y, agreements, rows (where the engagement is printed, or the agreements
    counted); marks: `block` (an engagement at x, y within its kind and slot), `agreement` (a bar) and
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


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A row of panels a kind: years, planning periods, undated; agreements above for comparison."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    blocks, bars = marks["block"], marks.get("agreement")
    kinds = [kind for kind in KINDS if kind in set(blocks["kind"])]
    slots = [slot for slot in SLOTS if slot in {"year", *blocks["slot"]}]
    years = _years(table)
    across = {slot: blocks.loc[blocks["slot"] == slot, "x"].max() + 1 for slot in slots}
    across["year"] = years[1] - years[0] + 1
    heights = [blocks.loc[blocks["kind"] == kind, "y"].max() + 1.6 for kind in kinds]
    compared = [5.5] if bars is not None else []
    # Python's own sum of such numbers is another one since 3.12.
    across_all = math.fsum([*heights, *compared])
    figure = Figure(figsize=(10, 3.3 + 0.23 * across_all + 0.3 * len(heights)))
    grid = figure.subplots(
        len(heights) + len(compared), len(slots), squeeze=False,
        width_ratios=[across[slot] + 0.4 for slot in slots], height_ratios=[*compared, *heights],
    )  # fmt: skip
    colours = _colours(blocks)
    for axes, kind in zip(grid[len(compared) :], kinds, strict=True):
        highest = blocks.loc[blocks["kind"] == kind, "y"].max() + 1
        for axis, slot in zip(axes, slots, strict=True):
            rows = blocks[(blocks["kind"] == kind) & (blocks["slot"] == slot)]
            _blocks(axis, rows, colours)
            axis.set_ylim(0, highest + 0.3)
            axis.set_xlim(
                *(
                    (years[0] - 0.6, years[1] + 0.6)
                    if slot == "year"
                    else (-0.7, across[slot] - 0.3)
                )
            )
            axis.set_yticks([])
            style.despine(axis, "left")
            if slot != "year":
                axis.set_xticks([])
        axes[0].set_title(labels[f"engagements.kind.{kind}"], pad=3)
        axes[0].xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    _slot_names(grid[-1], slots, blocks, labels)
    if compared:
        _compared(grid[0], bars, years, labels)
    _legend(figure, blocks, colours, labels)
    height = figure.get_figheight()
    facts = _facts(table)
    style.head(
        figure, labels["engagements.title"], labels.fill("engagements.subtitle", **facts),
        top=1 - 0.22 / height,
    )  # fmt: skip
    foot = [labels["engagements.foot"], *([left_out(table, labels)] if facts["left_out"] else [])]
    style.foot(figure, "\n".join(foot), bottom=0.12 / height)
    figure.subplots_adjust(
        left=0.06, right=0.975, top=1 - 1.5 / height, bottom=1.25 / height, hspace=0.62, wspace=0.04
    )
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: how many of each kind, how many without a year, and by status."""
    blocks = table[table["mark"] == "block"]
    said = [labels.fill("engagements.alt", **_facts(table))]
    for kind in KINDS:
        rows = blocks[blocks["kind"] == kind]
        if len(rows):
            said.append(
                labels.fill(
                    "engagements.alt.kind",
                    kind=labels[f"engagements.kind.{kind}"],
                    n=len(rows),
                    undated=int((rows["slot"] == "undated").sum()),
                )
            )
    statuses = blocks["status"].value_counts()
    counts = [
        f"{labels['engagements.status.' + status]} {labels.number(statuses[status])}"
        for status in STATUSES
        if status in statuses
    ]
    said.append(labels.fill("engagements.alt.status", counts=labels.listing(counts)))
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
    ).sort_values(["first", "year", "year_to", "municipality", "second"], kind="stable")
    periods = sorted(set(blocks.loc[blocks["slot"] == "period", "year"]))
    # Every other column, so that the periods' names have room
    column = {year: 2 * place for place, year in enumerate(periods)}
    blocks["x"] = blocks["year"].where(one_year, blocks["year"].map(column))
    blocks["y"] = blocks.groupby(["kind", "slot", "x"], dropna=False).cumcount()
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


def _colours(blocks: pd.DataFrame) -> dict[str, str]:
    return dict(zip(blocks["municipality"].value_counts().index, COLOURS, strict=False))


def _look(status: str, colour: str) -> dict:
    """Full: reported; hatched: announced; hollow: planned."""
    return {
        "facecolor": colour if status == "reported" else style.PAPER,
        "edgecolor": colour,
        "hatch": "//////" if status == "announced" else None,
        "linewidth": 1,
    }


def _blocks(axis, rows: pd.DataFrame, colours: dict[str, str]) -> None:
    for row in rows.itertuples():
        axis.bar(
            row.x, BLOCK, bottom=row.y + (1 - BLOCK) / 2, width=BLOCK, label=row.engagement_id,
            **_look(row.status, colours[row.municipality]),
        )  # fmt: skip


def _slot_names(axes, slots: list[str], blocks: pd.DataFrame, labels: Labels) -> None:
    for axis, slot in zip(axes, slots, strict=True):
        if slot == "period":
            rows = blocks[blocks["slot"] == slot].drop_duplicates("x").sort_values("x")
            names = [f"{row.year}–\n{row.year_to}" for row in rows.itertuples()]
            axis.set_xticks(rows["x"].astype(int), names)
        elif slot == "undated":
            axis.set_xlabel(labels["engagements.undated"], labelpad=8)


def _compared(axes, bars: pd.DataFrame, years: tuple[int, int], labels: Labels) -> None:
    for axis in axes[1:]:
        axis.set_axis_off()
    axes[0].bar(
        bars["year"].astype(int), bars["agreements"].astype(int), width=BLOCK, color=style.HAIR,
        label="agreement",
    )  # fmt: skip
    axes[0].set_xlim(years[0] - 0.6, years[1] + 0.6)
    axes[0].xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    axes[0].yaxis.set_major_locator(MaxNLocator(integer=True, nbins=3))
    axes[0].set_title(
        labels.fill("engagements.compared", n=int(bars["agreements"].sum())),
        pad=3,
        color=style.QUIET,
    )
    style.despine(axes[0])


def _legend(figure: Figure, blocks: pd.DataFrame, colours: dict[str, str], labels: Labels) -> None:
    handles = [
        Patch(facecolor=colour, edgecolor=colour, label=name) for name, colour in colours.items()
    ]
    handles += [
        Patch(**_look(status, style.INK), label=labels[f"engagements.status.{status}"])
        for status in STATUSES
        if status in set(blocks["status"])
    ]
    figure.legend(
        handles=handles, ncols=len(handles), loc="upper left", borderaxespad=0, borderpad=0,
        bbox_to_anchor=(0.06, 1 - 0.83 / figure.get_figheight()), handlelength=1.1,
    )  # fmt: skip


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows"},
    readings=(
        reads("agreement", "bars", (0,), x="year", height="agreements"),
        reads("block", "bars", None, {"slot": "year"}, x="x", panel="[engagements.kind.{kind}]",
              edge="{municipality}", form="status=reported ? full : status=announced ? hatched : hollow"),
    ),
)  # fmt: skip
