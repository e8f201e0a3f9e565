"""The ledger of claims: verdicts by kind of statement, and the counts that differ."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ankara.ledger.shown import verdict
from ankara.ledger.verdicts import NOT_CHECKABLE, NOT_REPRODUCED, VERDICTS, number
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

# Told apart in grey too: dark, light, middle, hatched.
COLOURS = dict(zip(VERDICTS, ["#17406b", "#a9c9e2", "#c65d1b", "#ffffff"], strict=True))
HATCHES = {NOT_CHECKABLE: "//////"}


def table(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row a mark.

    ledger: processed/claims. Returns mark, kind, verdict, claims, id, claim, claim_tr, published,
    recomputed, difference, exact, exact_tr, rows; marks: `verdict` (a segment: how many statements of a
    kind have a verdict) and `difference` (a count that no reading gives, the weightiest first). exact:
    what accounts for the difference to the last unit. rows: the statements counted, or the statement
    and what decides it.
    """
    counts = references.counted(ledger, ["kind", "verdict"], "claims", "source")
    order = counts.groupby("kind")["claims"].sum().sort_values(ascending=False, kind="stable").index
    cells = pd.MultiIndex.from_product([order, VERDICTS], names=["kind", "verdict"])
    segments = counts.set_index(cells.names).reindex(cells).fillna({"claims": 0}).reset_index()
    differs = ledger[
        (ledger["kind"] == "count")
        & (ledger["verdict"] == NOT_REPRODUCED)
        & ledger["difference"].notna()
    ]
    differs = differs.sort_values("order", kind="stable").assign(
        published=differs["claimed"].map(number),
        recomputed=differs["recomputed"].map(number),
        rows=references.several(differs["source"], differs["rows"]),
    )
    marks = [segments.assign(mark="verdict"), differs.assign(mark="difference")]
    marks = pd.concat(marks, ignore_index=True)
    columns = ["mark", "kind", "verdict", "claims", "id", "claim", "claim_tr"]
    whole = ["published", "recomputed", "difference"]
    marks = marks[[*columns, *whole, "exact", "exact_tr", "rows"]]
    return marks.astype(dict.fromkeys(["claims", *whole], "Int64"))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a stacked bar a kind, below a dumbbell a count."""
    segments, differs = (table[table["mark"] == mark] for mark in ("verdict", "difference"))
    figure = Figure(figsize=(10, 10.6))
    above = figure.add_axes((0.2, 0.645, 0.77, 0.215))
    below = figure.add_axes((0.5, 0.1, 0.47, 0.415))
    _verdicts(above, segments, labels)
    _differences(below, differs, labels)
    subtitle = labels.fill("claims.figure.subtitle", **_facts(table))
    style.head(figure, labels["claims.figure.title"], subtitle)
    look = {"fontsize": 10, "fontweight": "bold"}
    figure.text(0.06, 0.895, labels["claims.figure.panel.verdicts"], **look)
    figure.text(0.06, 0.56, labels["claims.figure.panel.differences"], **look)
    style.foot(figure, labels["claims.figure.foot"])
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: each kind's verdicts, then each count that differs."""
    kinds = [
        labels.fill(
            "claims.figure.alt_kind",
            kind=labels[f"claims.kind.{kind}"],
            counts=labels.listing(
                f"{verdict(row.verdict, labels)} {labels.number(row.claims)}"
                for row in rows.itertuples()
                if row.claims
            ),
        )
        for kind, rows in table[table["mark"] == "verdict"].groupby("kind", sort=False)
    ]
    differences = []
    for row in table[table["mark"] == "difference"].itertuples():
        values = {"claim": _claim(row, labels), "recomputed": row.recomputed}
        differences.append(labels.fill("claims.figure.alt_difference", **values))
        if exact := _exact(row, labels):
            differences.append(labels.fill("claims.figure.exact", count=exact))
    return labels.fill(
        "claims.figure.alt",
        n=_facts(table)["n"],
        kinds=" ".join(kinds),
        differences=" ".join(differences).removesuffix(".") or labels["claims.none"],
    )


def _facts(table: pd.DataFrame) -> dict:
    segments = table[table["mark"] == "verdict"]
    n = int(segments["claims"].sum())
    unchecked = segments.loc[segments["verdict"] == NOT_CHECKABLE, "claims"].sum()
    return {"n": n, "checkable": n - int(unchecked)}


def _claim(row, labels: Labels) -> str:
    return getattr(row, labels.column("claim"))


def _exact(row, labels: Labels) -> str:
    exact = getattr(row, labels.column("exact"))
    return "" if pd.isna(exact) else exact


