"""Agreements a year by region, and their running total."""

import itertools
import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from diplolib.figures import colours, totals
from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, values
from nbproof.labels import Labels

LEVELS = ["metropolitan", "district"]
# Kinds of events in the key's order, each in a colour of its own: numbers run from kind to kind.
EVENTS = {
    "foreign_policy": "#1f4e79",
    "government": "#a4343a",
    "law": "#3d7a63",
    "administration": "#7a6a9b",
    "election": "#8a5a1c",
    "city_politics": "#b0529a",
    "other": "#5b6472",
}
# Height in inches of a line of the events' key, and of a row of their numbers
KEY_LINE, EVENT_ROW = 0.125, 0.115


def table(
    agreements: pd.DataFrame,
    schemes: pd.DataFrame,
    terms: pd.DataFrame,
    *,
    region_scheme: str,
    year_from: int,
    year_to: int,
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a mark, from the selected agreements.

    agreements: rows of processed/agreements. schemes: reference/regions. terms: processed/terms.
    events: processed/events, or None for none. Returns mark, scheme, level, region, year, year_to,
    text, agreements, rows; marks: `bar` (a segment: level, year, region), `cumulative` (level, year;
    its rows are in order of years), `total` (each scheme's regions) and `term` (a band: year, year_to,
    text). With events also the marks `event` (year, year_to of a span, text) and the columns text_tr,
    kind and number. rows: the agreements counted, or the row of the term or event.
    """
    agreements = agreements.sort_index()
    region = totals.region_of(agreements, region_scheme, schemes)
    bars = references.counted(agreements, ["level", "year", region], "agreements", "agreement_id")
    bars = bars.assign(mark="bar", scheme=region_scheme)
    running = _running(agreements, year_from, year_to)
    bands = _bands(terms, year_from, year_to)

    marks = pd.concat([bars, running, totals.rows(agreements, schemes), bands], ignore_index=True)
    order = {name: place for place, name in enumerate([*LEVELS, *colours.REGIONS])}
    kinds = {"bar": 0, "cumulative": 1, "total": 2, "term": 3}
    marks = marks.assign(kind=marks["mark"].map(kinds), first=marks["level"].map(order))
    marks["last"] = marks["region"].map(order)
    marks = marks.sort_values(["kind", "scheme", "first", "year", "last"], na_position="first")
    columns = ["mark", "scheme", "level", "region", "year", "year_to", "text", "agreements", "rows"]
    whole = {"year": "Int64", "year_to": "Int64", "agreements": "Int64"}
    marks = marks.reindex(columns=columns).astype(whole).reset_index(drop=True)
    if events is None:
        return marks
    numbered = _numbered(events, year_from, year_to)
    marks = pd.concat([marks, numbered], ignore_index=True).astype({"number": "Int64"})
    return marks[[*marks.columns.drop("rows"), "rows"]]


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A panel a level with its bars, and one for the running totals.

    One agreement is equally tall in every bar panel. Events stand as numbers under the first panel,
    with a key at the foot.
    """
    marks = dict(iter(table.groupby("mark", sort=False)))
    levels = [level for level in LEVELS if level in set(table["level"].dropna())]
    highest = {level: _highest(marks["bar"], level) for level in levels}
    key = _key(marks["event"], labels) if "event" in marks else []
    # Room in inches for the events' numbers under the first panel, and for their key at the foot
    strip = EVENT_ROW * marks["event"]["year"].value_counts().max() + 0.2 if key else 0
    below = KEY_LINE * max(map(len, key)) + 0.3 if key else 0
    figure = Figure(figsize=(10, 9.4 + strip + below))
    axes = figure.subplots(
        len(levels) + 1, 1, sharex=True,
        height_ratios=[*highest.values(), max(3, 0.32 * sum(highest.values()))],
    )  # fmt: skip
    for axis, level in zip(axes, levels, strict=False):
        _bars(axis, marks["bar"][marks["bar"]["level"] == level])
        axis.set_ylim(0, highest[level])
        axis.set_title(labels[f"timeline.panel.{level}"], pad=34 if level == LEVELS[0] else 6)
        axis.set_ylabel(labels["timeline.axis"])
    if "metropolitan" in levels and "term" in marks:
        _draw_bands(axes[0], marks["term"])
    _lines(axes[-1], marks["cumulative"], labels)
    years = marks["cumulative"]["year"]
    axes[-1].set_xlim(years.min() - 0.6, years.max() + 0.6)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    for axis in axes:
        axis.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axis.tick_params(length=3, labelbottom=True)
        style.despine(axis)
    facts = _facts(table)
    height = figure.get_figheight()
    title = labels.fill("timeline.title", **facts)
    subtitle = labels.fill("timeline.subtitle", **facts)
    style.head(figure, title, subtitle, top=1 - 0.235 / height)
    totals.legend(figure, table, labels, top=0.8)
    style.foot(figure, labels["timeline.foot"], bottom=0.141 / height)
    figure.subplots_adjust(
        left=0.06,
        right=0.975,
        top=1 - (1.95 + strip) / height,
        bottom=(0.85 + below) / height,
        hspace=0.36,
    )
    if key:
        box = axes[0].get_position()
        axes[0].set_position([box.x0, box.y0 + strip / height, box.width, box.height])
        _draw_events(axes[0], marks["event"])
        _draw_key(figure, key, 0.5 + below)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: range, totals by level, peak years, totals by region under both schemes."""
    facts = _facts(table)
    said = [labels.fill("timeline.alt", **facts)]
    for level in LEVELS:
        bars = table[(table["mark"] == "bar") & (table["level"] == level)]
        if len(bars):
            by_year = bars.groupby("year")["agreements"].sum()
            said.append(
                labels.fill(
                    f"timeline.alt.{level}",
                    n=by_year.sum(),
                    peak=by_year.max(),
                    year=by_year.idxmax(),
                )
            )
    said += [totals.sentence(table, labels, scheme) for scheme in facts["schemes"]]
    if (table["mark"] == "event").any():
        said.append(labels.fill("timeline.alt.events", n=int((table["mark"] == "event").sum())))
    return " ".join(said)


def _running(agreements: pd.DataFrame, year_from: int, year_to: int) -> pd.DataFrame:
    """Each level's running total, and all agreements up to each year."""
    by_year = references.counted(agreements, ["level", "year"], "agreements", "agreement_id")
    levels = by_year["level"].unique()
    years = pd.RangeIndex(year_from, year_to + 1)
    every = pd.MultiIndex.from_product([levels, years], names=["level", "year"])
    running = by_year.set_index(every.names).reindex(every)
    running["agreements"] = running["agreements"].fillna(0).groupby("level").cumsum()
    running["rows"] = running["rows"].fillna("").groupby("level").transform(_up_to)
    running["rows"] = running["rows"].where(running["rows"] != "")
    return running.reset_index().assign(mark="cumulative")


def _up_to(cells: pd.Series) -> list[str]:
    return [
        cell.strip(references.SEPARATOR)
        for cell in itertools.accumulate(cells, lambda one, two: f"{one}{two and ';' + two}")
    ]


def _bands(terms: pd.DataFrame, year_from: int, year_to: int) -> pd.DataFrame:
    """The terms that fall into the years shown; a band starts with its election year."""
    ends = terms["year_to"].fillna(year_to + 1)
    bands = terms[(terms["year_from"] <= year_to) & (ends > year_from)]
    return pd.DataFrame(
        {
            "mark": "term",
            "year": bands["year_from"].clip(lower=year_from),
            "year_to": ends[bands.index].clip(upper=year_to + 1),
            "text": bands["party"] + "\n" + bands["mayor"],
            "rows": bands["source"],
        }
    )


def _numbered(events: pd.DataFrame, year_from: int, year_to: int) -> pd.DataFrame:
    """The dated events within the years shown, numbered from kind to kind, in time within a kind."""
    shown = events[events["year"].between(year_from, year_to)]
    shown = shown.assign(kind=pd.Categorical(shown["kind"], list(EVENTS)))
    shown = shown.sort_values(["kind", "year", "month", "day"], kind="stable", na_position="first")
    return pd.DataFrame(
        {
            "mark": "event",
            "year": shown["year"],
            "year_to": shown["year_end"],
            "text": shown["event"],
            "text_tr": shown["event_tr"],
            "kind": shown["kind"].astype("str"),
            "number": range(1, len(shown) + 1),
            "rows": shown["source"],
        }
    )


def _facts(table: pd.DataFrame) -> dict:
    bars = table[table["mark"] == "bar"]
    years = table.loc[table["mark"] == "cumulative", "year"]
    return {
        "n": int(bars["agreements"].sum()),
        "first": years.min(),
        "last": years.max(),
        "schemes": list(table.loc[table["mark"] == "total", "scheme"].unique()),
    }


def _bars(axis, bars: pd.DataFrame) -> None:
    below = pd.Series(0, index=bars["year"].unique())
    for region, colour in colours.REGIONS.items():
        rows = bars[bars["region"] == region].set_index("year")["agreements"].astype(int)
        if len(rows):
            axis.bar(
                rows.index.astype(int),
                rows,
                bottom=below[rows.index],
                width=0.82,
                color=colour,
                hatch=colours.HATCHES.get(region),
                edgecolor=style.PAPER if region not in colours.HATCHES else style.QUIET,
                linewidth=0.5,
                zorder=3,
                label=region,
            )
            below = below.add(rows, fill_value=0)


def _lines(axis, running: pd.DataFrame, labels: Labels) -> None:
    looks = {"metropolitan": (style.INK, "-"), "district": (style.ACCENT, (0, (4, 1.5)))}
    top = running["agreements"].max()
    for level, rows in running.groupby("level", sort=False):
        colour, dashes = looks[level]
        axis.step(
            rows["year"].astype(int), rows["agreements"].astype(int), where="post",
            color=colour, linestyle=dashes, linewidth=1.8, label=level,
        )  # fmt: skip
        last = rows.iloc[-1]
        axis.annotate(
            f"{labels['level.' + level]} {labels.number(last['agreements'])}",
            (last["year"], last["agreements"]), xytext=(0, 4 if last["agreements"] == top else -22),
            textcoords="offset points",
            color=colour, fontweight="bold", ha="right", annotation_clip=False,
        )  # fmt: skip
    axis.set_ylim(0, top * 1.25 + 1)
    axis.set_title(labels["timeline.panel.cumulative"])
    axis.set_ylabel(labels["timeline.axis"])


def _draw_bands(axis, bands: pd.DataFrame) -> None:
    """One band a term, its left edge before the election year's bar; text above the panel."""
    for number, band in enumerate(bands.itertuples()):
        left, right = band.year - 0.5, band.year_to - 0.5
        axis.axvspan(
            left, right, color="#e4e8ec" if number % 2 else "#f3f5f7", linewidth=0, zorder=0,
            label="term",
        )  # fmt: skip
        axis.text(
            (left + right) / 2, 1.02, _wrapped(band.text), transform=axis.get_xaxis_transform(),
            ha="center", va="bottom", fontsize=6.4, color=style.QUIET, linespacing=1.15,
        )  # fmt: skip


def _draw_events(axis, events: pd.DataFrame) -> None:
    """A tick at each year that has events, and their numbers under the year's own label."""
    for year, rows in events.groupby("year"):
        axis.plot(
            [year, year], [0, -0.03], transform=axis.get_xaxis_transform(), color=style.INK,
            linewidth=1, clip_on=False, zorder=5, label="event",
        )  # fmt: skip
        for place, row in enumerate(rows.itertuples()):
            axis.annotate(
                str(row.number), (year, 0), xycoords=axis.get_xaxis_transform(),
                xytext=(0, -20 - 72 * EVENT_ROW * place), textcoords="offset points",
                ha="center", va="top", fontsize=6, fontweight="bold", color=EVENTS[row.kind],
            )  # fmt: skip


def _key(events: pd.DataFrame, labels: Labels) -> list[list[tuple]]:
    """The key's two columns of lines (text, weight, colour): a heading a kind, then its events."""
    text = "text_tr" if labels.language == "tr" else "text"
    lines = []
    for kind, rows in events.groupby("kind", sort=False):
        lines.append((labels[f"event.{kind}"], "bold", EVENTS[kind]))
        for _, row in rows.iterrows():
            span = f"–{row['year_to']}" if pd.notna(row["year_to"]) else ""
            said = f"{row['number']}  {row['year']}{span}  {row[text]}"
            wrapped = textwrap.wrap(style.plain(said), 92, subsequent_indent="      ")
            lines += [(line, "normal", style.INK) for line in wrapped]
    half = -(-len(lines) // 2)
    # A heading does not stand alone at the end of a column.
    half -= lines[half - 1][1] == "bold"
    return [lines[:half], lines[half:]]


def _draw_key(figure: Figure, columns: list[list[tuple]], top: float) -> None:
    """`top` in inches from the figure's lower edge."""
    height = figure.get_figheight()
    for column, lines in enumerate(columns):
        for line, (text, weight, colour) in enumerate(lines):
            figure.text(
                0.06 + 0.465 * column, (top - KEY_LINE * line) / height, text,
                fontsize=6.4, fontweight=weight, color=colour, va="top",
            )  # fmt: skip


def _wrapped(text: str) -> str:
    """Party, then the mayors, a name part a line: a band is narrow."""
    party, mayors = text.split("\n")
    return style.plain("\n".join([party, *mayors.replace("-", "– ").split(" ")]))


def _highest(bars: pd.DataFrame, level: str) -> float:
    """The panel's upper limit: its tallest bar and a little room."""
    totals_by_year = bars[bars["level"] == level].groupby("year")["agreements"].sum()
    return max(4, totals_by_year.max()) + 0.8


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows"},
    again=("cumulative", "total"),
    rules=(
        Rule("heights", (0, 1), values("bar", "agreements")),
        Rule("x of bands", (0,), lambda marks: marks["term"]["year"] - 0.5),
        Rule("line heights", (2,), values("cumulative", "agreements")),
    ),
)
