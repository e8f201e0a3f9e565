"""The life of a tie: which ties show a sign of life, with the partner or its country, and when last."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from diplolib import life
from nbproof import references
from nbproof.figures import style
from nbproof.labels import Labels

LOOKS = {
    "place": {"color": "#1f4e79"},
    "country": {"color": "#7fa9cd"},
    "none": {"color": "#dfe3e8"},
    "unknown": {"facecolor": style.PAPER, "hatch": "//////", "edgecolor": style.QUIET},
}
LEVELS = ("metropolitan", "district")
COLUMNS = [
    "mark", "level", "sign", "agreement_id", "municipality", "country_code", "partner", "partner_tr",
    "year", "last_from", "last", "agreements", "sign_rows", "rows",
]  # fmt: skip


def table(ties: pd.DataFrame) -> pd.DataFrame:
    """One row a mark, in COLUMNS.

    ties: processed/tie_life. marks: `group` (agreements of a level by sign) and `tie` (each one with a
    sign: the years of the last one by place or, without one, by country; missing where it is undated;
    sign_rows: where it is printed). Raises StudyError for a sign before its tie's year.
    """
    life.check(ties, "data/processed/tie_life.csv")
    groups = references.counted(ties, ["level", "sign"], "agreements").assign(mark="group")
    order = dict.fromkeys(["level", "sign"], lambda cells: cells.map([*LEVELS, *life.SIGNS].index))
    groups = groups.sort_values(list(order), key=lambda cells: order[cells.name](cells))
    seen = ties[ties["sign"].isin(["place", "country"])]
    by_place = seen["sign"] == "place"
    last = {
        new: seen[f"place_{old}"].where(by_place, seen[f"country_{old}"])
        for new, old in {"last_from": "year", "last": "year_end", "sign_rows": "source"}.items()
    }
    seen = seen.assign(mark="tie", rows=seen["agreement_id"], **last)
    marks = pd.concat([groups, seen], ignore_index=True).reindex(columns=COLUMNS)
    return marks.astype(dict.fromkeys(["year", "last_from", "last", "agreements"], "Int64"))


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Metropolitan ties with a sign by place, and district ties that no source could report."""
    groups = table[table["mark"] == "group"].set_index(["level", "sign"])["agreements"]
    of = groups.groupby("level").sum()
    values = {f"{level}_{sign}": groups.get((level, sign), 0) for level in LEVELS for sign in life.SIGNS}
    return labels.fill("tie_life.title", **values, **{level: of.get(level, 0) for level in LEVELS})


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a bar a level by sign; below a line a tie, from its year to its last sign."""
    groups, ties = (table[table["mark"] == mark] for mark in ("group", "tie"))
    height = 3.0 + 0.165 * len(ties)
    figure = Figure(figsize=(6.3, height))
    above = figure.add_axes((0.2, 1 - 1.95 / height, 0.77, 0.6 / height))
    below = figure.add_axes((0.3, 0.62 / height, 0.58, 1 - 2.95 / height))
    for line, level in enumerate(LEVELS):
        left = 0
        for row in groups[groups["level"] == level].itertuples():
            above.barh(line, row.agreements, left=left, height=0.72, label=row.sign, **LOOKS[row.sign])
            narrow = row.agreements < 2  # its number stands beside it
            above.text(
                left - 0.8 if narrow else left + row.agreements / 2, line, labels.number(row.agreements),
                fontsize=8.5, ha="right" if narrow else "center", va="center_baseline",
                color=style.PAPER if row.sign == "place" and not narrow else style.INK,
                bbox={"facecolor": style.PAPER, "linewidth": 0, "pad": 1} if row.sign == "unknown" else None,
            )  # fmt: skip
            left += row.agreements
    above.set_yticks(range(len(LEVELS)), [labels[f"level.{level}"] for level in LEVELS], color=style.INK)
    above.invert_yaxis()
    handles = [Patch(label=labels[f"tie_life.sign.{sign}"], **LOOKS[sign]) for sign in life.SIGNS]
    figure.legend(
        handles=handles, ncols=4, loc="upper left", bbox_to_anchor=(0.005, 1 - 1.02 / height), fontsize=8,
        handlelength=1.1, columnspacing=1.0, handletextpad=0.4,
    )  # fmt: skip
    end = ties["last"].max()
    for line, row in enumerate(ties.itertuples()):
        colour = LOOKS[row.sign]["color"]
        if pd.notna(row.last):
            below.plot([row.year, row.last], [line, line], color=colour, linewidth=1.2)
            below.plot([row.last_from, row.last], [line, line], color=colour, linewidth=4.5)
            below.scatter(row.last, line, s=24, color=colour, zorder=3, label="last")
        below.scatter(row.year, line, s=16, color=style.PAPER, edgecolor=colour, zorder=3, label="year")
        said = labels["tie_life.undated"] if pd.isna(row.last) else (
            str(row.last) if row.last == row.last_from else f"{row.last_from}–{row.last}")  # fmt: skip
        below.text(end + 2.4, line, said, fontsize=8, va="center_baseline", color=style.QUIET)
    names = [
        getattr(row, labels.column("partner")) + ("" if row.level == "metropolitan" else f" – {row.municipality}")
        for row in ties.itertuples()
    ]
    below.set_yticks(range(len(ties)), map(style.plain, names), fontsize=8, color=style.INK)
    below.set_ylim(len(ties) - 0.4, -0.7)
    below.set_title(labels["tie_life.ties"], fontsize=8.5, x=-0.48, pad=6)
    for axis in (above, below):
        axis.tick_params(axis="y", length=0, pad=10 if axis is above else 4)
        style.despine(axis, "left", *(["bottom"] if axis is above else []))
    above.set_xticks([])
    for text, top, look in (
        (title(table, labels), 0.12, {"fontsize": 11.5, "fontweight": "bold"}),
        (labels["tie_life.subtitle"], 0.58, {"fontsize": 8.5, "color": style.QUIET}),
    ):
        figure.text(0.02, 1 - top / height, text, va="top", **look)
    figure.text(0.02, 0.06 / height, labels["tie_life.foot"], fontsize=8, color=style.QUIET)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: title, every level by sign, and the ties with a sign by place."""
    said = [title(table, labels).replace("\n", " ") + "."]
    for level, rows in table[table["mark"] == "group"].groupby("level", sort=False):
        signs = (f"{labels[f'tie_life.sign.{row.sign}']} {row.agreements}" for row in rows.itertuples())
        said.append(f"{labels[f'level.{level}']}: {labels.listing(signs)}.")
    seen = table[(table["mark"] == "tie") & (table["sign"] == "place")]
    names = seen[labels.column("partner")] + " " + seen["last"].astype("str").fillna(labels["tie_life.undated"])
    return " ".join([*said, labels.fill("tie_life.alt", names=labels.listing(names))])
