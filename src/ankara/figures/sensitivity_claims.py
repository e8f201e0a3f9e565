"""Which recounted statements stand whatever one chooses, and which turn, on which choice."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ankara.ledger.shown import published, recomputed
from ankara.specifications.turns import ALWAYS, NEVER, TURNS
from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, count, values
from nbproof.labels import Labels

FIXED = "fixed_true"
# Told apart in grey too.
GROUPS = {FIXED: "#17406b", ALWAYS: "#7fa7c9", TURNS: "#f0b35a", NEVER: "#ffffff"}
HATCHES = {NEVER: "//////"}
ROW = 0.27  # inches
COLUMNS = [
    "mark", "group", "claims", "id", "claim", "claim_tr", "claimed", "claimed_tr", "unit",
    "recomputed", "recomputed_tr", "holds",
    "low", "high", "choice", "alone", "rows",
]  # fmt: skip


def table(turned: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """One row a mark.

    turned: specifications.turns. ledger: processed/claims. Returns COLUMNS; marks: `group` (claims:
    how many statements are reproduced and touched by no choice, stand always, turn or never hold),
    `claim` (a statement that turns: value as defined, range where it is a number) and `flip` (a choice
    that turns it: alone, or only with another one). rows: the statements, and of a `claim` those rows
    too that decide it as defined.
    """
    of_claims = turned[turned["scope"] == "claim"]
    group = of_claims["stands"].mask(
        of_claims["stands"].eq(ALWAYS) & of_claims["choices"].eq(""), FIXED
    )
    counts = group.value_counts().reindex(list(GROUPS), fill_value=0)
    stated = of_claims["id"].map(ledger.set_index("id")["source"])
    groups = counts.rename_axis("group").reset_index(name="claims").assign(mark="group")
    groups["rows"] = groups["group"].map(stated.groupby(group).agg(";".join))
    shared = [name for name in COLUMNS if name in ledger and name != "id"]
    said = ledger[["id", *shared, "source"]]
    said = said.assign(rows=references.several(ledger["source"], ledger["rows"]))
    rows = of_claims[of_claims["stands"] == TURNS]
    rows = (
        rows[["id", "holds", "low", "high", "alone", "together"]]
        .merge(said, on="id")
        .sort_values("holds", ascending=False, kind="stable")
    )
    flips = pd.DataFrame(
        [
            {"id": row.id, "choice": choice, "alone": alone, "holds": row.holds, "rows": row.source}
            for row in rows.itertuples()
            for choice, alone in choices(row).items()
        ]
    )
    marks = [groups, rows.assign(mark="claim").drop(columns=["alone"]), flips.assign(mark="flip")]
    marks = pd.concat(marks, ignore_index=True).reindex(columns=COLUMNS)
    return marks.astype({"claims": "Int64", "alone": "boolean", "holds": "boolean"})


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a bar of groups, below a line a statement with a dot under each choice that turns it."""
    groups, claims, flips = (table[table["mark"] == mark] for mark in ("group", "claim", "flip"))
    below = ROW * (len(claims) + 4)
    height = 4.5 + below
    figure = Figure(figsize=(10, height))
    bar = figure.add_axes((0.06, 1 - 2.2 / height, 0.91, 0.42 / height))
    _groups(bar, groups, labels)
    matrix = figure.add_axes((0.66, 0.7 / height, 0.315, below / height))
    _matrix(matrix, claims, flips, labels)
    facts = _facts(table)
    subtitle = labels.fill("sensitivity.claims.subtitle", **facts)
    style.head(figure, labels["sensitivity.claims.title"], subtitle, top=1 - 0.2 / height)
    look = {"fontsize": 10, "fontweight": "bold"}
    figure.text(0.06, 1 - 1.2 / height, labels["sensitivity.claims.panel.groups"], **look)
    panel = labels.fill("sensitivity.claims.panel.turns", n=len(claims))
    figure.text(0.06, 1 - 3.05 / height, panel, **look)
    style.foot(figure, labels["sensitivity.claims.foot"], bottom=0.12 / height)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the groups, then each statement that turns, and on what."""
    flips = table[table["mark"] == "flip"]
    turned = [
        labels.fill(
            "sensitivity.claims.alt_claim",
            claim=_claim(row, labels).rstrip("."),
            values=_values(row, labels),
            choices=labels.listing(
                labels[f"sensitivity.choice.{choice}"]
                for choice in flips.loc[flips["id"] == row.id, "choice"]
            ),
        )
        for row in table[table["mark"] == "claim"].itertuples()
    ]
    return labels.fill("sensitivity.claims.alt", turned=" ".join(turned), **_facts(table))


def choices(row) -> dict[str, bool]:
    """The choices that turn a result (a row of specifications.turns), and whether each does alone."""
    alone = [change.partition("=")[0] for change in row.alone.split(";") if change]
    sets = [change for change in row.together.replace("+", ";").split(";") if change]
    together = [change.partition("=")[0] for change in sets]
    return dict.fromkeys(together, False) | dict.fromkeys(alone, True)


def _facts(table: pd.DataFrame) -> dict:
    n = table[table["mark"] == "group"].set_index("group")["claims"].astype(int)
    return {
        "checkable": int(n.sum()),
        "true": int(n[FIXED] + n[ALWAYS]),
        "never": int(n[NEVER]),
        "turns": int(n[TURNS]),
    }


def _claim(row, labels: Labels) -> str:
    return getattr(row, labels.column("claim"))


def _values(row, labels: Labels) -> str:
    between = ""
    if pd.notna(row.low) and row.low != row.high:
        low, high = (labels.number(value, "0.##") for value in (row.low, row.high))
        between = labels.fill("sensitivity.claims.range", low=low, high=high)
    said = {"published": published(row, labels), "recomputed": recomputed(row, labels)}
    said = {name: _short(text) for name, text in said.items()}
    return labels.fill("sensitivity.claims.values", range=between, **said)


def _short(text: str) -> str:
    shortened = textwrap.shorten(text, 24, placeholder=" …")
    return shortened + "”" if shortened.startswith("“") > shortened.endswith("”") else shortened


def _groups(axis, groups: pd.DataFrame, labels: Labels) -> None:
    left = 0
    handles = []
    for row in groups.itertuples():
        n = int(row.claims)
        bars = axis.barh(
            0, n, left=left, height=1, color=GROUPS[row.group], hatch=HATCHES.get(row.group),
            edgecolor=style.QUIET, linewidth=0.5,
            label=labels[f"sensitivity.claims.group.{row.group}"],
        )  # fmt: skip
        handles.append(bars)
        axis.text(
            left + n / 2, 0, labels.number(n), ha="center", va="center", fontsize=10,
            fontweight="bold", color=style.PAPER if row.group == FIXED else style.INK,
            bbox={"boxstyle": "square,pad=0.15", "facecolor": GROUPS[row.group], "edgecolor": "none"},
        )  # fmt: skip
        left += n
    axis.set_xlim(0, left)
    axis.set_yticks([])
    axis.set_xlabel(labels["sensitivity.claims.axis"], fontsize=8.5, labelpad=1)
    axis.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.005, 1.02), ncols=2, fontsize=8.5,
        borderaxespad=0, handlelength=1.2, columnspacing=1.3,
    )  # fmt: skip
    style.despine(axis, "left")


def _matrix(axis, claims: pd.DataFrame, flips: pd.DataFrame, labels: Labels) -> None:
    """Columns: the choices, the one that turns most statements first."""
    order = flips.groupby("choice")["id"].nunique().sort_values(ascending=False, kind="stable")
    columns = {choice: place for place, choice in enumerate(order.index)}
    look = {"va": "center", "transform": axis.get_yaxis_transform(), "fontsize": 7.5}
    line = -1.0
    for holds, some in claims.groupby("holds", sort=False):
        line += 1.4
        heading = labels[f"sensitivity.claims.heading.{'true' if holds else 'false'}"]
        axis.text(
            -1.905, line, heading, style="italic", color=style.QUIET, **look | {"fontsize": 8.5}
        )
        for row in some.itertuples():
            line += 1
            axis.axhline(line, color=style.HAIR, linewidth=0.5, zorder=0)
            claim = textwrap.shorten(_claim(row, labels), 64, placeholder=" …")
            axis.text(-1.905, line, style.plain(claim), **look)
            axis.text(-0.03, line, style.plain(_values(row, labels)), ha="right", **look)
            own = flips[flips["id"] == row.id]
            axis.scatter(
                own["choice"].map(columns), [line] * len(own), s=34, marker="s", zorder=3,
                color=[style.INK if alone else style.PAPER for alone in own["alone"]],
                edgecolor=style.INK, gid=row.id,
            )  # fmt: skip
    names = [labels[f"sensitivity.choice.{choice}"] for choice in columns]
    axis.set_xticks(range(len(columns)), names, rotation=90, fontsize=8, color=style.INK)
    axis.xaxis.tick_top()
    axis.tick_params(axis="both", length=0)
    axis.set_yticks([])
    axis.set_xlim(-0.6, len(columns) - 0.4)
    axis.set_ylim(line + 0.8, -0.6)
    for place in range(len(columns)):
        axis.axvline(place, color=style.HAIR, linewidth=0.3, zorder=0)
    values = labels["sensitivity.claims.column.values"]
    axis.text(-0.03, -0.95, values, ha="right", color=style.QUIET, **look)
    square = {"marker": "s", "linestyle": "", "markersize": 6, "markeredgecolor": style.INK}
    handles = [
        Line2D([], [], **square, markerfacecolor=fill, label=labels[f"sensitivity.claims.{name}"])
        for name, fill in (("alone", style.INK), ("together", style.PAPER))
    ]
    axis.figure.legend(
        handles=handles, loc="upper left", fontsize=8.5, ncols=2,
        bbox_to_anchor=(0.052, 1 - 3.1 / axis.figure.get_figheight()), borderaxespad=0,
    )  # fmt: skip
    style.despine(axis, "left", "bottom")


FIGURE = Record(
    __name__,
    describe,
    counted={"claims": "rows"},
    rules=(
        Rule("widths", (0,), values("group", "claims")),
        Rule("number of markers", (1,), count("flip")),
    ),
)
