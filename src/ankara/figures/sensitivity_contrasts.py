"""The hypotheses under every documented choice: the range of each result, and one specification curve."""

import math
import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullLocator

from ankara.figures import foreign_policy
from ankara.specifications.turns import TURNS, changed
from diplolib import contrasts
from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Marks, Rule, values
from nbproof.labels import Labels

COLOURS = {False: style.INK, True: "#c65d1b"}  # whether a result turns
LINE = {"contrast": 0.0, "ratio": 1.0}  # where the direction changes
ROW = 0.36  # inches
LEFT = -(0.375 - 0.06) / 0.255  # where the names begin, in widths of the panel
_SIDE = ["level", "form", "year_from", "year_to"]
SIDES = [*_SIDE, *(f"against_{name}" for name in _SIDE)]
COLUMNS = [
    "mark", "scope", "id", "title", "title_tr", *SIDES, "weight", "turns", "estimate", "low", "high",
    "elected",
    "choice", "value", "alone", "rank", "as_defined", "rows",
]  # fmt: skip


def table(
    specifications: pd.DataFrame,
    turned: pd.DataFrame,
    named: pd.DataFrame,
    listed: pd.DataFrame,
    *,
    curve: str,
) -> pd.DataFrame:
    """One row a mark.

    specifications: sensitivity/specifications. turned: specifications.turns of it. named:
    reference/named_contrasts and listed: reference/choices, both with source. curve: the result of
    which every specification is shown. Returns
    COLUMNS; marks: `range` (a result: as defined, lowest, highest; elected: a ratio as defined, but
    with mayors in the party of their election), `flip` (a change that turns it:
    choice, value, alone or only with others), `specification` (one of `curve`, ranked by its
    estimate) and `choice` (the value of a choice in the specification of that rank). Each mark is a
    recount of the whole list; rows: where the result, and the choices that can change it, are defined.
    """
    results = turned[turned["scope"].isin(LINE)].copy()
    weights = [contrasts.weight(row) for row in named.itertuples(index=False)]
    said = named.assign(weight=weights).set_index("name")
    said = said[["title", "title_tr", *SIDES, "weight", "source"]]
    results = results.join(said, on="id").fillna({"weight": "main"})
    results["elected"] = [_elected(row, specifications) for row in results.itertuples()]
    results["turns"] = results["stands"] == TURNS
    flips = _flips(results)
    chosen = specifications[specifications["id"].eq(curve) & specifications["scope"].isin(LINE)]
    chosen = chosen.dropna(subset="estimate").sort_values("estimate", kind="stable")
    chosen = chosen.assign(rank=range(1, len(chosen) + 1))
    names = results.set_index("id").at[curve, "choices"].split(";")  # noqa: PD008
    values = chosen.sort_index()[["scope", "id", "rank", *names]].melt(
        ["scope", "id", "rank"], var_name="choice", value_name="value"
    )
    places = listed.set_index(["scope", "choice"])["source"].to_dict()
    where = [
        ";".join(places[row.scope, choice] for choice in row.choices.split(";"))
        for row in results.itertuples()
    ]
    results["rows"] = references.several(results["source"], pd.Series(where, results.index))
    marks = [
        results.drop(columns=["alone", "value"]).assign(mark="range"),
        flips.assign(mark="flip"),
        chosen[["scope", "id", "estimate", "as_defined", "rank"]].assign(
            mark="specification", rows=results.set_index("id")["rows"][curve]
        ),
        values.assign(mark="choice"),
    ]
    for frame in (marks[1], marks[3]):
        frame["rows"] = [places[pair] for pair in zip(frame["scope"], frame["choice"], strict=True)]
    marks = pd.concat(marks, ignore_index=True).reindex(columns=COLUMNS)
    flags = dict.fromkeys(["turns", "alone", "as_defined"], "boolean")
    whole = dict.fromkeys(["rank", *(name for name in SIDES if "year" in name)], "Int64")
    return marks.astype({**flags, **whole})


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a range a result, below the sorted specifications of one and the choices of each."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    ranges = marks["range"]
    lines = {scope: ranges[ranges["scope"] == scope] for scope in LINE}
    pairs = marks["choice"][["choice", "value"]].drop_duplicates()
    heights = {
        "contrast": ROW * (len(lines["contrast"]) + 3),
        "ratio": ROW * len(lines["ratio"]),
        "curve": 1.7,
        "choices": 0.155 * (len(pairs) + 0.6 * pairs["choice"].nunique()),
    }
    height = 4.65 + math.fsum(heights.values())  # Python's own sum is another one since 3.12
    figure = Figure(figsize=(10, height))
    top = 1.45

    def panel(name: str, gap: float, left: float, width: float):
        nonlocal top
        top += gap + heights[name]
        place = (left, 1 - top / height, width, heights[name] / height)
        return figure.add_axes(place, label=name)

    for scope, gap in (("contrast", 0.0), ("ratio", 0.95)):
        axis = panel(scope, gap, 0.375, 0.255)
        flips = marks.get("flip", table.head(0))
        _ranges(axis, scope, lines[scope], flips, labels)
    curve = panel("curve", 1.2, 0.29, 0.68)
    _curve(curve, marks["specification"], labels)
    _choices(panel("choices", 0.06, 0.29, 0.68), marks["choice"], pairs, labels)
    shown = ranges[ranges["id"] == marks["specification"]["id"].iloc[0]].iloc[0]
    for axis in figure.axes[:3]:
        name = axis.get_label()
        text = labels.fill(f"sensitivity.contrasts.panel.{name}", title=title(shown, labels))
        shift = 0.42 if name == "curve" else 0.14
        high = axis.get_position().y1 + shift / height
        figure.text(0.06, high, text, fontsize=10, fontweight="bold")
    note = labels["sensitivity.contrasts.note.curve"]
    high = curve.get_position().y1 + 0.2 / height
    figure.text(0.06, high, note, fontsize=8, color=style.QUIET)
    words = (labels[f"sensitivity.contrasts.{name}"] for name in ("title", "subtitle"))
    style.head(figure, *words, top=1 - 0.2 / height)
    _legend(figure, labels, 1 - 0.82 / height)
    style.foot(figure, labels["sensitivity.contrasts.foot"], bottom=0.12 / height)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: each result with its range and what turns it, then the curve."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    ranges, flips = marks["range"], marks.get("flip", table.head(0))
    rows = []
    for row in ranges.itertuples():
        values = _values(row, labels) | {"said": _said(row, flips, labels)}
        rows.append(labels.fill("sensitivity.contrasts.alt_row", **values))
    curve = marks["specification"]
    shown = ranges[ranges["id"] == curve["id"].iloc[0]].iloc[0]
    return labels.fill(
        "sensitivity.contrasts.alt",
        n=len(ranges),
        standing=int((~ranges["turns"]).sum()),
        turning=int(ranges["turns"].sum()),
        rows=" ".join(rows),
        specs=len(curve),
        **_values(shown, labels),
    )


