"""City diplomacy beside foreign policy: partners' regions by period, and the named contrasts."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib import contrasts
from diplolib.figures import colours, totals
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, values
from nbproof.labels import Labels

LEVELS = ["metropolitan", "district"]
# A segment with less than this share is too narrow for its number.
NARROW = 0.045
# A row of bars with fewer agreements is hollow: its shares say little.
FEW = 5
# Height of a heading among the contrasts, in rows
HEADING = 1.0
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


def table(
    classified: pd.DataFrame,
    compared: pd.DataFrame,
    periods: pd.DataFrame,
    schemes: pd.DataFrame,
    *,
    region_scheme: str,
) -> pd.DataFrame:
    """One row a mark, from the selected agreements.

    classified: rows of contrasts.classify. compared: contrasts.compare. periods: name, title, title_tr
    and source (missing where a period has none). schemes: reference/regions. region_scheme: the one
    under which `classified` was made. Returns mark, scheme, level, period, region, name, title,
    title_tr, both
    sides of a contrast, counts, shares, weight (main, beside or no_direction), margin, outcome,
    against_rows and rows (the agreements
    counted on either side, or the period's row); marks: `period` (a row of bars), `bar` (a segment:
    level, period, region), `contrast` (two dots) and `total` (each scheme's regions).
    """
    counts = contrasts.tidy(classified)
    split = (counts["level"] != "all") & (counts["period"] != "all")
    bars = counts[split & (counts["contrast"] == "region") & (counts["agreements"] > 0)]
    bars = bars.rename(columns={"group": "region"}).drop(columns=["contrast", "form"])
    rows = periods.reindex(columns=["name", "title", "title_tr", "source"])
    rows = rows.rename(columns={"name": "period", "source": "rows"})
    named = compared[[*_CONTRAST, *_COUNTED, "margin", "outcome", *_ROWS]].replace({"": pd.NA})
    named = named.assign(weight=[contrasts.weight(row) for row in compared.itertuples()])
    marks = pd.concat(
        [
            rows.assign(mark="period"),
            bars.assign(mark="bar", scheme=region_scheme),
            named.assign(mark="contrast", scheme=region_scheme),
            totals.rows(classified, schemes),
        ],
        ignore_index=True,
    )
    columns = ["mark", "scheme", "period", "region", *_CONTRAST, *_COUNTED]
    columns += ["weight", "margin", "outcome", *_ROWS]
    ends = ("agreements", "of", "_from", "_to", "margin")
    whole = [name for name in columns if name.endswith(ends)]
    return marks.reindex(columns=columns).astype(dict.fromkeys(whole, "Int64"))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above, a bar of shares a period, a panel a level; below, two dots a contrast."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    above, below = 0.46 * len(marks["period"]), 0.38 * (len(marks["contrast"]) + 3 * HEADING)
    height = 3.65 + above + below
    figure = Figure(figsize=(10, height))
    levels = [level for level in LEVELS if level in set(marks["bar"]["level"])]
    for number, level in enumerate(levels):
        bottom = 1 - (1.75 + above) / height
        axis = figure.add_axes((0.255 + 0.37 * number, bottom, 0.31, above / height))
        _bars(axis, marks["bar"][marks["bar"]["level"] == level], marks["period"], labels)
        axis.set_title(labels[f"timeline.panel.{level}"])
        if number:
            axis.set_yticklabels([])
    dots = figure.add_axes((0.34, 0.95 / height, 0.31, below / height), label="contrasts")
    _dots(dots, marks["contrast"], labels)
    dots.set_title(labels["foreign.panel.contrasts"], x=-0.28 / 0.31, pad=8)
    facts = _facts(table)
    subtitle = labels.fill("foreign.subtitle", **facts)
    style.head(figure, labels["foreign.title"], subtitle, top=1 - 0.25 / height)
    totals.legend(figure, table, labels, top=0.85)
    style.foot(figure, labels.fill("foreign.foot", **facts), bottom=0.12 / height)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the bars by level and period, then every contrast."""
    facts = _facts(table)
    said = [labels.fill("foreign.alt", **facts)]
    bars = table[table["mark"] == "bar"]
    for (level, period), rows in bars.groupby(["level", "period"], sort=False):
        counts = [f"{labels['region.' + row.region]} {row.agreements}" for row in rows.itertuples()]
        said.append(
            labels.fill(
                "foreign.alt.period",
                level=labels[f"level.{level}"],
                period=_years(period),
                counts=labels.listing(counts),
            )
        )
    for row in table[table["mark"] == "contrast"].itertuples():
        first, other = sides(row, labels)
        said.append(
            labels.fill(
                "foreign.alt.contrast",
                title=_title(row, labels),
                first=first,
                other=other,
                n=row.agreements,
                of=row.of,
                against=row.against_agreements,
                against_of=row.against_of,
                outcome=labels[f"foreign.outcome.{row.outcome}"],
            )
        )
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
    named = table[table["mark"] == "contrast"]
    counts = table[(table["mark"] == "total") & (table["scheme"] == named["scheme"].iloc[0])]
    return {
        "n": int(counts["agreements"].sum()),
        "contrasts": len(named),
        "main": int((named["weight"] == "main").sum()),
        "few": FEW,
    }


def _title(row, labels: Labels) -> str:
    return getattr(row, labels.column("title"))


def _years(period: str) -> str:
    return period.replace("-", "–")


def _bars(axis, bars: pd.DataFrame, periods: pd.DataFrame, labels: Labels) -> None:
    places = {period: place for place, period in enumerate(periods["period"])}
    left = pd.Series(0.0, index=list(places))
    for region, colour in colours.REGIONS.items():
        rows = bars[bars["region"] == region].set_index("period")
        few = rows["of"] < FEW
        edge = style.PAPER if region not in colours.HATCHES else style.QUIET
        axis.barh(
            rows.index.map(places), rows["share"], left=left[rows.index], height=0.7,
            color=[style.PAPER if hollow else colour for hollow in few], label=region,
            hatch=colours.HATCHES.get(region), linewidth=[1.6 if hollow else 0.5 for hollow in few],
            edgecolor=[colour if hollow else edge for hollow in few],
        )  # fmt: skip
        for row in rows[rows["share"] >= NARROW].itertuples():
            axis.text(
                left[row.Index] + row.share / 2, places[row.Index], labels.number(row.agreements),
                ha="center", va="center", fontsize=8.5,
                color=style.PAPER if region in ("Europe", "Asia") and row.of >= FEW else style.INK,
            )  # fmt: skip
        left = left.add(rows["share"], fill_value=0)
    of = bars.groupby("period")["of"].first()
    for period, place in places.items():
        axis.text(
            1.02, place, labels.fill("foreign.of", n=int(of.get(period, 0))),
            va="center", fontsize=8, color=style.QUIET,
        )  # fmt: skip
    names = periods[labels.column("title")]
    axis.set_yticks(
        range(len(places)),
        [
            _years(period) if pd.isna(name) else f"{_years(period)}\n{name}"
            for period, name in zip(places, names, strict=True)
        ],
        color=style.INK,
    )
    axis.set_xlim(0, 1)
    axis.set_ylim(len(places) - 0.5, -0.5)
    _percent(axis, labels)
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left")


def _dots(axis, rows: pd.DataFrame, labels: Labels) -> None:
    """Filled: the first side; hollow: the other; the arrow points from the other to the first."""
    look = {"va": "center", "transform": axis.get_yaxis_transform()}
    line = -1.2
    for weight, some in rows.groupby("weight", sort=False):
        line += HEADING
        heading = labels[f"foreign.weight.{weight}"]
        axis.text(
            -0.9, line + 0.1, heading, fontsize=8.5, color=style.QUIET, style="italic", **look
        )
        for row in some.itertuples():
            line += 1
            _pair(axis, line, row, labels, look)
    axis.set_yticks([])
    axis.set_ylim(line + 0.6, -0.6)
    axis.set_xlim(-0.02, 1.02)
    _percent(axis, labels)
    style.despine(axis, "left")


def _pair(axis, line: float, row, labels: Labels, look: dict) -> None:
    colour = OUTCOMES[row.outcome]
    first, other = sides(row, labels)
    axis.axhline(line, color=style.HAIR, linewidth=0.6, zorder=0)
    axis.text(-0.9, line - 0.2, _title(row, labels), fontsize=8.5, **look)
    axis.text(-0.9, line + 0.24, f"● {first}  ○ {other}", fontsize=7, color=style.QUIET, **look)
    if pd.notna(row.share) and pd.notna(row.against_share):
        arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.4, "shrinkA": 4, "shrinkB": 4}
        axis.annotate("", (row.share, line), (row.against_share, line), arrowprops=arrow)
    for share, fill in ((row.against_share, style.PAPER), (row.share, colour)):
        if pd.notna(share):
            axis.scatter(share, line, s=46, color=fill, edgecolor=colour, zorder=3)
    counts = labels.fill(
        "foreign.counts", n=row.agreements, of=row.of,
        against=row.against_agreements, against_of=row.against_of,
        margin="–" if pd.isna(row.margin) else row.margin,
    )  # fmt: skip
    axis.text(1.05, line, counts, fontsize=7.5, **look)
    if row.outcome != "no_direction":
        axis.text(
            1.55, line, labels[f"foreign.outcome.{row.outcome}"], fontsize=8, color=colour,
            fontweight="bold" if row.outcome.endswith("expected") else "normal", **look,
        )  # fmt: skip


def _percent(axis, labels: Labels) -> None:
    shares = [0, 0.25, 0.5, 0.75, 1]
    axis.set_xticks(shares, [labels.fill("foreign.tick", share=share) for share in shares])
    axis.tick_params(axis="x", length=3)


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows", "against_agreements": "against_rows"},
    again=("total", "contrast"),
    rules=(
        Rule("widths", (0, 1), values("bar", "share")),
        Rule("x of markers", (2,), values("contrast", "share", "against_share")),
    ),
)
