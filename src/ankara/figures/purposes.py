"""What agreements are for: the listed purposes, the named activities, and the frequency that the
article's Figure 5 draws, once somebody supplies the coding of the protocols."""

import textwrap

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, count
from nbproof.labels import Labels

STATUSES = ["first", "second", "named", "not_named"]
CODES = ["promotion_visibility", "aid", "information_exchange"]
COLOURS = {"first": "#1f4e79", "second": "#4d88b8", "named": "#a9c9e2", "not_named": "#eceae4"}


def table(
    purposes: pd.DataFrame,
    protocols: pd.DataFrame,
    activities: pd.DataFrame,
    *,
    min_protocols: int,
) -> pd.DataFrame:
    """One row a mark.

    purposes: processed/purposes. protocols: processed/purposes_by_protocol, one row a purpose of a
    coded protocol. activities: processed/activities. min_protocols: from so many coded protocols on
    the frequency is drawn; a few of them are none. Returns mark, purpose, purpose_en, prose_status,
    period, code, activities, protocols, rows; marks: `purpose` (with the number of protocols that have
    it, missing where too few are coded), `activity` (a count by period and code) and `coded` (how many
    protocols are). rows: the agreements or activities counted; where none are, the purpose's own row.
    """
    coded = protocols["agreement_id"].drop_duplicates()
    listed = purposes[["purpose", "purpose_en", "prose_status"]].assign(mark="purpose")
    if len(coded) >= min_protocols:
        counts = references.counted(protocols, "purpose", "protocols", "agreement_id").set_index(
            "purpose"
        )
        listed = listed.join(counts, on="purpose").fillna({"protocols": 0})
        listed = listed.sort_values("protocols", ascending=False, kind="stable")
    else:
        order = listed["prose_status"].map(STATUSES.index)
        listed = listed.assign(rows=purposes["source"]).iloc[order.argsort(kind="stable")]
    counts = references.counted(activities, ["period", "code"], "activities", "source")
    cells = pd.MultiIndex.from_product([counts["period"].unique(), CODES], names=["period", "code"])
    grid = counts.set_index(cells.names).reindex(cells).fillna({"activities": 0}).reset_index()
    marks = pd.concat(
        [
            listed,
            grid.assign(mark="activity"),
            pd.DataFrame(
                {"mark": "coded", "protocols": [len(coded)], "rows": references.joined(coded)}
            ),
        ],
        ignore_index=True,
    )
    columns = ["mark", "purpose", "purpose_en", "prose_status", "period", "code"]
    whole = {"activities": "Int64", "protocols": "Int64"}
    return marks.reindex(columns=[*columns, *whole, "rows"]).astype(whole)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Left the purposes (or their frequency), right, plainly apart, the activities."""
    listed = table[table["mark"] == "purpose"]
    frequency = listed["protocols"].notna().any()
    figure = Figure(figsize=(10, 7.6))
    left = figure.add_axes((0.33, 0.13, 0.24, 0.71) if frequency else (0.06, 0.11, 0.58, 0.74))
    right = figure.add_axes((0.785, 0.53, 0.205, 0.2))
    (_frequency if frequency else _listing)(left, listed, labels)
    _activities(right, table[table["mark"] == "activity"], labels)
    look = {"fontsize": 8.5, "va": "top", "linespacing": 1.45}
    figure.text(
        0.665, 0.85, labels["purposes.panel.activities"], fontsize=10, fontweight="bold", va="top"
    )
    figure.text(0.665, 0.82, labels["purposes.activities.note"], color=style.QUIET, **look)
    figure.text(
        0.675, 0.43, labels["purposes.coded" if frequency else "purposes.missing"],
        bbox={"boxstyle": "square,pad=0.7", "facecolor": "#f7f4ea", "edgecolor": style.HAIR}, **look,
    )  # fmt: skip
    # A rule between the halves: two classifications that are never added.
    figure.add_artist(Line2D([0.645, 0.645], [0.1, 0.86], color=style.HAIR, linewidth=1))
    facts = _facts(table)
    kind = "frequency" if frequency else "listing"
    style.head(
        figure, labels[f"purposes.title.{kind}"], labels.fill(f"purposes.subtitle.{kind}", **facts)
    )
    style.foot(figure, labels["purposes.foot"])
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: purposes by status or frequency, then activities by kind and period."""
    facts = _facts(table)
    listed = table[table["mark"] == "purpose"]
    if listed["protocols"].notna().any():
        top = [
            f"{_name(row, labels)} {labels.number(row.protocols)}"
            for row in listed.head(5).itertuples()
        ]
        said = [labels.fill("purposes.alt.frequency", top=labels.listing(top), **facts)]
    else:
        named = {
            status: labels.listing(
                _name(row, labels) for row in listed[listed["prose_status"] == status].itertuples()
            )
            for status in STATUSES[:3]
        }
        said = [labels.fill("purposes.alt.listing", **facts, **named)]
    grid = table[table["mark"] == "activity"]
    counts = [
        labels.fill(
            "purposes.alt.activities",
            period=rows["period"].iloc[0].replace("-", "–"),
            counts=labels.listing(
                f"{labels['code.' + row.code]} {labels.number(row.activities)}"
                for row in rows.itertuples()
            ),
        )
        for _, rows in grid.groupby("period", sort=False)
    ]
    return " ".join([*said, *counts])


