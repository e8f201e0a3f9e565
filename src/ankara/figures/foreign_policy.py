"""City diplomacy beside foreign policy: the named contrasts, two shares a line."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib import contrasts
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

ROW = 0.37  # inches
NAMES, PANEL = 2.05, 1.9  # inches: the names' column, and the shares'
OUTCOMES = {
    "as_expected": style.INK,
    "not_as_expected": style.ACCENT,
    "after_the_fact": style.QUIET,
    "no_direction": style.QUIET,
    "nothing_to_compare": style.QUIET,
}
_SIDE = ["level", "form", "year_from", "year_to"]
_CONTRAST = ["name", "title", "title_tr", *_SIDE, *(f"against_{name}" for name in _SIDE)]
_COUNTED = ["agreements", "of", "share", "against_agreements", "against_of", "against_share"]
_ROWS = ["against_rows", "rows"]


def table(compared: pd.DataFrame, *, region_scheme: str) -> pd.DataFrame:
    """One row a mark.

    compared: contrasts.compare of the selected agreements. region_scheme: the one under which they were
    classified. Returns mark, scheme, name, title, title_tr, both sides of a contrast, counts, shares,
    weight (main, beside or no_direction), margin, outcome, against_rows and rows (the agreements counted
    on either side); marks: `contrast` (two dots).
    """
    named = compared[[*_CONTRAST, *_COUNTED, "margin", "outcome", *_ROWS]].replace({"": pd.NA})
    named = named.assign(weight=[contrasts.weight(row) for row in compared.itertuples()])
    columns = ["mark", "scheme", *_CONTRAST, *_COUNTED, "weight", "margin", "outcome", *_ROWS]
    ends = ("agreements", "of", "_from", "_to", "margin")
    whole = [name for name in columns if name.endswith(ends)]
    marks = named.assign(mark="contrast", scheme=region_scheme).reindex(columns=columns)
    return marks.astype(dict.fromkeys(whole, "Int64")).reset_index(drop=True)


def headline(table: pd.DataFrame, labels: Labels) -> str:
    """The largest contrast that carries the argument, in counts, and how many are as expected."""
    main = table[table["weight"] == "main"]
    gap = (main["share"] - main["against_share"]).abs().dropna()
    if gap.empty:
        return labels["foreign.title.none"]
    row = main.loc[gap.idxmax()]
    first, other = sides(row, labels)
    return labels.fill(
        "foreign.title.some", title=_title(row, labels), first=first, other=other, row=row, main=len(main),
        held=int((main["outcome"] == "as_expected").sum()),
    )  # fmt: skip


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Two dots a contrast. Full: the first side; hollow: the other, from which the arrow points."""
    tall = ROW * (len(table) + 0.7 * table["weight"].nunique())
    known = _facts(table)
    texts = (labels.fill("foreign.subtitle", **known), labels["foreign.foot"])
    figure = style.page(tall + 0.3, headline(table, labels), *texts)
    axis = figure.add_axes(style.box(figure, NAMES, 0.25, PANEL, tall), label="contrasts")
    look = {
        "va": "center", "transform": axis.get_yaxis_transform(), "fontsize": style.SMALL,
        "linespacing": style.LINE,
    }  # fmt: skip
    line = -1.0
    for weight, rows in table.groupby("weight", sort=False):
        line += 0.7
        heading = labels[f"foreign.weight.{weight}"]
        axis.text(-NAMES / PANEL, line + 0.2, heading, color=style.QUIET, **look)
        for row in rows.itertuples():
            line += 1
            _pair(axis, line, row, labels, look)
    axis.set(yticks=[], ylim=(line + 0.5, -0.6), xlim=(-0.04, 1.04))
    shares = [0, 0.25, 0.5, 0.75, 1]
    axis.set_xticks(shares, [labels.fill("foreign.tick", share=share) for share in shares])
    style.despine(axis, "left")
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: every contrast."""
    said = [labels.fill("foreign.alt", **_facts(table))]
    for row in table.itertuples():
        first, other = sides(row, labels)
        outcome = labels[f"foreign.outcome.{row.outcome}"]
        values = {"title": _title(row, labels), "first": first, "other": other, "outcome": outcome}
        said.append(labels.fill("foreign.alt.contrast", row=row, **values))
    return " ".join(said)


def sides(contrast, labels: Labels) -> tuple[str, str]:
    """What tells the two sides of a contrast apart, in words: levels, forms or years."""
    said = []
    for prefix in ("", "against_"):
        words = []
        for column, room in (("level", "level"), ("form", "foreign.form")):
            value = getattr(contrast, prefix + column)
            if value != "all":
                words.append(labels[f"{room}.{value}"])
        years = [int(getattr(contrast, f"{prefix}year_{end}")) for end in ("from", "to")]
        words.append(labels.fill("foreign.years", first=years[0], last=years[1]))
        said.append(words)
    if len(said[0]) == len(said[1]):
        pairs = list(zip(*said, strict=True))
        different = [pair for pair in pairs if pair[0] != pair[1]]
        said = [list(words) for words in zip(*different, strict=True)]
    return ", ".join(said[0]), ", ".join(said[1])


def _facts(table: pd.DataFrame) -> dict:
    return {"contrasts": len(table), "main": int((table["weight"] == "main").sum())}


def _title(row, labels: Labels) -> str:
    return getattr(row, labels.column("title"))


def _pair(axis, line: float, row, labels: Labels, look: dict) -> None:
    colour = OUTCOMES[row.outcome]
    first, other = sides(row, labels)
    axis.axhline(line, color=style.HAIR, linewidth=0.6, zorder=0)
    name = f"{style.wrap(_title(row, labels), NAMES - 0.1, style.SMALL)}\n● {first}  ○ {other}"
    axis.text(-NAMES / PANEL, line, name, **look)
    if pd.notna(row.share) and pd.notna(row.against_share):
        arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.4, "shrinkA": 4, "shrinkB": 4}
        axis.annotate("", (row.share, line), (row.against_share, line), arrowprops=arrow)
    for share, fill in ((row.against_share, style.PAPER), (row.share, colour)):
        if pd.notna(share):
            axis.scatter(share, line, s=46, color=fill, edgecolor=colour, zorder=3)
    counts = labels.fill("foreign.counts", row=row)
    said = [labels[f"foreign.outcome.{row.outcome}"]] if row.outcome != "no_direction" else []
    if pd.notna(row.margin):
        said.append(labels.fill("foreign.turns", margin=row.margin))
    axis.text(1 + 0.14 / PANEL, line, f"{counts}\n{', '.join(said)}".strip(), color=colour, **look)


COUNTS = "● {agreements}/{of} ○ {against_agreements}/{against_of}…"
PAIR = {"row": "{title*} …", "tone": COUNTS}
APART = {"against_share.notna() and share != against_share": True}
FIGURE = Record(
    __name__, describe, counted={"agreements": "rows", "against_agreements": "against_rows"},
    again=("contrast",),
    readings=(
        reads("contrast", "dots", (0,), x="share", form="full", **PAIR),
        reads("contrast", "dots", (0,), x="against_share", form="hollow", **PAIR),
        reads("contrast", "areas", (0,), APART, x="share", **PAIR),
        reads("contrast", "texts", (0,), row="{title*} …",
              said=COUNTS),
    ),
)  # fmt: skip
