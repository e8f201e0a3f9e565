"""Who handles a municipality's foreign relations: its units as a tree (the article's Figure 1)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

COLOURS = {
    "municipality": "#17406b",
    "department": "#2f6a9f",
    "branch": "#a9c9e2",
    "section": "#eceae4",
}
WIDTH, HEIGHT = 0.84, 0.74  # of a box, as shares of its column and row
ROW = 0.66  # inches


def table(units: pd.DataFrame) -> pd.DataFrame:
    """One row a mark, from processed/organisation.

    units: unit, unit_en, parent_unit (missing for the root), unit_type, depth, a parent before what
    stands under it. Returns mark, unit, unit_en, parent_unit, unit_type, x, y, x_to, y_to, rows (the
    printed one, of a link that of the lower unit); marks: `unit` (a box around x, y; x is the depth)
    and `link` (a line from a unit to one under it).
    """
    boxes = units.rename(columns={"source": "rows"}).assign(mark="unit")
    boxes["x"] = boxes["depth"].astype("float64")
    boxes["y"] = boxes["unit"].map(_heights(units))
    ends = boxes[boxes["parent_unit"].notna()].rename(columns={"x": "x_to", "y": "y_to"})
    ends = ends[["unit", "parent_unit", "x_to", "y_to", "rows"]]
    links = ends.join(boxes.set_index("unit")[["x", "y"]], on="parent_unit").assign(mark="link")
    columns = ["mark", "unit", "unit_en", "parent_unit", "unit_type", "x", "y", "x_to", "y_to"]
    return pd.concat([boxes, links], ignore_index=True).reindex(columns=[*columns, "rows"])


def title(table: pd.DataFrame, labels: Labels) -> str:
    """How many units of each kind there are."""
    return labels.fill("organisation.title", **_facts(table))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """From left to right a column a level, each unit beside the middle of what stands under it."""
    units, links = (table[table["mark"] == mark] for mark in ("unit", "link"))
    wide, tall = style.WIDTH - 2 * style.MARGIN, ROW * (units["y"].max() + 1.4)
    texts = (labels[f"organisation.{name}"] for name in ("subtitle", "foot"))
    figure = style.page(tall + 0.1, title(table, labels), *texts)
    axis = figure.add_axes(style.box(figure, 0, 0, wide, tall))
    axis.set_axis_off()
    axis.set_xlim(-WIDTH / 2, units["x"].max() + WIDTH / 2)
    axis.set_ylim(units["y"].max() + 0.5, -0.9)
    for link in links.itertuples():
        middle = link.x + 0.5
        axis.plot(
            [link.x + WIDTH / 2, middle, middle, link.x_to - WIDTH / 2],
            [link.y, link.y, link.y_to, link.y_to],
            color=style.QUIET, linewidth=1, zorder=1, label="link",
        )  # fmt: skip
    inside = wide * WIDTH / (units["x"].max() + WIDTH) - 0.1
    for unit in units.itertuples():
        dark = unit.unit_type in ("municipality", "department")
        axis.add_patch(
            FancyBboxPatch(
                (unit.x - WIDTH / 2, unit.y - HEIGHT / 2), WIDTH, HEIGHT, zorder=2, label="unit",
                boxstyle="round,pad=0,rounding_size=0.06", facecolor=COLOURS[unit.unit_type],
                edgecolor=style.QUIET, linewidth=0.6, clip_on=False,
            )
        )  # fmt: skip
        axis.text(
            unit.x, unit.y, style.plain(style.wrap(_name(unit, labels), inside)), zorder=3, ha="center",
            va="center", color=style.PAPER if dark else style.INK, linespacing=style.LINE,
        )  # fmt: skip
    for depth, kind in units.drop_duplicates("unit_type")[["x", "unit_type"]].to_numpy():
        figure.text(
            depth, -0.72, labels[f"organisation.type.{kind}"], ha="center", va="center",
            color=style.QUIET, fontsize=style.SMALL, transform=axis.transData,
        )  # fmt: skip
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: each unit with what stands under it."""
    units = table[table["mark"] == "unit"]
    said = [labels.fill("organisation.alt", **_facts(table))]
    names = {unit.unit: _name(unit, labels) for unit in units.itertuples()}
    for parent, under in units.groupby("parent_unit", sort=False):
        values = {"parent": names[parent], "names": labels.listing(map(names.get, under["unit"]))}
        said.append(labels.fill("organisation.alt.under", **values))
    return " ".join(said)


def _heights(units: pd.DataFrame) -> dict[str, float]:
    """Units with nothing under them stand at 0, 1, 2 …; the others in the middle of their own."""
    heights: dict[str, float] = {}
    under = dict(iter(units.groupby("parent_unit", sort=False)["unit"]))

    def place(unit: str) -> float:
        if unit in under:
            own = [place(child) for child in under[unit]]
            heights[unit] = (own[0] + own[-1]) / 2
        else:
            heights[unit] = float(sum(name not in under for name in heights))
        return heights[unit]

    for root in units.loc[units["parent_unit"].isna(), "unit"]:
        place(root)
    return heights


def _name(unit, labels: Labels) -> str:
    return unit.unit if labels.language == "tr" else unit.unit_en


def _facts(table: pd.DataFrame) -> dict:
    kinds = table.loc[table["mark"] == "unit", "unit_type"].value_counts()
    return {"branches": int(kinds.get("branch", 0)), "sections": int(kinds.get("section", 0))}


FIGURE = Record(__name__, describe, readings=(
    reads("unit", "texts", (0,), said="{unit*}"),
    reads("unit", "areas", (0,), inside="{unit*}", column="[organisation.type.{unit_type}]",
          alike="{unit_type}"),
    reads("link", "lines", (0,)),
))  # fmt: skip
