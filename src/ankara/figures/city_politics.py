"""Agreements under mayors of the governing party and under others: counts, ratios, the estimate."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullLocator

from diplolib import inference, panel
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Rule, values
from nbproof.labels import Labels

ALIGNED, OTHER = "#1f4e79", "#d9a441"
# A bar's place beside the others of its term, and its look
GROUPS = {
    "aligned": (-0.28, {"facecolor": ALIGNED}),
    "other": (0.0, {"facecolor": OTHER, "hatch": "....", "edgecolor": style.PAPER}),
    "unknown": (0.28, {"facecolor": style.PAPER, "hatch": "//////", "edgecolor": style.QUIET}),
}
NOISE = "#c3cad3"
BINS = 28
COLUMNS = [
    "mark", "level", "text", "year", "year_to", "source", "parties", "alignment", "aligned", "cut_short",
    "agreements", "years", "value", "low", "high", "by_year", "by_both", "signed", "rows",
]  # fmt: skip
# Marker, colour and size; the smaller ones lie on top.
STEPS = {
    "value": ("o", ALIGNED, 26),
    "by_year": ("s", "#9dbbd6", 48),
    "by_both": ("D", style.ACCENT, 30),
}


def table(
    terms: pd.DataFrame,
    ladders: pd.DataFrame,
    periods: pd.DataFrame,
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

    terms: metropolitan rates (`inference.rates`, with rows) by term, with party; the last one is cut
    short, and one that began before the first election is unknown.
    ladders: one row a level, window, source, parties (documented or elected) and alignment
    (`inference.ladder`, with year, year_to, rows; of one municipality `inference.rate_ratio`).
    periods: district rates by term and aligned, in the sense of `alignment` (leads or sits). The rest
    belongs to the estimate: the ratio, those without one municipality
    (`inference.leave_one_out`), the panel's rows told apart by it (of `panel.with_rows`), the ratios
    of the permutations, and what was made of them, for the years `window`. variant: parties, value,
    low, high (without one municipality) and p of the estimate by the other parties. carrier: the first
    row of `inference.carriers`, or none.

    Returns COLUMNS; marks: `term` (agreements a year), `ratio` (value: naive, with its interval;
    by_year, by_both), `period` (agreements per district and year), `permuted` (value: permutations with
    a ratio from low to high), `left_out`, `estimate` (low and high: the detectable ratios), `test`
    (value: share of permutations at least as far from 1; years: their number), `variant` (low and
    high: without one municipality) with its `test`, and `carrier` (text: the municipality that carries
    their difference, in these years; signed: its agreements in them; value: the ratio with it alone
    changed). rows: the agreements counted by `term` and `period`; for the others everything that went
    in, for `carrier` what stands behind its years.
    """
    terms = _by_term(terms).rename(columns={"party": "text"})
    last = terms["year"].eq(terms["year"].max()).fillna(False)
    # Ratios of 0 or infinity are stacked at the ends.
    finite = permuted[np.isfinite(permuted) & (permuted > 0)]
    edges = np.geomspace(
        min(finite.min(), estimate), max(finite.max(), estimate) * 1.0001, BINS + 1
    )
    counts, _ = np.histogram(np.clip(permuted, edges[0], edges[-1]), edges)
    rows = panel.rows_behind(told)
    left_out = left_out.rename(columns={"municipality": "text", "ratio": "value"})
    left_out["rows"] = [
        panel.rows_behind(told[told["municipality"] != name]) for name in left_out["text"]
    ]
    marks = [
        terms.assign(mark="term", cut_short=last),
        ladders.rename(columns={"ratio": "value"}).drop(columns="aligned").assign(mark="ratio"),
        _by_term(periods).drop(columns=["low", "high"]).assign(mark="period", alignment=alignment),
        pd.DataFrame({"value": counts, "low": edges[:-1], "high": edges[1:]})
        .assign(mark="permuted", rows=rows),
        left_out.assign(mark="left_out"),
        pd.DataFrame(
            {
                "mark": ["estimate", "test", "variant", "test"],
                "year": window[0],
                "year_to": window[1],
                "parties": [None, None, variant["parties"], variant["parties"]],
                "value": [estimate, p_value, variant["value"], variant["p"]],
                "low": [detectable[0], None, variant["low"], None],
                "high": [detectable[1], None, variant["high"], None],
                "years": [None, len(permuted), None, len(permuted)],
                "rows": rows,
            }
        ),
        carrier.head(1).rename(columns={"municipality": "text", "ratio": "value", "agreements": "signed"})
        .assign(mark="carrier", rows=panel.rows_behind(_of(told, carrier))),
    ]  # fmt: skip
    marks = pd.concat(marks, ignore_index=True).reindex(columns=COLUMNS)
    numbers = ["agreements", "years", "value", "low", "high", "by_year", "by_both", "signed"]
    marks[numbers] = marks[numbers].astype("float64").round(inference.DIGITS)
    whole = {"year": "Int64", "year_to": "Int64", "aligned": "boolean", "cut_short": "boolean"}
    return marks.astype(whole)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above the metropolitan terms and the districts' rates by term, below ratios and permutations."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    figure = Figure(figsize=(10, 11))
    places = {
        "terms": (0.135, 0.6, 0.335, 0.25),
        "periods": (0.575, 0.6, 0.405, 0.25),
        "ratios": (0.255, 0.165, 0.3, 0.32),
        "estimate": (0.645, 0.235, 0.335, 0.25),
    }
    axes = {name: figure.add_axes(place) for name, place in places.items()}
    _terms(axes["terms"], marks["term"], labels)
    _periods(axes["periods"], marks["period"], labels)
    _ratios(axes["ratios"], marks["ratio"], labels)
    _permutations(axes["estimate"], marks, labels)
    facts = _facts(table)
    for name, axis in axes.items():
        box = axis.get_position()
        left = {"ratios": 0.06, "terms": 0.06}.get(name, box.x0)
        title = labels.fill(f"city_politics.panel.{name}", **facts)
        figure.text(left, box.y1 + 0.036, title, fontsize=10, fontweight="bold")
        note = labels.fill(f"city_politics.note.{name}", **facts)
        figure.text(left, box.y1 + 0.028, note, fontsize=8, color=style.QUIET, va="top")
    subtitle = labels.fill("city_politics.subtitle", **facts) + "\n" + _carried(facts, labels)
    style.head(figure, labels["city_politics.title"], subtitle)
    style.foot(figure, labels["city_politics.foot"])
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: terms, ratios of the first window, the estimate among the permutations."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    terms = []
    for row in marks["term"].itertuples():
        values = {"n": row.agreements, "years": row.years}
        if pd.notna(row.year):
            values |= {"party": row.text, "year": row.year}
        key = "term" if pd.notna(row.year) else "earlier"
        terms.append(labels.fill(f"city_politics.alt.{key}", **values))
    said = [labels.fill("city_politics.alt.terms", terms=labels.listing(terms))]
    blocks = marks["ratio"].groupby(["level", "year", "year_to"], sort=False)
    for (level, *_), window in blocks:
        alike = len(window[list(STEPS)].drop_duplicates()) == 1
        said += [
            labels.fill(
                f"city_politics.alt.{level}", first=row.year, last=row.year_to, naive=row.value,
                by_year=row.by_year, by_both=row.by_both,
                which=labels["city_politics.alt.all"] if alike else _row(row, labels),
            )
            for row in window.head(1 if alike else len(window)).itertuples()
        ]  # fmt: skip
    facts = _facts(table)
    said.append(labels.fill("city_politics.alt.estimate", **facts))
    return " ".join([*said, _carried(facts, labels)])


