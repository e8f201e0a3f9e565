"""How many recounted statements turn on a choice, and on which."""

import pandas as pd
from matplotlib.figure import Figure

from ankara.ledger.shown import published, recomputed
from ankara.specifications.turns import ALWAYS, NEVER, TURNS
from diplolib.figures import shared
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

FIXED = "fixed_true"
# Told apart in grey too.
GROUPS = {FIXED: "#17406b", ALWAYS: "#7fa7c9", TURNS: "#f0b35a", NEVER: "#e9e5da"}
ALONE = {True: GROUPS[TURNS], False: style.PAPER}
ROW = 0.21  # inches


def table(turned: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """One row a mark.

    turned: specifications.turns. ledger: processed/claims. Returns mark, group, choice, alone, claims,
    rows; marks: `group` (how many statements are reproduced and touched by no choice, stand always, turn
    or never hold) and `choice` (how many statements a choice turns, alone or only with another one; a
    statement counts under each choice that turns it). rows: the statements.
    """
    of_claims = turned[turned["scope"] == "claim"]
    fixed = of_claims["stands"].eq(ALWAYS) & of_claims["choices"].eq("")
    group = of_claims["stands"].mask(fixed, FIXED)
    stated = of_claims["id"].map(ledger.set_index("id")["source"])
    groups = stated.groupby(group).agg(claims="size", rows=";".join).reindex(list(GROUPS))
    groups = groups.fillna({"claims": 0}).rename_axis("group").reset_index().assign(mark="group")
    flips = [
        (choice, alone, row.Index)
        for row in of_claims[of_claims["stands"] == TURNS].itertuples()
        for choice, alone in choices(row).items()
    ]
    flips = pd.DataFrame(flips, columns=["choice", "alone", "row"])
    flips["source"] = flips["row"].map(stated)
    counts = flips.groupby(["choice", "alone"])["source"].agg(claims="size", rows=";".join)
    counts["turned"] = counts.groupby("choice")["claims"].transform("sum")
    order = ["turned", "choice", "alone"]
    counts = counts.reset_index().sort_values(order, ascending=[False, True, False])
    marks = pd.concat([counts.assign(mark="choice"), groups], ignore_index=True)
    columns = ["mark", "group", "choice", "alone", "claims", "rows"]
    return marks.reindex(columns=columns).astype({"claims": "Int64", "alone": "boolean"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """How many statements turn, and what turns most of them."""
    known = _facts(table, labels)
    return labels.fill(f"sensitivity.claims.title.{'some' if known['turns'] else 'none'}", **known)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above what becomes of the statements, below a bar for each choice that turns some."""
    groups, counts = (table[table["mark"] == mark] for mark in ("group", "choice"))
    names = list(counts["choice"].unique())
    tall = ROW * len(names)
    known = _facts(table, labels)
    figure = style.page(
        tall + 1.25, title(table, labels), labels.fill("sensitivity.claims.subtitle", **known),
        labels["sensitivity.claims.foot"],
    )  # fmt: skip
    inner = style.WIDTH - 2 * style.MARGIN
    _groups(figure.add_axes(style.box(figure, 0, tall + 0.45, inner, 0.8)), groups, labels)
    axis = figure.add_axes(style.box(figure, 1.6, 0, inner - 1.6, tall))
    reached = dict.fromkeys(names, 0)
    for alone, rows in counts.groupby("alone", sort=False):
        bars = axis.barh(
            rows["choice"].map(names.index), rows["claims"].astype(int), height=0.66,
            left=rows["choice"].map(reached), color=ALONE[bool(alone)], edgecolor=style.QUIET, linewidth=0.6,
        )  # fmt: skip
        axis.bar_label(bars, fontsize=style.SMALL, label_type="center")
        reached |= {row.choice: reached[row.choice] + row.claims for row in rows.itertuples()}
    shared.named(axis, [labels[f"sensitivity.choice.{name}"] for name in names], 0.6)
    axis.set_xlim(0, max([*reached.values(), 1]))
    axis.text(
        0, -0.8, style.wrap(labels["sensitivity.claims.panel"], inner - 1.6, style.SMALL),
        color=style.QUIET, fontsize=style.SMALL, linespacing=style.LINE,
    )  # fmt: skip
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the groups, then each choice with the number of statements that it turns."""
    counts = table[table["mark"] == "choice"]
    turned = [
        labels.fill(
            f"sensitivity.claims.alt.{'alone' if row.alone else 'together'}",
            choice=labels[f"sensitivity.choice.{row.choice}"], n=row.claims,
        )
        for row in counts.itertuples()
    ]  # fmt: skip
    known = _facts(table, labels)
    return labels.fill("sensitivity.claims.alt.whole", turned=labels.listing(turned), **known)


def choices(row) -> dict[str, bool]:
    """The choices that turn a result (a row of specifications.turns), and whether each does alone."""
    alone = [change.partition("=")[0] for change in row.alone.split(";") if change]
    sets = [change for change in row.together.replace("+", ";").split(";") if change]
    together = [change.partition("=")[0] for change in sets]
    return dict.fromkeys(together, False) | dict.fromkeys(alone, True)


def turning(turned: pd.DataFrame, ledger: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The statements that turn: statement, published and as defined with its range, holds, choices."""
    rows = turned[(turned["scope"] == "claim") & (turned["stands"] == TURNS)]
    rows = rows.drop(columns=["rows"], errors="ignore").merge(
        ledger.drop(columns=["holds"], errors="ignore"), on="id"
    )
    found = []
    for row in rows.sort_values("holds", ascending=False, kind="stable").itertuples():
        between = ""
        if pd.notna(row.low) and row.low != row.high:
            low, high = (labels.number(value, "0.##") for value in (row.low, row.high))
            between = labels.fill("sensitivity.claims.range", low=low, high=high)
        said = {"published": published(row, labels), "recomputed": recomputed(row, labels)}
        by = {labels[f"sensitivity.choice.{name}"]: alone for name, alone in choices(row).items()}
        by = [
            name if alone else labels.fill("sensitivity.claims.with", choice=name)
            for name, alone in by.items()
        ]
        found.append((
            getattr(row, labels.column("claim")),
            labels.fill("sensitivity.claims.values", range=between, **said),
            labels[f"sensitivity.claims.holds.{'true' if row.holds else 'false'}"],
            labels.listing(by),
        ))  # fmt: skip
    return pd.DataFrame(found, columns=["claim", "values", "holds", "choices"])


def _facts(table: pd.DataFrame, labels: Labels) -> dict:
    n = table[table["mark"] == "group"].set_index("group")["claims"].astype(int)
    counts = table[table["mark"] == "choice"].groupby("choice")["claims"].sum()
    first = counts.index[counts == counts.max()]
    return {
        "checkable": int(n.sum()),
        "true": int(n[FIXED] + n[ALWAYS]),
        "never": int(n[NEVER]),
        "turns": int(n[TURNS]),
        "first": labels.listing(labels[f"sensitivity.choice.{name}"] for name in first),
        "most": int(counts.max()) if len(counts) else 0,
    }


def _groups(axis, groups: pd.DataFrame, labels: Labels) -> None:
    """One bar in four parts, each with its number, and above or below it its name."""
    left = 0
    for place, row in enumerate(groups.itertuples()):
        n = int(row.claims)
        axis.barh(
            0, n, left=left, height=1, color=GROUPS[row.group], edgecolor=style.QUIET, linewidth=0.6
        )
        if n:
            axis.text(
                left + n / 2, 0, labels.number(n), ha="center", va="center", fontweight="bold",
                color=style.PAPER if row.group == FIXED else style.INK,
            )  # fmt: skip
            above = place % 2 == 0
            axis.text(
                left if above else left + n, 0.65 if above else -0.65,
                labels[f"sensitivity.claims.group.{row.group}"], fontsize=style.SMALL,
                va="bottom" if above else "top", ha="left" if above else "right",
            )  # fmt: skip
        left += n
    axis.set(xlim=(0, left), ylim=(-1.5, 1.5))
    axis.set_axis_off()


FIGURE = Record(__name__, describe, counted={"claims": "rows"}, again=("choice",), readings=(
    reads("group", "bars", (0,), width="claims", beside="#claims", alike="{group}"),
    reads("choice", "bars", (1,), {"alone": True}, row="[sensitivity.choice.{choice}]", width="claims",
          beside="#claims", form="full"),
    reads("choice", "bars", (1,), {"alone": False}, row="[sensitivity.choice.{choice}]", width="claims",
          beside="#claims", form="hollow"),
))  # fmt: skip