def _values(row, labels: Labels) -> dict:
    numbers = {"value": row.estimate, "low": row.low, "high": row.high}
    said = {name: number(row.scope, value, labels) for name, value in numbers.items()}
    return {"title": title(row, labels), **said}


def number(scope: str, value: float, labels: Labels) -> str:
    """A difference of shares in percentage points, with its sign; a ratio."""
    if scope == "ratio":
        return labels.number(value, "0.00")
    points = round(100 * value)
    return labels.number(points, "+0;−0") if points else "0"


def title(row, labels: Labels) -> str:
    """A result's name in the labels' language, with what tells its sides apart."""
    return " ".join(_title(row, labels)).strip()


def _title(row, labels: Labels) -> tuple[str, str]:
    if row.scope == "ratio":
        return labels[f"sensitivity.ratio.{row.id}"], ""
    first, other = foreign_policy.sides(row, labels)
    sides = labels.fill("sensitivity.contrasts.sides", first=first, other=other)
    return getattr(row, labels.column("title")), sides


def _elected(result, specifications: pd.DataFrame) -> float | None:
    """The estimate with every choice as defined but the mayors' switches; missing without that choice."""
    rows = specifications[specifications["id"] == result.id].to_dict("records")
    defined = next(row for row in rows if row["as_defined"])
    for row in rows:
        if changed(row, defined, result.choices.split(";")) == {"switches=false"}:
            return row["estimate"]
    return None


def _flips(results: pd.DataFrame) -> pd.DataFrame:
    """The changes that turn a result, each by itself or as part of the smallest sets that do."""
    flips = []
    for row in results.itertuples():
        for alone, text in ((True, row.alone), (False, row.together)):
            for change in dict.fromkeys(text.replace("+", ";").split(";")):
                choice, _, value = change.partition("=")
                flips.append((row.scope, row.id, alone, choice, value))
    columns = ["scope", "id", "alone", "choice", "value"]
    return pd.DataFrame(flips, columns=columns).query("choice != ''")


def _said(row, flips: pd.DataFrame, labels: Labels) -> str:
    if not row.turns:
        return labels["sensitivity.contrasts.stands"]
    own = flips[flips["id"] == row.id]
    alone = own[own["alone"]]
    key = "turns" if len(alone) else "together"
    changes = [
        labels[f"sensitivity.value.{change.choice}.{change.value}"]
        for change in (alone if len(alone) else own).itertuples()
    ]
    return labels.fill(f"sensitivity.contrasts.{key}", choices=labels.listing(changes))


