"""The ledger of claims: verdicts by kind of statement, and the counts that differ."""

import math

import pandas as pd
from matplotlib.figure import Figure

from ankara.ledger.shown import verdict
from ankara.ledger.verdicts import NOT_CHECKABLE, NOT_REPRODUCED, VERDICTS, number
from diplolib.figures import shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

# Told apart in grey too: dark, light, middle, hatched.
COLOURS = dict(zip(VERDICTS, ["#17406b", "#a9c9e2", "#c65d1b", "#ffffff"], strict=True))
HATCHES = {NOT_CHECKABLE: "//////"}
ROW, LINE = 0.24, 0.145  # inches: a kind's bar, and a line of text
NAMES, BARS = 1.2, 4.8  # inches
# Where a count that differs has its statement, both numbers and its bar, in inches
CLAIM, PUBLISHED, AGAIN, BAR = 3.3, 3.9, 4.85, 1.1


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
    wanted = ledger["kind"].eq("count") & ledger["verdict"].eq(NOT_REPRODUCED)
    differs = ledger[wanted & ledger["difference"].notna()]
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


def title(table: pd.DataFrame, labels: Labels) -> str:
    """How many of the statements that can be checked come out, and how many do not."""
    return labels.fill("claims.figure.title", **_facts(table))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a stacked bar a kind; below a line a count that differs, with a bar from nought."""
    segments, differs = (table[table["mark"] == mark] for mark in ("verdict", "difference"))
    texts = [_text(row, labels) for row in differs.itertuples()]
    lines = [text.count("\n") + 1.6 for text in texts]
    bars, rows = ROW * segments["kind"].nunique(), LINE * math.fsum(lines)
    subtitle = labels.fill("claims.figure.subtitle", **_facts(table))
    figure = style.page(
        bars + rows + 0.78, title(table, labels), subtitle, labels["claims.figure.foot"]
    )
    above = figure.add_axes(style.box(figure, NAMES, rows + 0.55, BARS, bars))
    below = figure.add_axes(style.box(figure, AGAIN + 0.1, 0.05, BAR, max(rows, LINE)))
    _verdicts(above, segments, labels)
    for name, x in (("differences", 0), ("published", PUBLISHED), ("recomputed", AGAIN)):
        figure.text(
            *style.box(figure, x, rows + 0.15, 0, 0)[:2], labels[f"claims.figure.{name}"],
            ha="right" if x else "left", fontsize=style.SMALL, color=style.QUIET,
        )  # fmt: skip
    _differences(below, differs, texts, lines, labels)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: each kind's verdicts, then each count that differs."""
    kinds = []
    for kind, rows in table[table["mark"] == "verdict"].groupby("kind", sort=False):
        given = rows[rows["claims"] > 0]
        names = (verdict(name, labels) for name in given["verdict"])
        said = {"kind": labels[f"claims.kind.{kind}"]}
        said["counts"] = shared.counts(names, given["claims"], labels)
        kinds.append(labels.fill("claims.figure.alt_kind", **said))
    differences = []
    for row in table[table["mark"] == "difference"].itertuples():
        values = {"claim": _claim(row, labels), "recomputed": row.recomputed}
        differences.append(labels.fill("claims.figure.alt_difference", **values))
        if exact := _exact(row, labels):
            differences.append(labels.fill("claims.figure.exact", count=exact))
    said = {"n": _facts(table)["n"], "kinds": " ".join(kinds)}
    said["differences"] = " ".join(differences).removesuffix(".") or labels["claims.none"]
    return labels.fill("claims.figure.alt", **said)


def _facts(table: pd.DataFrame) -> dict:
    n = table[table["mark"] == "verdict"].groupby("verdict")["claims"].sum()
    whole, differ = int(n.sum()), int(n[NOT_REPRODUCED])
    checkable = whole - int(n[NOT_CHECKABLE])
    return {"n": whole, "checkable": checkable, "differ": differ, "same": checkable - differ}


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
                    left[kind] + n / 2, position, labels.number(n), ha="center", va="center_baseline",
                    fontsize=style.SMALL, color=style.PAPER if name == VERDICTS[0] else style.INK,
                    bbox={"facecolor": style.PAPER, "linewidth": 0, "pad": 0.5} if name in HATCHES else None,
                )  # fmt: skip
            left[kind] += n
    shared.keys(axis, (-NAMES / BARS, 1.02), 4)
    shared.named(axis, [labels[f"claims.kind.{kind}"] for kind in kinds])


def _text(row, labels: Labels) -> str:
    exact = _exact(row, labels)
    said = f"{_claim(row, labels)}\n({exact})" if exact else _claim(row, labels)
    return style.plain(style.wrap(said, CLAIM, style.SMALL))


def _differences(axis, differs: pd.DataFrame, texts: list, lines: list, labels: Labels) -> None:
    top = 0
    look = {"va": "center", "fontsize": style.SMALL, "linespacing": style.LINE}
    for row, text, tall in zip(differs.itertuples(), texts, lines, strict=True):
        middle, top = top + tall / 2, top + tall
        axis.axhline(top, color=style.HAIR, linewidth=0.5, clip_on=False)
        axis.barh(
            middle, row.difference, height=0.9, color=COLOURS[NOT_REPRODUCED], label="difference"
        )
        for at, said, side in (
            (0, text, "left"), (PUBLISHED, labels.number(row.published), "right"),
            (AGAIN, labels.number(row.recomputed), "right"),
        ):  # fmt: skip
            axis.text(
                (at - AGAIN - 0.1) / BAR, middle, said, ha=side, transform=axis.get_yaxis_transform(),
                fontweight="bold" if at == AGAIN else "normal", **look,
            )  # fmt: skip
        number = f"{row.difference:+d}".replace("-", "−")
        away = 3 if row.difference > 0 else -3
        shared.beside(axis, (row.difference, middle), number, away, **look)
    most = differs["difference"].abs().max() if len(differs) else 1
    axis.set(xlim=(-1.5 * most, 1.5 * most), ylim=(max(top, 1), 0), xticks=[], yticks=[])
    axis.axvline(0, color=style.QUIET, linewidth=0.8)
    style.despine(axis, "left", "bottom")


FIGURE = Record(
    __name__, describe, counted={"claims": "rows"}, more="ankara.evidence:with_statements",
    readings=(
        reads("verdict", "bars", (0,), row="[claims.kind.{kind}]", colour="[claims.verdict.{verdict}]",
              width="claims", inside="#claims?"),
        reads("difference", "bars", (1,), row="{claim*}…", width="difference", beside="#difference"),
        *(reads("difference", "texts", (1,), row="{claim*}…", said=f"{{{number}}}",
                column=f"[claims.figure.{number}]") for number in ("published", "recomputed")),
    ),
)  # fmt: skip
