"""A department's staff by year and by post (the article's Tables 1 and 2)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

COLOURS = {
    "head": "#17406b",
    "branch_director": "#4d88b8",
    "specialist": "#a9c9e2",
    "temporary": "#ffffff",
}
HATCHES = {"temporary": "//////"}


def table(
    staff: pd.DataFrame, posts: pd.DataFrame, *, year_from: int, year_to: int
) -> pd.DataFrame:
    """One row a mark.

    staff: processed/staff. posts: processed/posts, of the last year of staff. Returns mark, year,
    post, staff, rows (the printed one); marks: `year` (a bar) and `post` (a segment of the last year's
    staff).
    """
    years = staff.loc[staff["year"].between(year_from, year_to), ["year", "staff", "source"]]
    marks = pd.concat(
        [
            years.assign(mark="year"),
            posts[["post", "staff", "source"]].assign(mark="post", year=staff["year"].max()),
        ],
        ignore_index=True,
    )
    marks = marks.rename(columns={"source": "rows"})
    return marks[["mark", "year", "post", "staff", "rows"]].astype(
        {"year": "Int64", "staff": "Int64"}
    )


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Left a bar a year, right the posts of the last year; both on one scale."""
    years, posts = (table[table["mark"] == mark] for mark in ("year", "post"))
    figure = Figure(figsize=(10, 5.4))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[2.1, 1])
    bars = left.bar(
        years["year"].astype(int), years["staff"].astype(int), width=0.75, color=COLOURS["branch_director"],
        label="year",
    )  # fmt: skip
    left.bar_label(bars, padding=2)
    left.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    left.set_title(labels["staff.panel.years"])
    left.set_ylabel(labels["staff.axis"])
    below = 0
    for row in posts.itertuples():
        right.bar(
            0, row.staff, bottom=below, width=0.75, color=COLOURS[row.post],
            hatch=HATCHES.get(row.post), edgecolor=style.QUIET, linewidth=0.6, label=row.post,
        )  # fmt: skip
        right.text(
            0.48, below + row.staff / 2, f"{labels.number(row.staff)}  {labels['staff.post.' + row.post]}",
            va="center", linespacing=1.2,
        )  # fmt: skip
        below += row.staff
    right.set(xlim=(-0.5, 2.6), xticks=[0], xticklabels=[str(posts["year"].iloc[0])])
    right.set_title(labels["staff.panel.posts"])
    for axis in (left, right):
        axis.set_ylim(0, max(years["staff"].max(), below) * 1.1)
        axis.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    style.despine(left)
    style.despine(right, "left")
    right.tick_params(axis="y", length=0)
    right.spines["bottom"].set_bounds(-0.5, 0.5)
    figure.subplots_adjust(left=0.06, right=0.985, top=0.76, bottom=0.2, wspace=0.06)
    facts = _facts(table)
    style.head(figure, labels["staff.title"], labels.fill("staff.subtitle", **facts), top=0.96)
    style.foot(figure, labels["staff.foot"], bottom=0.03)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: first, last, lowest and highest year, then the posts."""
    posts = [
        f"{labels['staff.post.' + row.post]} {labels.number(row.staff)}".replace("\n", " ")
        for row in table[table["mark"] == "post"].itertuples()
    ]
    return labels.fill("staff.alt", posts=labels.listing(posts), **_facts(table))


def _facts(table: pd.DataFrame) -> dict:
    years = table[table["mark"] == "year"].set_index("year")["staff"]
    posts = table[table["mark"] == "post"]
    return {
        "first": years.index[0],
        "last": years.index[-1],
        "from": years.iloc[0],
        "to": years.iloc[-1],
        "low": years.min(),
        "low_year": years.idxmin(),
        "high": years.max(),
        "high_year": years.idxmax(),
        "whole": posts["staff"].sum(),
        "posts_year": posts["year"].iloc[0],
        "temporary": posts.loc[posts["post"] == "temporary", "staff"].sum(),
    }


FIGURE = Record(
    __name__,
    describe,
    printed={"year": "staff", "post": "staff"},
    readings=(
        reads("year", "bars", (0,), x="year", height="staff", beside="#staff", panel="[staff.panel.years]"),
        reads("post", "bars", (1,), height="staff", column="{year}", panel="[staff.panel.posts]",
              beside="{staff} [staff.post.{post}]"),
    ),
)  # fmt: skip
