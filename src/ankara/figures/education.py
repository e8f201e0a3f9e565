"""Education of a department's staff (the article's Figure 2), and which staff its shares fit."""

import pandas as pd
from matplotlib.figure import Figure

from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

COLOURS = {"secondary": "#c9dcec", "bachelor": "#4d88b8", "postgraduate": "#17406b"}


def table(education: pd.DataFrame, posts: pd.DataFrame, *, largest: int) -> pd.DataFrame:
    """One row a mark.

    education: processed/education, shares in per cent. posts: processed/posts; its staff without the
    temporary ones is the permanent staff. largest: up to which size of staff the shares are tried.
    Returns mark, education, share, staff, fits, group, rows; marks: `share` (a segment), `size` (a
    number of staff; fits: whether whole persons give these shares, rounded to whole per cent) and
    `group` (the permanent and the whole staff of Table 1). rows: the rows of the shares tried, or of
    the staff added.
    """
    shares = education[["education", "share"]].assign(mark="share", rows=education["source"])
    sizes = pd.DataFrame({"mark": "size", "staff": range(1, largest + 1)})
    sizes["rows"] = references.joined(education["source"])
    wholes = {"permanent": posts[posts["post"] != "temporary"], "whole": posts}
    sums = [(n, own["staff"].sum(), references.joined(own["source"])) for n, own in wholes.items()]
    groups = pd.DataFrame(sums, columns=["group", "staff", "rows"]).assign(mark="group")
    tried = pd.concat([sizes, groups], ignore_index=True)
    tried["fits"] = [_fits(staff, shares["share"].tolist()) for staff in tried["staff"]]
    marks = pd.concat([shares, tried], ignore_index=True)
    columns = ["mark", "education", "share", "staff", "fits", "group", "rows"]
    return marks.reindex(columns=columns).astype(
        {"share": "Int64", "staff": "Int64", "fits": "boolean"}
    )


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Which sizes of staff the shares fit, and whether one of them is that of Table 1."""
    sizes = table[table["mark"] == "size"]
    fitting = sizes.loc[sizes["fits"], "staff"].map(labels.number)
    groups = table[table["mark"] == "group"].set_index("group")
    if fitting.empty:
        return labels.fill("education.fits.none", largest=sizes["staff"].max())
    kind = "printed" if groups["fits"].any() else "other"
    return labels.fill(
        f"education.title.{kind}", sizes=labels.listing(fitting),
        permanent=groups.loc["permanent", "staff"], whole=groups.loc["whole", "staff"],
    )  # fmt: skip


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above the shares as one bar, below each size of staff, filled where the shares fit it."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    wide = style.WIDTH - 2 * style.MARGIN
    figure = style.page(
        2.3, title(table, labels), labels["education.subtitle"], labels["education.foot"]
    )
    _shares(figure.add_axes(style.box(figure, 0, 1.5, wide, 0.4)), marks["share"], labels)
    axis = figure.add_axes(style.box(figure, 0, 0.42, wide, 0.3))
    _sizes(axis, marks["size"], marks["group"], labels)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the shares, then the sizes of staff that they fit."""
    shares = [
        f"{labels['education.level.' + row.education]} "
        + labels.fill("education.share", share=row.share / 100)
        for row in table[table["mark"] == "share"].itertuples()
    ]
    said = labels.fill("education.alt", shares=labels.listing(shares))
    return f"{said} {reading(table, labels)}"


def reading(table: pd.DataFrame, labels: Labels) -> str:
    """Which sizes of staff the shares fit, and that those of Table 1 are or are not among them."""
    sizes = table[table["mark"] == "size"]
    fitting = [labels.number(staff) for staff in sizes.loc[sizes["fits"], "staff"]]
    groups = table[table["mark"] == "group"].set_index("group")
    values = {"largest": sizes["staff"].max(), "sizes": labels.listing(fitting)}
    said = [labels.fill("education.fits" if fitting else "education.fits.none", **values)]
    for group, row in groups.iterrows():
        word = "yes" if row["fits"] else "no"
        said.append(labels.fill(f"education.{group}.{word}", n=row["staff"]))
    return " ".join(said)


def _fits(staff: int, shares: list[int]) -> bool:
    """Whether some whole persons, `staff` in all, have these shares after rounding.

    p per cent may stand for any number of persons from p - 0.5 to p + 0.5 per cent of the staff.
    """
    ranges = [(-(-staff * (2 * p - 1) // 200), staff * (2 * p + 1) // 200) for p in shares]
    if any(least > most for least, most in ranges):
        return False
    return sum(least for least, _ in ranges) <= staff <= sum(most for _, most in ranges)


def _shares(axis, shares: pd.DataFrame, labels: Labels) -> None:
    left = 0
    for row in shares.itertuples():
        axis.barh(
            0, row.share, left=left, height=0.8, color=COLOURS[row.education],
            edgecolor=style.PAPER, linewidth=1, label=row.education,
        )  # fmt: skip
        # A narrow segment's name stands under the bar, where it has room.
        above = row.share >= 15
        axis.text(
            left, 0.47 if above else -0.47, labels[f"education.level.{row.education}"],
            va="bottom" if above else "top",
        )  # fmt: skip
        axis.text(
            left + row.share / 2, 0, labels.fill("education.share", share=row.share / 100),
            ha="center", va="center", fontweight="bold",
            color=style.INK if row.education == "secondary" else style.PAPER,
        )  # fmt: skip
        left += row.share
    axis.set(xlim=(0, left), ylim=(-0.45, 0.45))
    axis.set_axis_off()


def _sizes(axis, sizes: pd.DataFrame, groups: pd.DataFrame, labels: Labels) -> None:
    for fits, colour, name in ((True, style.ACCENT, "fits"), (False, style.PAPER, "fits not")):
        rows = sizes[sizes["fits"] == fits]
        axis.scatter(
            rows["staff"].astype(int), [0] * len(rows), s=40, color=colour, edgecolor=style.QUIET,
            linewidth=0.8, zorder=3, label=name,
        )  # fmt: skip
    for number, row in enumerate(
        groups.itertuples()
    ):  # one above the other, so that both have room
        axis.annotate(
            labels[f"education.group.{row.group}"], (row.staff, 0), xytext=(0, 10 + 13 * number),
            textcoords="offset points", ha="center", color=style.QUIET,
            arrowprops={"arrowstyle": "-", "color": style.QUIET, "linewidth": 0.8, "shrinkB": 6},
        )  # fmt: skip
    axis.set(ylim=(-1, 1), xlim=(0, sizes["staff"].max() + 1), yticks=[])
    axis.set_xticks([1, *range(5, int(sizes["staff"].max()) + 1, 5)])
    axis.set_xlabel(labels["education.axis"])
    style.despine(axis, "left")


FIGURE = Record(__name__, describe, printed={"share": "share", "group": "staff"}, readings=(
    reads("share", "bars", (0,), width="share", beside="#share", alike="{education}"),
    reads("size", "dots", (1,), x="staff", form="fits=True ? full : hollow"),
))  # fmt: skip