def _ranges(axis, scope: str, rows: pd.DataFrame, flips: pd.DataFrame, labels: Labels) -> None:
    look = {"va": "center", "transform": axis.get_yaxis_transform(), "fontsize": 8.5}
    line = -1.0
    for weight, some in rows.groupby("weight", sort=False):
        if scope == "contrast":
            line += 1
            heading = labels[f"foreign.weight.{weight}"]
            axis.text(LEFT, line, heading, style="italic", color=style.QUIET, **look)
        for row in some.itertuples():
            line += 1
            axis.axhline(line, color=style.HAIR, linewidth=0.5, zorder=0)
            colour = COLOURS[bool(row.turns)]
            axis.plot(
                [row.low, row.high], [line, line], color=colour, linewidth=5, alpha=0.4,
                linestyle="-", solid_capstyle="butt", gid=row.id,
            )  # fmt: skip
            marker = "D" if row.turns else "o"
            axis.scatter(row.estimate, line, s=44, marker=marker, color=colour, zorder=3)
            if pd.notna(row.elected):
                axis.scatter(
                    row.elected, line, s=38, color=style.PAPER, edgecolor=colour, zorder=3,
                    label="elected",
                )  # fmt: skip
            name, sides = _title(row, labels)
            axis.text(LEFT, line - (0.2 if sides else 0), name, **look)
            axis.text(LEFT, line + 0.24, sides, color=style.QUIET, **look | {"fontsize": 7})
            ends = " … ".join(number(scope, value, labels) for value in (row.low, row.high))
            axis.text(-0.02, line, ends, ha="right", color=style.QUIET, **look | {"fontsize": 7.5})
            said = textwrap.fill(_said(row, flips, labels), 50)
            axis.text(
                1.04, line, said, color=colour,
                **look | {"fontsize": 7.5, "fontweight": "bold" if row.turns else "normal"},
            )  # fmt: skip
    axis.axvline(LINE[scope], color=style.INK, linewidth=1.1, zorder=1)
    axis.set_ylim(line + 0.6, -0.6)
    axis.set_yticks([])
    if scope == "ratio":
        axis.set_xscale("log")
        axis.xaxis.set_minor_locator(NullLocator())
        ticks = [value for value in (0.5, 0.75, 1, 1.5, 2, 3) if rows["low"].min() * 0.9 <= value]
        ticks = [value for value in ticks if value <= rows["high"].max() * 1.1]
        axis.set_xticks(ticks)
    axis.xaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _: number(scope, value, labels).replace(",00", "").replace(".00", "")
        )
    )
    style.despine(axis, "left")


def _curve(axis, rows: pd.DataFrame, labels: Labels) -> None:
    scope = rows["scope"].iloc[0]
    defined = rows["as_defined"].fillna(False).astype(bool)
    beyond = rows["estimate"] > LINE[scope]
    plain = rows.loc[defined, "estimate"].gt(LINE[scope]).iloc[0]
    colours = [COLOURS[bool(side != plain)] for side in beyond]
    axis.scatter(rows["rank"], rows["estimate"], s=7, color=colours, zorder=2)
    axis.scatter(
        rows.loc[defined, "rank"], rows.loc[defined, "estimate"], s=70, color=style.INK, zorder=3
    )
    axis.axhline(LINE[scope], color=style.INK, linewidth=1.1, zorder=1)
    axis.set_xlim(0, len(rows) + 1)
    axis.set_xticks([])
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(scope, value, labels)))
    style.despine(axis, "bottom")


def _choices(axis, marks: pd.DataFrame, pairs: pd.DataFrame, labels: Labels) -> None:
    line, places, names = -1.0, [], []
    for _, some in pairs.groupby("choice", sort=False):
        line += 0.6
        for pair in some.itertuples():
            line += 1
            own = marks[(marks["choice"] == pair.choice) & (marks["value"] == pair.value)]
            axis.vlines(
                own["rank"], line - 0.36, line + 0.36, color=style.INK,
                linewidth=min(2.2, 420 / marks["rank"].max()),
            )  # fmt: skip
            places.append(line)
            names.append(labels[f"sensitivity.value.{pair.choice}.{pair.value}"])
    axis.set_yticks(places, names, fontsize=7.5, color=style.INK)
    axis.set_ylim(line + 0.7, -0.6)
    axis.set_xlim(0, marks["rank"].max() + 1)
    axis.set_xticks([])
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left", "bottom")


def _legend(figure: Figure, labels: Labels, top: float) -> None:
    look = {"linewidth": 5, "markersize": 6.5}
    handles = [
        Line2D(
            [], [], color=COLOURS[turned], marker="D" if turned else "o", alpha=0.75,
            label=labels["sensitivity.contrasts.legend." + ("turns" if turned else "stands")], **look,
        )
        for turned in (False, True)
    ]  # fmt: skip
    handles += [
        Line2D(
            [], [], color=style.INK, marker="o", linestyle="", markersize=6.5, fillstyle=fill,
            label=labels[f"sensitivity.contrasts.legend.{name}"],
        )
        for name, fill in (("defined", "full"), ("elected", "none"))
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.052, top), ncols=4, fontsize=8.5,
        borderaxespad=0,
    )  # fmt: skip


def _ranks(marks: Marks) -> list:
    """Every specification by its rank, and once more the one as defined, which is marked."""
    rows = marks["specification"]
    return [*rows["rank"], *rows.loc[rows["as_defined"].eq(True), "rank"]]


FIGURE = Record(
    __name__,
    describe,
    rules=(
        Rule("x of markers", (0, 1), values("range", "estimate", "elected")),
        Rule("x of markers", (2,), _ranks),
    ),
)