def _by_term(rates: pd.DataFrame) -> pd.DataFrame:
    rates = rates.rename(columns={"term": "year", "rate": "value", "exposure": "years"})
    return rates.sort_values("year", na_position="first", kind="stable")


def _of(told: pd.DataFrame, carrier: pd.DataFrame) -> pd.DataFrame:
    """The rows of the municipality and years that carry the difference."""
    first = carrier.head(1).set_index("municipality")
    years = told["municipality"].map(first["year"]), told["municipality"].map(first["year_to"])
    return told[told["year"].between(*years)]


def _row(row, labels: Labels) -> str:
    return labels.fill(
        "city_politics.row",
        parties=labels[f"city_politics.parties.{row.parties}"],
        alignment=labels[f"city_politics.alignment.{row.alignment}"],
    )


def _carried(facts: dict, labels: Labels) -> str:
    return labels.fill("city_politics." + ("carrier" if "carrier" in facts else "nobody"), **facts)


def _facts(table: pd.DataFrame) -> dict:
    marks = dict(iter(table.groupby("mark", sort=False)))
    estimate, test = marks["estimate"].iloc[0], marks["test"].iloc[0]
    variant, carrier = marks["variant"].iloc[0], marks.get("carrier", table.head(0))
    ratios = {"documented": estimate["value"], "elected": estimate["value"]}
    ratios[variant["parties"]] = variant["value"]
    names = {"text": "carrier", "year": "since", "year_to": "until", "value": "only"}
    carried = carrier[[*names, "signed"]].rename(columns=names).to_dict("records")
    without = marks["left_out"].sort_values("value")
    return {
        "first": estimate["year"],
        "last": estimate["year_to"],
        "ratio": estimate["value"],
        "low": estimate["low"],
        "high": estimate["high"],
        **ratios,
        **(carried[0] if carried else {}),
        "variant": variant["value"],
        "variant_low": variant["low"],
        "variant_high": variant["high"],
        "variant_p": marks["test"].iloc[1]["value"],
        "p": test["value"],
        "permutations": test["years"],
        "least": without["value"].iloc[0],
        "most": without["value"].iloc[-1],
        "least_without": without["text"].iloc[0],
        "most_without": without["text"].iloc[-1],
        "metropolitan": marks["term"]["agreements"].sum(),
        "district": marks["period"]["agreements"].sum(),
    }


