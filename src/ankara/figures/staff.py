"""A department's staff by year and by post (the article's Tables 1 and 2)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from diplolib.figures import shared
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
    years = staff.loc[staff["year"].between(year_from, year_to)].assign(mark="year")
    last = posts.assign(mark="post", year=staff["year"].max())
    marks = pd.concat([years, last], ignore_index=True).rename(columns={"source": "rows"})
    marks = marks[["mark", "year", "post", "staff", "rows"]]
    return marks.astype({"year": "Int64", "staff": "Int64"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """The staff of the first and the last year, and how many of the last are temporary."""
    return labels.fill("staff.title", **_facts(table))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Left a bar a year, right the posts of the last year; both on one scale."""
    years, posts = (table[table["mark"] == mark] for mark in ("year", "post"))
    figure = style.page(2.3, title(table, labels), labels["staff.subtitle"], labels["staff.foot"])
    left, right = (
        figure.add_axes(style.box(figure, x, 0.25, wide, 2)) for x, wide in ((0, 3.75), (3.85, 2.2))
    )
    bars = left.bar(
        years["year"].astype(int), years["staff"].astype(int), width=0.75, color=COLOURS["branch_director"],
        label="year",
    )  # fmt: skip
    left.bar_label(bars, padding=2)
    left.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    top = 1.1 * max(years["staff"].max(), posts["staff"].sum())
    below, line = 0, -top
    for row in posts.itertuples():
        right.bar(
            0, row.staff, bottom=below, width=0.75, color=COLOURS[row.post],
            hatch=HATCHES.get(row.post), edgecolor=style.QUIET, linewidth=0.6, label=row.post,
        )  # fmt: skip
        line = max(line + 0.08 * top, below + row.staff / 2)  # names keep a line's distance
        right.text(
            0.48, line, f"{labels.number(row.staff)}  {labels['staff.post.' + row.post]}",
            va="center", linespacing=style.LINE,
        )  # fmt: skip
        below += row.staff
    right.set(xlim=(-0.5, 3.6), xticks=[0], xticklabels=[str(posts["year"].iloc[0])])
    for axis in (left, right):
        axis.set(ylim=(0, top), yticks=[])
        axis.tick_params(length=0)
        style.despine(axis, "left")
    right.spines["bottom"].set_bounds(-0.5, 0.5)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: first, last, lowest and highest year, then the posts."""
    posts = table[table["mark"] == "post"]
    names = (labels[f"staff.post.{post}"].replace("\n", " ") for post in posts["post"])
    listed = shared.counts(names, posts["staff"], labels)
    return labels.fill("staff.alt", posts=listed, **_facts(table))


def _facts(table: pd.DataFrame) -> dict:
    years = table[table["mark"] == "year"].set_index("year")["staff"]
    posts = table[table["mark"] == "post"]
    return {
        "first": years.index[0], "last": years.index[-1], "from": years.iloc[0], "to": years.iloc[-1],
        "low": years.min(), "low_year": years.idxmin(), "high": years.max(), "high_year": years.idxmax(),
        "whole": posts["staff"].sum(), "posts_year": posts["year"].iloc[0],
        "temporary": posts.loc[posts["post"] == "temporary", "staff"].sum(),
    }  # fmt: skip


FIGURE = Record(__name__, describe, printed={"year": "staff", "post": "staff"}, readings=(
    reads("year", "bars", (0,), x="year", height="staff", beside="#staff", alike="year"),
    reads("post", "bars", (1,), height="staff", column="{year}", alike="{post}",
          beside="{staff} [staff.post.{post}]"),
))  # fmt: skip
