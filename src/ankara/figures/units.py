"""Which unit of a district handles foreign relations, and how many ties the district has (Table 3)."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib.figures import shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

# From a unit of its own to nothing known; told apart in grey too.
COLOURS = {
    "foreign_relations": "#17406b",
    "merged": "#4d88b8",
    "culture_social": "#e0a458",
    "culture_social_and_projects": "#f3dcae",
    "other": "#c0c6ce",
    "unknown": "#ffffff",
}
HATCHES = {"merged": "....", "unknown": "//////"}
OWN = ["foreign_relations", "merged"]
ROW = 0.2  # inches
NAMES, BARS = 1.05, 2.4  # inches: the districts' names, and the bars


def table(
    units: pd.DataFrame, agreements: pd.DataFrame, *, units_by: str, order: str
) -> pd.DataFrame:
    """One row a mark.

    units: processed/units. agreements: the selected rows of processed/agreements, of which only the
    districts' count. units_by: table (unit_type) or prose (unit_type_prose). order: agreements, unit
    or printed. Returns mark, municipality, unit_type, differs, agreements, unit_rows and rows; marks:
    `district` (a bar; differs: the other reading gives another type of unit). unit_rows: where the unit
    is printed. rows: the agreements counted.
    """
    districts = agreements[agreements["level"] == "district"]
    ties = references.counted(districts, "municipality", "agreements", "agreement_id")
    rows = units.rename(columns={"source": "unit_rows"}).merge(ties, "left", "municipality")
    rows["differs"] = rows["unit_type"] != rows["unit_type_prose"]
    rows["unit_type"] = rows["unit_type" if units_by == "table" else "unit_type_prose"]
    rows = rows.fillna({"agreements": 0}).assign(mark="district")
    rank = rows["unit_type"].map(list(COLOURS).index)
    keys = {"agreements": [-rows["agreements"]], "unit": [rank, -rows["agreements"]], "printed": []}
    for key in reversed(keys[order]):
        rows = rows.loc[key[rows.index].sort_values(kind="stable").index]
    columns = ["mark", "municipality", "unit_type", "differs", "agreements", "unit_rows", "rows"]
    marks = rows.reindex(columns=columns).reset_index(drop=True)
    return marks.astype({"agreements": "Int64", "differs": "boolean"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """How many agreements the districts with a directorate of their own hold."""
    own = table[table["unit_type"].isin(OWN)]
    return labels.fill(
        "units.title", own=len(own), own_n=own["agreements"].sum(), n=table["agreements"].sum()
    )


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A bar a district, its number, and beside it the unit."""
    tall = ROW * len(table)
    subtitle = labels.fill("units.subtitle", **_facts(table))
    figure = style.page(tall + 0.05, title(table, labels), subtitle, labels["units.foot"])
    axis = figure.add_axes(style.box(figure, NAMES, 0, BARS, tall))
    bars = axis.barh(
        range(len(table)), table["agreements"].astype(int), height=0.74,
        color=table["unit_type"].map(COLOURS), edgecolor=style.QUIET, linewidth=0.5,
    )  # fmt: skip
    for bar, kind in zip(bars, table["unit_type"], strict=True):
        bar.set_hatch(HATCHES.get(kind))
        bar.set_label(kind)
    axis.bar_label(bars, padding=3, fontsize=style.SMALL)
    names = table["municipality"] + table["differs"].map({True: " *", False: ""})
    shared.named(axis, list(names), 0.6)
    for place, kind in enumerate(table["unit_type"]):
        axis.text(
            1.02, place, labels[f"units.type.{kind}"], fontsize=style.SMALL, va="center",
            transform=axis.get_yaxis_transform(), color=style.INK if kind in OWN else style.QUIET,
            fontweight="bold" if kind in OWN else "normal",
        )  # fmt: skip
    axis.set_xlim(0, max(4, table["agreements"].max()) * 1.12)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: types with districts and ties, then the districts with most."""
    said = [labels.fill("units.alt", **_facts(table))]
    types = table.groupby("unit_type")["agreements"].agg(districts="size", agreements="sum")
    types = types.reindex([name for name in COLOURS if name in types.index])
    each = [
        labels.fill("units.alt.type", type=labels[f"units.type.{kind}"], **row)
        for kind, row in types.iterrows()
    ]
    said.append("; ".join(each) + ".")
    top = table.sort_values("agreements", ascending=False, kind="stable").head(4)
    names = shared.counts(top["municipality"], top["agreements"], labels)
    said.append(labels.fill("units.alt.most", names=names))
    return " ".join(said)


def _facts(table: pd.DataFrame) -> dict:
    return {
        "districts": len(table),
        "n": table["agreements"].sum(),
        "none": int((table["agreements"] == 0).sum()),
        "unknown": int((table["unit_type"] == "unknown").sum()),
    }


FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, readings=(
    reads("district", "bars", (0,), row="{municipality}…", width="agreements", beside="#agreements",
          alike="{unit_type}"),
    reads("district", "texts", (0,), row="{municipality}…", said="[units.type.{unit_type}]"),
))  # fmt: skip