def _verdicts(axis, segments: pd.DataFrame, labels: Labels) -> None:
    kinds = list(segments["kind"].unique())
    left = dict.fromkeys(kinds, 0)
    for name in VERDICTS:
        rows = segments[segments["verdict"] == name]
        counts = rows["claims"].astype(int).tolist()
        axis.barh(
            range(len(kinds)), counts, left=[left[kind] for kind in kinds], height=0.7,
            color=COLOURS[name], hatch=HATCHES.get(name), edgecolor=style.QUIET, linewidth=0.5,
            label=verdict(name, labels),
        )  # fmt: skip
        for position, (kind, n) in enumerate(zip(kinds, counts, strict=True)):
            if n > 1:
                axis.text(
                    left[kind] + n / 2, position, labels.number(n), ha="center", va="center",
                    fontsize=8.5, color=style.PAPER if name == VERDICTS[0] else style.INK,
                    bbox={"boxstyle": "square,pad=0.12", "facecolor": COLOURS[name], "edgecolor": "none"},
                )  # fmt: skip
            left[kind] += n
    axis.set_yticks(
        range(len(kinds)), [labels[f"claims.kind.{kind}"] for kind in kinds], color=style.INK
    )
    axis.invert_yaxis()
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axis.set_xlabel(labels["claims.figure.axis.verdicts"])
    axis.legend(
        loc="lower left", bbox_to_anchor=(-0.005, 0.99), ncols=4, fontsize=8.5, borderaxespad=0,
        handlelength=1.2, columnspacing=1.3,
    )  # fmt: skip
    style.despine(axis, "left")
    axis.tick_params(axis="y", length=0)


def _differences(axis, differs: pd.DataFrame, labels: Labels) -> None:
    positions = range(len(differs))
    said, again = differs["published"].astype(int), differs["recomputed"].astype(int)
    axis.hlines(positions, said, again, color=style.HAIR, linewidth=3, zorder=1)
    axis.scatter(
        said, positions, s=46, facecolor=style.PAPER, edgecolor=style.INK, zorder=3,
        label="published",
    )  # fmt: skip
    axis.scatter(
        again, positions, s=46, color=COLOURS[NOT_REPRODUCED], zorder=2, label="recomputed"
    )
    for position, one, other in zip(positions, said, again, strict=True):
        for value, side in ((one, one - other), (other, other - one)):
            axis.annotate(
                labels.number(value), (value, position), xytext=(7 if side > 0 else -7, 0),
                textcoords="offset points", ha="left" if side > 0 else "right", va="center",
                fontsize=8.5, fontweight="bold" if value == other else "normal",
            )  # fmt: skip
    for position, row in enumerate(differs.itertuples()):
        axis.annotate(
            _exact(row, labels), (max(row.published, row.recomputed), position), xytext=(26, 0),
            textcoords="offset points", va="center", fontsize=8, color=style.QUIET, style="italic",
        )  # fmt: skip
    texts = [textwrap.fill(style.plain(_claim(row, labels)), 62) for row in differs.itertuples()]
    axis.set_yticks(positions, texts, fontsize=8, color=style.INK, linespacing=1.15)
    axis.set_ylim(len(differs) - 0.4, -0.6)
    most = max([1, *said, *again])
    axis.set_xlim(-0.05 * most, 1.08 * most)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axis.set_xlabel(labels["claims.figure.axis.differences"])
    look = {"marker": "o", "linestyle": "", "markersize": 6.5, "markeredgecolor": style.INK}
    handles = [
        Line2D([], [], **look, markerfacecolor=style.PAPER, label=labels["claims.figure.published"]),
        Line2D(
            [], [], **look | {"markeredgecolor": COLOURS[NOT_REPRODUCED]},
            markerfacecolor=COLOURS[NOT_REPRODUCED], label=labels["claims.figure.recomputed"],
        ),
    ]  # fmt: skip
    axis.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, fontsize=8.5
    )
    style.despine(axis, "left")
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x", color=style.HAIR, linewidth=0.5)
    axis.set_axisbelow(True)


FIGURE = Record(
    __name__,
    describe,
    counted={"claims": "rows"},
    more="ankara.evidence:with_statements",
    readings=(
        reads("verdict", "bars", (0,), row="[claims.kind.{kind}]", colour="[claims.verdict.{verdict}]",
              width="claims", beside="#claims?"),
        *(reads("difference", "dots", (1,), row="{claim*}", colour=f"[claims.column.{number}]", x=number,
                beside=f"#{number}") for number in ("published", "recomputed")),
    ),
)  # fmt: skip
