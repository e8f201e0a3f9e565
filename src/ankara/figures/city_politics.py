"""Agreements under mayors of the governing party against others: what years, districts and parties do."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from diplolib import inference, panel
from diplolib.figures import shared
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

NOISE = "#dfe3e8"
ROW = 0.24  # inches
NAMES = 2.05  # inches: the names of the lines
LIKELY = 0.95  # the middle share of the permutations that is shaded
COLUMNS = [
    "mark", "level", "text", "year", "year_to", "source", "parties", "alignment", "value", "low", "high",
    "by_year", "by_both", "years", "signed", "rows",
]  # fmt: skip
STEPS = ["value", "by_year", "by_both"]


def ladders(
    panels: Mapping[str, pd.DataFrame], windows: Iterable[tuple[int, int]], source: str
) -> pd.DataFrame:
    """The districts' ratios, one row a window of years, kind of party and sense of alignment.

    panels: by documented and by elected parties, each of `panel.with_rows`. source: whose governments.
    Returns level, year, year_to, source, parties, alignment, what `inference.ladder` gives, rows.
    """
    return pd.DataFrame(
        {
            "level": "district", "year": first, "year_to": last, "source": source, "parties": parties,
            "alignment": alignment, **inference.ladder(own, column),
            "rows": panel.rows_behind(own.dropna(subset=column)),
        }
        for first, last in windows
        for parties, rows in panels.items()
        for own in [panel.districts(rows, first, last)]
        for alignment, column in panel.ALIGNMENTS.items()
    )  # fmt: skip


def table(
    ladders: pd.DataFrame,
    *,
    estimate: float,
    left_out: pd.DataFrame,
    told: pd.DataFrame,
    permuted: np.ndarray,
    p_value: float,
    detectable: tuple[float, float],
    variant: dict,
    carrier: pd.DataFrame,
    alignment: str,
    window: tuple[int, int],
) -> pd.DataFrame:
    """One row a mark.

    ladders: as `ladders` returns them. The rest belongs to the estimate: the ratio,
    those without one municipality (`inference.leave_one_out`), the panel's rows told apart by it (of
    `panel.with_rows`), the ratios of the permutations, and what was made of them, in the sense of
    `alignment` (leads or sits) and for the years `window`. variant: parties, value, low, high (without
    one municipality) and p of the estimate by the other parties. carrier: the first row of
    `inference.carriers`, or none.

    Returns COLUMNS; marks: `ratio` (value: naive, with its interval; by_year, by_both), `permuted` (the
    middle LIKELY of the permutations' ratios from low to high; years: their number), `left_out`,
    `estimate` (low and high: the detectable ratios), `test` (value: share of permutations at least as far
    from 1; years: their number), `variant` (low and high: without one municipality) with its `test`, and
    `carrier` (text: the municipality that carries their difference, in these years; signed: its
    agreements in them; value: the ratio with it alone changed). rows: everything that went in, for
    `carrier` what stands behind its years.
    """
    rows = panel.rows_behind(told)
    left_out = left_out.rename(columns={"municipality": "text", "ratio": "value"})
    left_out["rows"] = [
        panel.rows_behind(told[told["municipality"] != name]) for name in left_out["text"]
    ]
    ends = [(1 - LIKELY) / 2, (1 + LIKELY) / 2]
    low, high = np.quantile(permuted, ends, method="inverted_cdf")
    years = {"year": window[0], "year_to": window[1], "rows": rows}
    marks = [
        ladders[ladders["alignment"] == alignment].rename(columns={"ratio": "value"}).assign(mark="ratio"),
        pd.DataFrame([{"low": low, "high": high, "years": len(permuted), **years}]).assign(mark="permuted"),
        left_out.assign(mark="left_out"),
        pd.DataFrame(
            {
                "mark": ["estimate", "test", "variant", "test"],
                "parties": [None, None, variant["parties"], variant["parties"]],
                "value": [estimate, p_value, variant["value"], variant["p"]],
                "low": [detectable[0], None, variant["low"], None],
                "high": [detectable[1], None, variant["high"], None],
                "years": [None, len(permuted), None, len(permuted)],
                **years,
            }
        ),
        carrier.head(1)
        .rename(columns={"municipality": "text", "ratio": "value", "agreements": "signed"})
        .assign(mark="carrier", rows=panel.rows_behind(_of(told, carrier))),
    ]  # fmt: skip
    marks = pd.concat(marks, ignore_index=True).reindex(columns=COLUMNS)
    numbers = ["years", "value", "low", "high", "by_year", "by_both", "signed"]
    marks[numbers] = marks[numbers].astype("float64").round(inference.DIGITS)
    return marks.astype({"year": "Int64", "year_to": "Int64"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """The estimate by either kind of party, and whether it lies beyond what chance gives."""
    known = _facts(table)
    if not _drawable([known["documented"], known["elected"]]).all():
        return labels.fill("city_politics.title.unbounded", **known)
    beyond = sum(known[test]["value"] < 1 - LIKELY for test in ("test", "other"))
    return labels.fill(f"city_politics.title.{('none', 'one', 'both')[beyond]}", **known)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A line a step of the ratio, by window; the last one is the estimate, among permutations."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    ratios, estimate = marks["ratio"], marks["estimate"].iloc[0]
    windows = ratios[["year", "year_to"]].drop_duplicates()
    own = (windows["year"] == estimate["year"]) & (windows["year_to"] == estimate["year_to"])
    windows = pd.concat([windows[~own], windows[own]])
    lines = len(windows) * (len(STEPS) + 1)
    known = _facts(table)
    tall = ROW * (lines + 3.4)
    figure = style.page(
        tall + 0.55, title(table, labels), labels.fill("city_politics.subtitle", **known),
        _carried(known, labels) + "\n" + labels.fill("city_politics.foot", **known),
    )  # fmt: skip
    wide = style.WIDTH - 2 * style.MARGIN - NAMES - 0.1
    axis = figure.add_axes(style.box(figure, NAMES, 0.5, wide, tall))
    axis.set(xscale="log", ylim=(lines + 2.4, -1))
    axis.axvline(1, color=style.INK, linewidth=0.9, zorder=1)
    look = {"fontsize": style.SMALL, "va": "center"}
    left = _left(axis)
    line = -1
    for window in windows.itertuples():
        line += 1
        name = labels.fill("city_politics.block", first=window.year, last=window.year_to)
        axis.text(y=line, s=name, fontweight="bold", **left, **look)
        some = ratios[(ratios["year"] == window.year) & (ratios["year_to"] == window.year_to)]
        for step in STEPS:
            line += 1
            axis.text(y=line, s=labels[f"city_politics.step.{step}"], **left, **look)
            _pair(axis, line, some, step, labels, named=line == lines - 1)
    _chance(axis, line, marks, labels)
    ends = pd.Series([estimate["low"], estimate["high"]])
    shown = pd.concat([ratios[STEPS].stack(), marks["left_out"]["value"], ends])
    shown = shown[_drawable(shown)]
    low, high = shown.min() / 1.25, shown.max() * 1.25
    # The numbers of the last line have names, which need room on their outer sides.
    named = some[STEPS[-1]][_drawable(some[STEPS[-1]])]
    words = [f"0.00 {labels[f'city_politics.parties.{name}']}" for name in some["parties"]]
    room = (max(style.width_of(word, style.SMALL) for word in words) + 0.15) / wide
    if len(named):
        high = max(high, named.max() * (named.max() / low) ** (room / (1 - room)))
        low = min(low, named.min() / (high / named.min()) ** (room / (1 - room)))
    ticks = [2.0**power for power in range(-6, 7) if low <= 2.0**power <= high]
    axis.set_xlim(low, high)
    axis.set_xticks(ticks, [labels.number(tick, "0.####") for tick in ticks])
    axis.xaxis.set_minor_locator(NullLocator())
    axis.set_yticks([])
    axis.set_xlabel(labels["city_politics.axis.ratio"], fontsize=style.SMALL)
    style.despine(axis, "left")
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: every ratio, then the estimate among the permutations."""
    said = []
    for row in table[table["mark"] == "ratio"].itertuples():
        which = labels[f"city_politics.parties.{row.parties}"]
        said.append(labels.fill("city_politics.alt.district", row=row, which=which))
    known = _facts(table)
    said.append(labels.fill("city_politics.alt.estimate", **known))
    return " ".join([*said, _carried(known, labels)])


def _of(told: pd.DataFrame, carrier: pd.DataFrame) -> pd.DataFrame:
    """The rows of the municipality and years that carry the difference."""
    first = carrier.head(1).set_index("municipality")
    years = told["municipality"].map(first["year"]), told["municipality"].map(first["year_to"])
    return told[told["year"].between(*years)]


def _carried(facts: dict, labels: Labels) -> str:
    bounded = _drawable([facts["documented"], facts["elected"]]).all()
    key = "carrier" if bounded and "carrier" in facts else "nobody"
    return labels.fill(f"city_politics.{key}", **facts)


def _drawable(ratios) -> np.ndarray:
    """Which ratios have a place on the logarithmic axis: neither zero nor without bound."""
    return np.isfinite(ratios) & (np.asarray(ratios, float) > 0)


def _facts(table: pd.DataFrame) -> dict:
    marks = dict(iter(table.groupby("mark", sort=False)))
    carrier, without = marks.get("carrier", table.head(0)), marks["left_out"].sort_values("value")
    known = {name: marks[name].iloc[0] for name in ("estimate", "test", "variant")}
    known |= {"other": marks["test"].iloc[1], "least": without.iloc[0], "most": without.iloc[-1]}
    ratios = dict.fromkeys(("documented", "elected"), known["estimate"]["value"])
    ratios[known["variant"]["parties"]] = known["variant"]["value"]
    return known | ratios | ({"carrier": carrier.iloc[0]} if len(carrier) else {})


def _pair(axis, line: int, some: pd.DataFrame, step: str, labels: Labels, *, named: bool) -> None:
    """Documented parties a full dot, elected ones a hollow one; the number of each on its outer side."""
    some = some[some[step].notna()].sort_values(step, kind="stable")
    axis.axhline(line, color=style.HAIR, linewidth=0.4, zorder=0)
    drawn = _drawable(some[step])
    if len(beyond := some[~drawn]):
        pairs = zip(beyond["parties"], beyond[step], strict=True)
        each = (
            f"{labels[f'city_politics.parties.{name}']} {labels.number(n)}" for name, n in pairs
        )
        at = {"x": 1, "transform": axis.get_yaxis_transform(), "ha": "right", "va": "bottom"}
        axis.text(y=line, s=", ".join(each), fontsize=style.SMALL, **at)
    some = some[drawn]
    if len(some):
        axis.plot(some[step], [line] * len(some), color=style.QUIET, linewidth=1, zorder=2)
    for place, row in enumerate(some.itertuples()):
        value, right = getattr(row, step), place == len(some) - 1
        full = row.parties == "documented"
        axis.scatter(
            value, line, s=34, color=style.INK if full else style.PAPER, edgecolor=style.INK, linewidth=1,
            zorder=3, label=step,
        )  # fmt: skip
        said = labels.number(value, "0.00")
        if named:
            party = labels[f"city_politics.parties.{row.parties}"]
            said = f"{said} {party}" if right else f"{party} {said}"
        ground = {"facecolor": style.PAPER, "linewidth": 0, "pad": 0.5}
        shared.beside(axis, (value, line), said, 6 if right else -6, zorder=2, bbox=ground)


def _chance(axis, line: int, marks: dict[str, pd.DataFrame], labels: Labels) -> None:
    """Under the estimate: those without one district, the permutations' middle, what is detectable."""
    estimate, likely = marks["estimate"].iloc[0], marks["permuted"].iloc[0]
    without = marks["left_out"]["value"]
    without = without[_drawable(without)]
    axis.scatter(
        without, [line + 1] * len(without), marker="|", s=60,
        color=style.INK, linewidth=0.9, label="left_out",
    )  # fmt: skip
    if _drawable([likely["low"], likely["high"]]).all():
        size = likely["high"] - likely["low"]
        axis.barh(line + 2, size, left=likely["low"], height=0.6, color=NOISE)
    elif np.isfinite(likely["low"]) or np.isfinite(likely["high"]):
        said = "–".join(labels.number(likely[end], "0.##") for end in ("low", "high"))
        at = {"x": 1, "transform": axis.get_yaxis_transform(), "ha": "right", "va": "center"}
        axis.text(y=line + 2, s=said, fontsize=style.SMALL, color=style.QUIET, **at)
    for end in filter(_drawable, (estimate["low"], estimate["high"])):
        axis.plot([end] * 2, [line + 2.65, line + 3.35], color=style.ACCENT)
    look = {"fontsize": style.SMALL, "va": "center", "color": style.QUIET, **_left(axis)}
    for place, key in enumerate(("left_out", "permuted", "detectable"), start=1):
        axis.text(y=line + place, s=labels[f"city_politics.line.{key}"], **look)


def _left(axis) -> dict:
    """Where the names of the lines begin."""
    x = -NAMES / (axis.get_position().width * style.WIDTH)
    return {"x": x, "transform": axis.get_yaxis_transform()}


FIGURE = Record(__name__, describe, readings=(
    *(reads("ratio", "dots", (0,), x=ratio, beside=f"#{ratio}", form="parties=documented ? full : hollow",
            row=f"[city_politics.step.{ratio}]", under="…{year}–{year_to}")
      for ratio in STEPS),
    reads("left_out", "dots", (0,), x="value", row="[city_politics.line.left_out]", alike="one"),
    reads("permuted", "bars", (0,), {"low > 0": True}, left="low", right="high",
          row="[city_politics.line.permuted]"),
    *(reads("estimate", "lines", (0,), left=end, right=end, row="[city_politics.line.detectable]")
      for end in ("low", "high")),
))  # fmt: skip
