"""What was done: engagements by activity under two classifications that are never added."""

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, count, values
from nbproof.labels import Labels

KINDS = {
    "bilateral": "#17406b",
    "multilateral": "#c65d1b",
    "continuing": "#6fb79b",
    "other": "#e4e0d4",
}
DIRECTIONS = ["to", "from", "with"]
AUTHORS = ["promotion_visibility", "aid", "information_exchange"]


def table(engagements: pd.DataFrame) -> pd.DataFrame:
    """One row a mark, from the selected rows of processed/engagements without the agreements.

    Returns mark, activity, kind, direction, author_code, engagements, rows (those counted); marks:
    `activity` (a segment: this project's code and kind), `direction` (a cell: this project's code and
    direction), both of the rows that are `counted`, and `author` (a bar: every row to which the
    authors gave a code).
    """
    counted = engagements[engagements["counted"]]
    order = counted["activity"].value_counts().sort_index(kind="stable")
    order = order.sort_values(ascending=False, kind="stable").index
    segments = references.counted(counted, ["activity", "kind"], "engagements", "source")
    cells = references.counted(counted, ["activity", "direction"], "engagements", "source")
    grid = pd.MultiIndex.from_product(
        [cells["activity"].unique(), DIRECTIONS], names=["activity", "direction"]
    )
    cells = cells.set_index(grid.names).reindex(grid).fillna({"engagements": 0}).reset_index()
    rank = {name: place for place, name in enumerate([*order, *KINDS, *DIRECTIONS])}
    authors = references.counted(engagements, "author_code", "engagements", "source")
    authors = authors.set_index("author_code")
    authors = authors.loc[[code for code in AUTHORS if code in authors.index]].reset_index()
    marks = pd.concat(
        [
            segments.assign(mark="activity").sort_values(["activity", "kind"], key=_by(rank)),
            cells.assign(mark="direction").sort_values(["activity", "direction"], key=_by(rank)),
            authors.assign(mark="author"),
        ],
        ignore_index=True,
    )
    columns = ["mark", "activity", "kind", "direction", "author_code", "engagements", "rows"]
    return marks.reindex(columns=columns).astype({"engagements": "Int64"})


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Left this project's codes by kind and direction, right, plainly apart, the authors' codes."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    activities = list(marks["activity"]["activity"].unique())
    figure = Figure(figsize=(10, 6.2))
    bars = figure.add_axes((0.185, 0.2, 0.225, 0.51))
    cells = figure.add_axes((0.43, 0.2, 0.195, 0.51))
    authors = figure.add_axes((0.8, 0.44, 0.17, 0.27))
    _bars(bars, marks["activity"], activities, labels)
    _cells(cells, marks["direction"], activities, labels)
    if "author" in marks:
        _authors(authors, marks["author"], labels)
    else:
        authors.set_axis_off()
    for x, key in ((0.06, "project"), (0.675, "authors")):
        figure.text(
            x, 0.825, labels[f"engagement_activities.panel.{key}"], fontsize=10, fontweight="bold"
        )
    figure.text(
        0.675, 0.33, labels["engagement_activities.note"], fontsize=8.5, va="top", color=style.QUIET,
        linespacing=1.45,
    )  # fmt: skip
    # A rule between the halves: two classifications that are never added.
    figure.add_artist(Line2D([0.645, 0.645], [0.13, 0.85], color=style.HAIR, linewidth=1))
    figure.legend(
        handles=[
            Patch(
                facecolor=colour, edgecolor=style.QUIET, linewidth=0.5,
                label=labels[f"engagements.kind.{kind}"],
            )
            for kind, colour in KINDS.items()
            if kind in set(marks["activity"]["kind"])
        ],
        loc="upper left", bbox_to_anchor=(0.06, 0.805), ncols=4, borderpad=0, borderaxespad=0,
        handlelength=1.1, columnspacing=1.2, fontsize=8.5,
    )  # fmt: skip
    facts = _facts(table)
    style.head(
        figure, labels["engagement_activities.title"],
        labels.fill("engagement_activities.subtitle", **facts), top=0.965,
    )  # fmt: skip
    style.foot(figure, labels["engagement_activities.foot"], bottom=0.025)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: this project's activities with their counts, then the authors' codes."""
    own = table[table["mark"] == "activity"].groupby("activity", sort=False)["engagements"].sum()
    authors = table[table["mark"] == "author"].set_index("author_code")["engagements"]
    said = labels.fill(
        "engagement_activities.alt",
        counts=labels.listing(
            f"{labels['engagement_activities.' + code]} {labels.number(n)}"
            for code, n in own.items()
        ),
        **_facts(table),
    )
    if not len(authors):
        return said
    counts = [f"{labels['code.' + code]} {labels.number(n)}" for code, n in authors.items()]
    return f"{said} " + labels.fill(
        "engagement_activities.alt.authors", counts=labels.listing(counts)
    )


def _by(rank: dict[str, int]):
    return lambda column: column.map(rank)


def _facts(table: pd.DataFrame) -> dict:
    sums = table.groupby("mark")["engagements"].sum()
    return {"n": int(sums.get("activity", 0)), "coded": int(sums.get("author", 0))}


def _bars(axis, segments: pd.DataFrame, activities: list[str], labels: Labels) -> None:
    left = pd.Series(0, index=activities)
    for kind, colour in KINDS.items():
        rows = segments[segments["kind"] == kind].set_index("activity")["engagements"].astype(int)
        if len(rows):
            axis.barh(
                [activities.index(name) for name in rows.index], rows, left=left[rows.index],
                height=0.72, color=colour, edgecolor=style.QUIET, linewidth=0.5, label=kind,
            )  # fmt: skip
            left = left.add(rows, fill_value=0)
    for place, name in enumerate(activities):
        axis.annotate(
            labels.number(left[name]), (left[name], place), xytext=(4, 0),
            textcoords="offset points", va="center",
        )  # fmt: skip
    names = [labels[f"engagement_activities.{name}"] for name in activities]
    axis.set_yticks(range(len(activities)), names, color=style.INK)
    axis.set_ylim(len(activities) - 0.5, -0.5)
    axis.set_xlim(0, left.max() * 1.14)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axis.set_xlabel(labels["engagement_activities.axis"])
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left")


def _cells(axis, cells: pd.DataFrame, activities: list[str], labels: Labels) -> None:
    grid = cells.pivot(index="activity", columns="direction", values="engagements")
    grid = grid.loc[activities, DIRECTIONS].astype(int)
    sns.heatmap(
        grid, ax=axis, annot=True, fmt="d", cmap=sns.light_palette("#7a6a9b", as_cmap=True),
        vmin=0, cbar=False, linewidths=1.5, linecolor=style.PAPER,
    )  # fmt: skip
    axis.set_yticks([])
    axis.set_xticklabels(
        [labels[f"engagement_activities.direction.{name}"] for name in DIRECTIONS],
        rotation=0,
        fontsize=7.5,
    )
    axis.set(xlabel="", ylabel="")
    axis.tick_params(length=0)


def _authors(axis, authors: pd.DataFrame, labels: Labels) -> None:
    bars = axis.barh(
        range(len(authors)), authors["engagements"].astype(int), height=0.6, color="#7a6a9b",
        label="author",
    )  # fmt: skip
    axis.bar_label(bars, padding=3)
    names = [labels[f"code.{code}"].replace(" ", "\n", 1) for code in authors["author_code"]]
    axis.set_yticks(range(len(authors)), names, color=style.INK)
    axis.set_ylim(len(authors) - 0.5, -0.5)
    axis.set_xlim(0, authors["engagements"].max() * 1.2)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=3))
    axis.set_xlabel(labels["engagement_activities.axis.authors"])
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left")


FIGURE = Record(
    __name__,
    describe,
    counted={"engagements": "rows"},
    rules=(
        Rule("widths", (0,), values("activity", "engagements")),
        Rule("number of shapes", (1,), count("direction")),
        Rule("widths", (2,), values("author", "engagements")),
    ),
)