def _facts(table: pd.DataFrame) -> dict:
    status = table.loc[table["mark"] == "purpose", "prose_status"].value_counts()
    return {
        "n": int(status.sum()),
        "unranked": int(status.get("named", 0)),
        "silent": int(status.get("not_named", 0)),
        "coded": int(table.loc[table["mark"] == "coded", "protocols"].iloc[0]),
        "activities": int(table["activities"].sum()),
    }


def _name(row, labels: Labels) -> str:
    return row.purpose if labels.language == "tr" else row.purpose_en


def _listing(axis, listed: pd.DataFrame, labels: Labels) -> None:
    """Two columns of names, each with a square in the colour of its status; no bar, no frequency."""
    axis.set_axis_off()
    axis.set_xlim(0, 2)
    axis.set_ylim(31, 0)
    line, column = 0.0, 0.0
    for status in STATUSES:
        if status == "not_named":
            line, column = 0.0, 0.95
        axis.text(column, line + 0.5, labels[f"status.{status}"], fontweight="bold", va="center")
        line += 1.25
        for row in listed[listed["prose_status"] == status].itertuples():
            name = textwrap.fill(style.plain(_name(row, labels)), 40)
            line += 0.4 * name.count("\n")
            axis.scatter(
                column + 0.025, line + 0.45, marker="s", s=42, color=COLOURS[status],
                edgecolor=style.QUIET, linewidth=0.5, label=status,
            )  # fmt: skip
            axis.text(column + 0.075, line + 0.45, name, fontsize=8.5, va="center", linespacing=1.1)
            line += 1 + 0.4 * name.count("\n")
        line += 0.8


def _frequency(axis, listed: pd.DataFrame, labels: Labels) -> None:
    names = [style.plain(_name(row, labels)) for row in listed.itertuples()]
    bars = axis.barh(
        range(len(names)), listed["protocols"].astype(int), height=0.72,
        color=listed["prose_status"].map(COLOURS), edgecolor=style.QUIET, linewidth=0.5,
    )  # fmt: skip
    axis.bar_label(bars, padding=3, fontsize=7.5, color=style.QUIET)
    axis.set_yticks(range(len(names)), names, fontsize=7.5, color=style.INK)
    axis.invert_yaxis()
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.set_xlabel(labels["purposes.axis"])
    style.despine(axis, "left")
    axis.tick_params(axis="y", length=0)


def _activities(axis, grid: pd.DataFrame, labels: Labels) -> None:
    counts = grid.pivot(index="code", columns="period", values="activities").loc[CODES].astype(int)
    sns.heatmap(
        counts, ax=axis, annot=True, fmt="d", cmap=sns.light_palette("#7a6a9b", as_cmap=True),
        vmin=0, vmax=8, cbar=False, linewidths=1.5, linecolor=style.PAPER,
        annot_kws={"fontsize": 12, "fontweight": "bold"},
    )  # fmt: skip
    axis.set_xticklabels([period.replace("-", "–") for period in counts.columns], rotation=0)
    axis.set_yticklabels([labels[f"code.{code}"] for code in CODES], rotation=0, fontsize=8)
    axis.set(xlabel="", ylabel="")
    axis.tick_params(length=0, labelsize=7.5)


FIGURE = Record(
    __name__,
    describe,
    counted={"activities": "rows", "protocols": "rows"},
    rules=(
        Rule("number of markers", (0,), count("purpose")),
        Rule("number of shapes", (1,), count("activity")),
    ),
)