def _terms(axis, terms: pd.DataFrame, labels: Labels) -> None:
    """A term a line, in time; the last one hollow, since the lists end before it does."""
    for line, row in enumerate(terms.itertuples()):
        axis.plot([row.low, row.high], [line, line], color=style.QUIET, linewidth=1, zorder=1)
        axis.scatter(
            row.value, line, s=46, zorder=2, edgecolor=ALIGNED, linewidth=1.4,
            color=style.PAPER if row.cut_short else ALIGNED, label=str(row.year),
        )  # fmt: skip
        text = labels.fill("city_politics.count", n=row.agreements, years=row.years)
        axis.text(row.high + 0.12, line, text, fontsize=7.5, color=style.QUIET, va="center")
    names = [
        f"{row.year} {style.plain(row.text)}"
        if pd.notna(row.year)
        else labels["city_politics.earlier"]
        for row in terms.itertuples()
    ]
    axis.set_yticks(range(len(terms)), names, color=style.INK, fontsize=8)
    axis.set_ylim(len(terms) - 0.5, -0.5)
    axis.set_xlim(0, terms["high"].max() * 1.22)
    axis.set_xlabel(labels["city_politics.axis.terms"])
    axis.tick_params(axis="y", length=0)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.number(value)))
    style.despine(axis, "left")


def _periods(axis, periods: pd.DataFrame, labels: Labels) -> None:
    """Up to three bars a term, each with its agreements and district-years."""
    years = list(dict.fromkeys(periods["year"].fillna(0)))
    for row in periods.itertuples():
        group = "unknown" if pd.isna(row.aligned) else "aligned" if row.aligned else "other"
        shift, look = GROUPS[group]
        place = years.index(0 if pd.isna(row.year) else row.year) + shift
        axis.bar(place, row.value, width=0.26, label=group, linewidth=0, **look)
        text = f"{labels.number(row.agreements)}/{labels.number(row.years)}"
        axis.text(
            place, row.value + 0.012 * periods["value"].max(), text, fontsize=6.8, rotation=90,
            ha="center", va="bottom", color=style.QUIET,
        )  # fmt: skip
    names = [str(year) if year else labels["city_politics.earlier"] for year in years]
    axis.set_xticks(range(len(years)), names)
    axis.set_ylim(0, periods["value"].max() * 1.36)
    axis.set_ylabel(labels["city_politics.axis.periods"])
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.number(value)))
    axis.tick_params(length=3)
    style.despine(axis)
    alignment = periods["alignment"].iloc[0]
    axis.legend(
        handles=[
            Patch(label=labels[f"city_politics.{group}.{alignment}"], linewidth=0, **look)
            for group, (_, look) in GROUPS.items()
        ],
        loc="upper left", fontsize=8, borderaxespad=0, handlelength=1.2, labelspacing=0.3,
    )  # fmt: skip


