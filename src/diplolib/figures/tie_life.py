"""The life of a tie: which ties show a sign of life, with the partner or its country, and when last.

Only for a study with the levels metropolitan and district.
"""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from diplolib import life
from diplolib.figures import bars, shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

LOOKS = {
    "place": {"color": bars.DARK}, "country": {"color": bars.LIGHT}, "none": {"color": bars.PALE},
    "unknown": bars.HATCHED,
}  # fmt: skip
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
    groups = references.counted(ties, ["level", "sign"], "agreements", "agreement_id").assign(
        mark="group"
    )
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
    found = {f"{level}_{sign}": n for (level, sign), n in groups.items()}
    every = dict.fromkeys(["metropolitan_place", "district_unknown", *LEVELS], 0)
    return labels.fill("tie_life.title", **every | found | of.to_dict())


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a bar a level by sign; below a line a tie, from its year to its last sign."""
    groups, ties = (table[table["mark"] == mark] for mark in ("group", "tie"))
    high = 0.165 * len(ties)
    texts = (labels[f"tie_life.{name}"] for name in ("subtitle", "foot"))
    figure = style.page(1.65 + high, title(table, labels), *texts)
    above = figure.add_axes(style.box(figure, 1.1, high + 0.75, 5.0, 0.58))
    below = figure.add_axes(style.box(figure, 1.8, 0.25, 3.6, high))
    sums = [(labels[f"level.{level}"], rows[["sign", "agreements"]].to_numpy().tolist())
            for level, rows in groups.groupby("level", sort=False)]  # fmt: skip
    bars.stacked(above, sums, LOOKS, labels)
    signs = [Patch(label=labels[f"tie_life.sign.{sign}"], **LOOKS[sign]) for sign in life.SIGNS]
    place = style.box(figure, 0, high + 1.36, 0, 0)[:2]
    shared.keys(figure, place, 4, handles=signs, fontsize=8)
    for line, row in enumerate(ties.itertuples()):
        colour, said = LOOKS[row.sign]["color"], labels["tie_life.undated"]
        if pd.notna(row.last):
            below.plot([row.year, row.last], [line, line], color=colour, linewidth=1.2)
            below.plot([row.last_from, row.last], [line, line], color=colour, linewidth=4.5)
            below.scatter(row.last, line, s=24, color=colour, zorder=3, label="last")
            said = "–".join(str(year) for year in dict.fromkeys([row.last_from, row.last]))
        ring = {"color": style.PAPER, "edgecolor": colour}
        below.scatter(row.year, line, s=16, zorder=3, label="year", **ring)
        below.text(1.02, line, said, fontsize=8, va="center_baseline", color=style.QUIET,
                   transform=below.get_yaxis_transform())  # fmt: skip
    names = ties[labels.column("partner")]
    names = names.where(ties["level"] == "metropolitan", names + " – " + ties["municipality"])
    below.set_yticks(range(len(ties)), map(style.plain, names), fontsize=8, color=style.INK)
    below.set_ylim(len(ties) - 0.4, -0.7)
    below.set_title(labels["tie_life.ties"], fontsize=8.5, x=-0.5, pad=5)
    below.tick_params(axis="y", length=0)
    style.despine(below, "left")
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: title, every level by sign, and the ties with a sign by place."""
    said = [title(table, labels).replace("\n", " ") + "."]
    for level, rows in table[table["mark"] == "group"].groupby("level", sort=False):
        counts = zip(rows["sign"], rows["agreements"], strict=True)
        signs = (f"{labels[f'tie_life.sign.{sign}']} {n}" for sign, n in counts)
        said.append(f"{labels[f'level.{level}']}: {labels.listing(signs)}.")
    seen = table[(table["mark"] == "tie") & (table["sign"] == "place")]
    years = seen["last"].astype("str").fillna(labels["tie_life.undated"])
    names = seen[labels.column("partner")] + " " + years
    return " ".join([*said, labels.fill("tie_life.alt", names=labels.listing(names))])


SIGN = {"colour": "[tie_life.sign.{sign}]"}
FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, readings=(
    reads("group", "bars", (0,), row="[level.{level}]", width="agreements", beside="#agreements", **SIGN),
    reads("tie", "dots", (1,), row="{partner*}…", x="year", form="hollow", **SIGN),
    reads("tie", "dots", (1,), row="{partner*}…", x="last", form="full", **SIGN),
    *(reads("tie", "lines", (1,), row="{partner*}…", left=first, right="last", **SIGN)
      for first in ("year", "last_from")),
    reads("tie", "texts", (1,), row="{partner*}…", said="…{last}"),
))  # fmt: skip
