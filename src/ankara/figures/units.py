"""Which unit of a district handles foreign relations, and how many ties the district has (Table 3)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, values
from nbproof.labels import Labels

# From a unit of its own to nothing known; told apart in grey too.
COLOURS = {
    "foreign_relations": "#17406b",
    "merged": "#4d88b8",
    "culture_social": "#e0a458",
    "culture_social_and_projects": "#f3dcae",
    "other": "#cfd4da",
    "unknown": "#ffffff",
}
HATCHES = {"merged": "....", "unknown": "//////"}
ORDERS = ("agreements", "unit", "printed")


def table(
    units: pd.DataFrame, agreements: pd.DataFrame, *, units_by: str, order: str
) -> pd.DataFrame:
    """One row a mark.

    units: processed/units. agreements: the selected rows of processed/agreements, of which only the
    districts' count. units_by: table (unit_type) or prose (unit_type_prose). order: agreements, unit
    or printed. Returns mark, municipality, unit_type, differs, districts, agreements, least, most,
    unit_rows and rows; marks: `district` (a bar; differs: the other reading gives another type of
    unit) and `type` (districts, their agreements, and the fewest and most of one). unit_rows: where
    the unit of each of the districts is printed. rows: the agreements counted.
    """
    districts = agreements[agreements["level"] == "district"]
    ties = references.counted(districts, "municipality", "agreements", "agreement_id").set_index(
        "municipality"
    )
    ties = ties.reindex(units["municipality"]).set_axis(units.index)
    kind = units["unit_type" if units_by == "table" else "unit_type_prose"]
    rows = pd.DataFrame(
        {
            "mark": "district",
            "municipality": units["municipality"],
            "unit_type": kind,
            "differs": units["unit_type"] != units["unit_type_prose"],
            "agreements": ties["agreements"].fillna(0),
            "unit_rows": units["source"],
            "rows": ties["rows"],
        }
    )
    rank = rows["unit_type"].map(list(COLOURS).index)
    keys = {"agreements": [-rows["agreements"]], "unit": [rank, -rows["agreements"]], "printed": []}
    for key in reversed(keys[order]):
        rows = rows.loc[key[rows.index].sort_values(kind="stable").index]
    types = rows.groupby("unit_type").agg(
        districts=("agreements", "size"),
        agreements=("agreements", "sum"),
        least=("agreements", "min"),
        most=("agreements", "max"),
        unit_rows=("unit_rows", references.joined),
        rows=("rows", references.joined),
    )
    types = types.reindex([name for name in COLOURS if name in types.index]).reset_index()
    marks = pd.concat([rows, types.assign(mark="type")], ignore_index=True)
    whole = ["districts", "agreements", "least", "most"]
    columns = ["mark", "municipality", "unit_type", "differs", *whole, "unit_rows", "rows"]
    return marks.reindex(columns=columns).astype(
        dict.fromkeys(whole, "Int64") | {"differs": "boolean"}
    )


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Left a bar a district, right a dot a district by type of unit; one colour a type."""
    districts, types = (table[table["mark"] == mark] for mark in ("district", "type"))
    figure = Figure(figsize=(10, 8))
    left = figure.add_axes((0.16, 0.145, 0.34, 0.675))
    right = figure.add_axes((0.56, 0.145, 0.4, 0.475))
    _bars(left, districts, labels)
    _dots(right, districts, types, labels)
    figure.legend(
        handles=[
            Patch(
                facecolor=COLOURS[kind], hatch=HATCHES.get(kind), edgecolor=style.QUIET, linewidth=0.5,
                label=labels[f"units.type.{kind}"],
            )
            for kind in types["unit_type"]
        ],
        title=labels["units.legend"], alignment="left", loc="upper left",
        bbox_to_anchor=(0.555, 0.84), title_fontproperties={"weight": "bold"}, borderaxespad=0,
    )  # fmt: skip
    style.head(
        figure, labels["units.title"], labels.fill("units.subtitle", **_facts(table)), top=0.97
    )
    style.foot(figure, labels["units.foot"], bottom=0.02)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: types with districts and ties, then the districts with most."""
    said = [labels.fill("units.alt", **_facts(table))]
    types = table[table["mark"] == "type"]
    said.append(
        "; ".join(
            labels.fill(
                "units.alt.type",
                type=labels[f"units.type.{row.unit_type}"],
                districts=row.districts,
                agreements=row.agreements,
            )
            for row in types.itertuples()
        )
        + "."
    )
    districts = table[table["mark"] == "district"]
    top = districts.sort_values("agreements", ascending=False, kind="stable").head(4)
    names = [f"{row.municipality} {labels.number(row.agreements)}" for row in top.itertuples()]
    said.append(labels.fill("units.alt.most", names=labels.listing(names)))
    return " ".join(said)


def _facts(table: pd.DataFrame) -> dict:
    districts = table[table["mark"] == "district"]
    return {
        "districts": len(districts),
        "n": districts["agreements"].sum(),
        "none": int((districts["agreements"] == 0).sum()),
        "unknown": int((districts["unit_type"] == "unknown").sum()),
    }


def _bars(axis, districts: pd.DataFrame, labels: Labels) -> None:
    bars = axis.barh(
        range(len(districts)), districts["agreements"].astype(int), height=0.74,
        color=districts["unit_type"].map(COLOURS), edgecolor=style.QUIET, linewidth=0.5,
    )  # fmt: skip
    for bar, kind in zip(bars, districts["unit_type"], strict=True):
        bar.set_hatch(HATCHES.get(kind))
        bar.set_label(kind)
    axis.bar_label(bars, padding=3)
    names = districts["municipality"] + districts["differs"].map({True: " *", False: ""})
    axis.set_yticks(range(len(districts)), names, color=style.INK)
    # The swatch at the name shows the unit of a district without a tie as well.
    for place, kind in enumerate(districts["unit_type"]):
        axis.scatter(
            -0.035, place, marker="s", s=34, transform=axis.get_yaxis_transform(), clip_on=False,
            color=COLOURS[kind], hatch=3 * "/" if kind == "unknown" else None,
            edgecolor=style.QUIET, linewidth=0.5, label="swatch",
        )  # fmt: skip
    axis.set_ylim(len(districts) - 0.4, -0.6)
    axis.set_xlim(0, max(4, districts["agreements"].max()) * 1.1)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axis.set_xlabel(labels["units.axis"])
    axis.set_title(labels["units.panel.districts"])
    style.despine(axis, "left")
    axis.tick_params(axis="y", length=0, pad=15)


def _dots(axis, districts: pd.DataFrame, types: pd.DataFrame, labels: Labels) -> None:
    """Districts of one type with equally many ties stand above one another."""
    for place, kind in enumerate(types["unit_type"]):
        rows = districts[districts["unit_type"] == kind]
        for count, same in rows.groupby("agreements"):
            lifts = [place - 0.13 * step for step in range(len(same))]
            axis.scatter(
                [count] * len(same), lifts, s=40, color=COLOURS[kind], zorder=3,
                hatch=3 * HATCHES[kind][0] if kind in HATCHES else None,
                edgecolor=style.QUIET, linewidth=0.6, label=kind,
            )  # fmt: skip
    said = [
        labels.fill("units.row", districts=row.districts, agreements=row.agreements)
        for row in types.itertuples()
    ]
    for place, text in enumerate(said):
        axis.text(0, place + 0.16, text, fontsize=8, color=style.QUIET, va="top")
    axis.set_yticks([])
    axis.set_ylim(len(types) - 0.4, -0.8)
    axis.set_xlim(-0.6, max(4, districts["agreements"].max()) * 1.06)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axis.set_xlabel(labels["units.axis.dots"])
    axis.set_title(labels["units.panel.types"])
    style.despine(axis, "left")


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows", "districts": "unit_rows"},
    rules=(
        Rule("widths", (0,), values("district", "agreements")),
        Rule("x of markers", (1,), values("district", "agreements")),
    ),
)