def _ratios(axis, ratios: pd.DataFrame, labels: Labels) -> None:
    """A line each of parties and alignment, in blocks of one level and window."""
    lines, line, before = [], -0.6, None
    for row in ratios.itertuples():
        block = (row.level, row.year, row.year_to)
        line += 1.0 if block == before else 1.9
        if block != before:
            before = block
            name = labels.fill(f"city_politics.block.{row.level}", first=row.year, last=row.year_to)
            axis.text(
                -0.02, line - 0.8, name, fontsize=8.5, fontweight="bold",
                ha="right", va="center", transform=axis.get_yaxis_transform(),
            )  # fmt: skip
        lines.append(line)
        if pd.notna(row.value):
            axis.plot([row.low, row.high], [line, line], color=style.QUIET, linewidth=1, zorder=1)
        # One municipality has no effects to set apart.
        for step in [name for name in STEPS if pd.notna(getattr(row, name))]:
            marker, colour, size = STEPS[step]
            axis.scatter(
                getattr(row, step), line, marker=marker, s=size, color=colour, label=step,
                zorder=2 + 1 / size, linewidth=0,
            )  # fmt: skip
    names = [_row(row, labels) for row in ratios.itertuples()]
    axis.set_yticks(lines, names, color=style.INK, fontsize=7.8)
    axis.set_ylim(line + 0.7, -0.1)
    axis.tick_params(axis="y", length=0)
    _ratio_axis(axis, [0.5, 1, 2, 4], (0.42, 4.4), labels)
    style.despine(axis, "left")
    axis.legend(
        handles=[
            Line2D([], [], marker=marker, color=colour, linestyle="",
                   label=labels[f"city_politics.step.{step}"])
            for step, (marker, colour, _) in STEPS.items()
        ],
        loc="upper left", bbox_to_anchor=(-0.65, -0.11), ncols=1, fontsize=8, borderaxespad=0,
        handletextpad=0.3,
    )  # fmt: skip


def _permutations(axis, marks: dict[str, pd.DataFrame], labels: Labels) -> None:
    """The estimate among what chance alone gives; below it, the estimates without a municipality."""
    bins, estimate = marks["permuted"], marks["estimate"].iloc[0]
    top = bins["value"].max()
    axis.bar(
        bins["low"], bins["value"], width=bins["high"] - bins["low"], align="edge", color=NOISE,
        edgecolor=style.PAPER, linewidth=0.4, label="permuted",
    )  # fmt: skip
    for value, colour in (
        (marks["variant"]["value"].iloc[0], OTHER), (estimate["value"], style.ACCENT),
    ):  # fmt: skip
        axis.plot([value] * 2, [0, top * 1.02], color=colour, linewidth=1.8)
        axis.text(
            value, top * 1.05, labels.number(value, "0.00"), ha="center", color=colour,
            fontweight="bold", va="bottom",
        )  # fmt: skip
    for value in estimate[["low", "high"]]:
        axis.plot([value] * 2, [0, top * 0.82], color=style.INK, linewidth=1, linestyle=(0, (4, 2)))
        axis.text(
            value, top * 0.85, labels.number(value, "0.00"), ha="center", va="bottom", fontsize=8
        )
    axis.scatter(
        marks["left_out"]["value"], [-0.075 * top] * len(marks["left_out"]), marker="|", s=70,
        color=style.ACCENT, linewidth=0.9, label="left_out",
    )  # fmt: skip
    axis.axhline(0, color=style.HAIR, linewidth=0.8)
    axis.set_ylim(-0.15 * top, top * 1.2)
    low = min(bins["low"].min(), estimate["low"])
    high = max(bins["high"].max(), estimate["high"])
    ticks = [
        tick
        for tick in (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16)
        if low / 1.3 <= tick <= high * 1.3
    ]
    _ratio_axis(axis, ticks, (low / 1.2, high * 1.2), labels)
    axis.set_ylabel(labels["city_politics.axis.permutations"])
    axis.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: labels.number(value) if value >= 0 else "")
    )
    axis.tick_params(length=3)
    style.despine(axis)


def _ratio_axis(axis, ticks: list[float], limits: tuple[float, float], labels: Labels) -> None:
    axis.set_xscale("log")
    axis.set_xlim(*limits)
    axis.set_xticks(ticks, [labels.number(tick, "0.##") for tick in ticks])
    axis.xaxis.set_minor_locator(NullLocator())
    axis.axvline(1, color=style.HAIR, linewidth=1.2, zorder=0)
    axis.set_xlabel(labels["city_politics.axis.ratio"])


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows"},
    rules=(
        Rule("x of markers", (0,), values("term", "value")),
        Rule("heights", (1,), values("period", "value")),
        Rule("x of markers", (2,), values("ratio", "value", "by_year", "by_both")),
        Rule("heights", (3,), values("permuted", "value")),
        Rule("x of markers", (3,), values("left_out", "value")),
    ),
)
