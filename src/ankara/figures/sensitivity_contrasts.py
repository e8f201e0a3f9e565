"""The hypotheses under every documented choice: each result as defined, and its range."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from ankara.figures import foreign_policy
from ankara.specifications.turns import TURNS, changed
from diplolib import contrasts
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

COLOURS = {False: style.INK, True: "#c65d1b"}  # whether a result turns
LINE = {"contrast": 0.0, "ratio": 1.0}  # where the direction changes
ROW = 0.37  # inches
NAMES, PANEL = 2.1, 1.85  # inches: the names' column, and the ranges'
_SIDE = ["level", "form", "year_from", "year_to"]
SIDES = [*_SIDE, *(f"against_{name}" for name in _SIDE)]
COLUMNS = [
    "mark", "scope", "id", "title", "title_tr", *SIDES, "weight", "turns", "estimate", "low", "high",
    "elected", "choice", "value", "alone", "rows",
]  # fmt: skip


def table(
    specifications: pd.DataFrame, turned: pd.DataFrame, named: pd.DataFrame, listed: pd.DataFrame
) -> pd.DataFrame:
    """One row a mark.

    specifications: sensitivity/specifications. turned: specifications.turns of it. named:
    reference/named_contrasts and listed: reference/choices, both with source. Returns COLUMNS; marks:
    `range` (a result: as defined, lowest, highest; elected: a ratio as defined, but with mayors in the
    party of their election) and `flip` (a change that turns it: choice, value, alone or only with
    others). Each mark is a recount of the whole list; rows: where the result, and the choices that can
    change it, are defined.
    """
    results = turned[turned["scope"].isin(LINE)].copy()
    weights = [contrasts.weight(row) for row in named.itertuples(index=False)]
    said = named.assign(weight=weights).set_index("name")
    said = said[["title", "title_tr", *SIDES, "weight", "source"]]
    results = results.join(said, on="id").fillna({"weight": "main"})
    results["elected"] = [_elected(row, specifications) for row in results.itertuples()]
    results["turns"] = results["stands"] == TURNS
    flips = _flips(results)
    places = listed.set_index(["scope", "choice"])["source"].to_dict()
    where = [
        ";".join(places[row.scope, choice] for choice in row.choices.split(";"))
        for row in results.itertuples()
    ]
    results["rows"] = references.several(results["source"], pd.Series(where, results.index))
    ranges = results.drop(columns=["alone", "value"]).assign(mark="range")
    pairs = zip(flips["scope"], flips["choice"], strict=True)
    flips = flips.assign(mark="flip", rows=[places[pair] for pair in pairs])
    marks = pd.concat([ranges, flips], ignore_index=True).reindex(columns=COLUMNS)
    flags = dict.fromkeys(["turns", "alone"], "boolean")
    whole = dict.fromkeys((name for name in SIDES if "year" in name), "Int64")
    return marks.astype({**flags, **whole})


def headline(table: pd.DataFrame, labels: Labels) -> str:
    """How many results that carry the argument keep their direction whatever one chooses."""
    ranges = table[table["mark"] == "range"]
    stand = {}
    for name, rows in (
        ("main", ranges[(ranges["scope"] == "contrast") & (ranges["weight"] == "main")]),
        ("ratio", ranges[ranges["scope"] == "ratio"]),
    ):
        stand |= {name: len(rows), f"{name}_stand": int((~rows["turns"]).sum())}
    return labels.fill("sensitivity.contrasts.title", **stand)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A line a result: its range, the value as defined, and what turns it."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    ranges, flips = marks["range"], marks.get("flip", table.head(0))
    lines = {scope: ranges[ranges["scope"] == scope] for scope in LINE}
    heights = {
        scope: ROW * (len(rows) + (rows["weight"].nunique() if scope == "contrast" else 0))
        for scope, rows in lines.items()
    }
    figure = style.page(
        heights["contrast"] + heights["ratio"] + 1.25, headline(table, labels),
        labels["sensitivity.contrasts.subtitle"], labels["sensitivity.contrasts.foot"],
    )  # fmt: skip
    for scope, low in (("ratio", 0.25), ("contrast", heights["ratio"] + 0.95)):
        axis = figure.add_axes(style.box(figure, NAMES, low, PANEL, heights[scope]), label=scope)
        _ranges(axis, scope, lines[scope], flips, labels)
        above, panel = 1 + 0.06 / heights[scope], labels[f"sensitivity.contrasts.panel.{scope}"]
        look = {"fontweight": "bold", "transform": axis.transAxes}
        axis.text(-NAMES / PANEL, above, panel, **look)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: each result with its range and what turns it."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    ranges, flips = marks["range"], marks.get("flip", table.head(0))
    rows = []
    for row in ranges.itertuples():
        values = _values(row, labels) | {"said": _said(row, flips, labels)}
        rows.append(labels.fill("sensitivity.contrasts.alt_row", **values))
    turning = int(ranges["turns"].sum())
    counts = {"n": len(ranges), "standing": len(ranges) - turning, "turning": turning}
    return labels.fill("sensitivity.contrasts.alt", rows=" ".join(rows), **counts)


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
    left = -NAMES / PANEL
    look = {"va": "center", "transform": axis.get_yaxis_transform(), "fontsize": style.SMALL}
    room = style.WIDTH - 2 * style.MARGIN - NAMES - PANEL - 0.12
    line = -1.0
    for weight, some in rows.groupby("weight", sort=False):
        if scope == "contrast":
            line += 1
            heading = labels[f"foreign.weight.{weight}"]
            axis.text(left, line, heading, style="italic", color=style.QUIET, **look)
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
            name = style.wrap(name, NAMES - 0.1, style.SMALL)
            said = style.wrap(_said(row, flips, labels), room, style.SMALL)
            lines = f"{name}\n{sides}".strip()
            axis.text(left, line, lines, linespacing=style.LINE, **look)
            axis.text(1 + 0.12 / PANEL, line, said, color=colour, linespacing=style.LINE, **look)
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


TURNED = "turns=True ? light : grey"
CONTRAST, RATIO = {"scope": "contrast"}, {"scope": "ratio"}
FIGURE = Record(__name__, describe, readings=(
    reads("range", "dots", None, CONTRAST, row="{title*} …", x="estimate*100", shade=TURNED,
          panel="[sensitivity.contrasts.panel.contrast]"),
    reads("range", "lines", None, CONTRAST, row="{title*} …", left="low*100", right="high*100",
          shade=TURNED),
    reads("range", "dots", None, RATIO, row="[sensitivity.ratio.{id}]…", x="estimate", form="full",
          shade=TURNED, panel="[sensitivity.contrasts.panel.ratio]"),
    reads("range", "dots", None, RATIO, row="[sensitivity.ratio.{id}]…", x="elected", form="hollow",
          alike="{turns}"),
    reads("range", "lines", None, RATIO, row="[sensitivity.ratio.{id}]…", left="low", right="high",
          shade=TURNED),
))  # fmt: skip
