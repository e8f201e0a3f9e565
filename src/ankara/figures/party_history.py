"""Each municipality's ruling party by term, its place in the national government, its agreements."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from diplolib.figures import colours, shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

# From dark to light; unknown is hatched.
STATUSES = {"leads": "#8db9dc", "sits": "#c9dfef", "neither": "#f1ede4", "unknown": "#ffffff"}
ROW, NAMES = 0.27, 1.1  # inches: a municipality's line, and the column of the names
DOT = 11  # square points an agreement
KEY = ["level", "municipality", "year"]
COLUMNS = ["mark", *KEY, "year_to", "status", "text", "agreements", "rows"]


def table(panel: pd.DataFrame, *, government_source: str) -> pd.DataFrame:
    """One row a mark, from a municipality × year panel (the columns of `diplolib.panel.with_rows`).

    government_source: whose governments they are, a key of the label `foot`. Returns mark, level,
    municipality, year, year_to (not included), status, text, agreements, rows; marks: `government` (years
    with one leading party; text is missing where it is unknown, status holds the source), `status`
    (years of a municipality in which its mayor's party leads the government, only sits in it, neither,
    or unknown), `party` (years with one party; status is that of their beginning) and `agreements` (a
    year with any). A halved election year begins or ends a span in its middle. rows: the governments of
    those years, the elections and what the parties became (of a `status` both), or the agreements
    counted.
    """
    rows = panel.sort_values(["year", "term"], na_position="first", kind="stable")
    rows = rows.assign(status=_status(rows))
    rows["year_to"] = rows["year"] + rows.groupby(KEY)["exposure"].cumsum()
    rows["year"] = rows["year_to"] - rows["exposure"]
    of_state = rows.assign(year=rows["year"].floordiv(1)).drop_duplicates("year")
    of_state = of_state.assign(year_to=of_state["year"] + 1, level=pd.NA, municipality=pd.NA)
    rows["both"] = references.several(rows["party_rows"], rows["government_rows"])
    government = _spans(of_state, "leading_party", "government_rows")
    government = government.rename(columns={"leading_party": "text"})
    parties = _spans(rows, "party", "party_rows").rename(columns={"party": "text"})
    signed = rows.assign(year=rows["year"].floordiv(1)).groupby(KEY, as_index=False)
    signed = signed.agg(agreements=("agreements", "sum"), rows=("agreement_rows", "first"))
    signed = signed[signed["agreements"] > 0]
    marks = [
        government.assign(mark="government", status=government_source),
        _spans(rows, "status", "both").assign(mark="status"),
        parties.dropna(subset="text").assign(mark="party"),
        signed.assign(mark="agreements", year_to=signed["year"] + 1),
    ]
    # In the order in which the panel names its municipalities.
    order = panel["municipality"].drop_duplicates().reset_index(drop=True)
    place = {name: number for number, name in order.items()}
    marks = pd.concat(marks, ignore_index=True).astype({"agreements": "Int64"})
    marks = marks.sort_values(
        "municipality", key=lambda names: names.map(place), na_position="first", kind="stable"
    )
    return marks.reindex(columns=COLUMNS).reset_index(drop=True)


def title(table: pd.DataFrame, labels: Labels) -> str:
    """How many agreements of each level fall into years in which the mayor's party leads the government."""
    counts = {level: {"leads": n["leads"], "n": n.sum()} for level, n in _by_status(table).items()}
    values = {f"{level}_{name}": n for level, some in counts.items() for name, n in some.items()}
    return labels.fill(
        "party_history.title." + ("both" if len(counts) > 1 else next(iter(counts))), **values
    )


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A strip a municipality, under one for the government."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    places = marks["status"][["level", "municipality"]].drop_duplicates()
    # A little room between the government, the metropolitan municipality and the districts.
    room = 1.35 + 0.35 * (places["level"] == "district")
    lines = dict(zip(places["municipality"], room + list(range(len(places))), strict=True))
    tall = ROW * (max(lines.values()) + 1.15)
    source = marks["government"]["status"].iloc[0]
    foot = " ".join(labels[f"party_history.{name}"] for name in (f"foot.{source}", "notes"))
    subtitle = labels.fill("party_history.subtitle", **_facts(table))
    figure = style.page(tall + 0.62, title(table, labels), subtitle, foot)
    wide = style.WIDTH - 2 * style.MARGIN - NAMES
    axis = figure.add_axes(style.box(figure, NAMES, 0.25, wide, tall))
    year = wide / (table["year_to"].max() - table["year"].min())  # inches
    government, status = marks["government"], marks["status"]
    known = government["text"].notna()
    colour = known.map({True: style.QUIET, False: style.PAPER})
    _strips(axis, government.assign(status="government"), 0, colour, ~known)
    for row in government[known].itertuples():
        _name(axis, row, 0.42, labels, style.PAPER, year)
    line, colour = status["municipality"].map(lines), status["status"].map(STATUSES)
    _strips(axis, status, line, colour, status["status"] == "unknown")
    first = status.groupby("municipality")["year"].min()
    for row in marks["party"].itertuples():
        line = lines[row.municipality]
        if row.year > first[row.municipality]:
            axis.plot([row.year] * 2, [line, line + 0.84], color=style.INK, linewidth=0.7)
        _name(axis, row, line + 0.24, labels, style.INK, year)
    signed = marks["agreements"]
    axis.scatter(
        signed["year"] + 0.5, signed["municipality"].map(lines) + 0.65,
        s=DOT * signed["agreements"].astype(int),
        color=style.ACCENT, edgecolor=style.PAPER, linewidth=0.4, zorder=4, label="agreements",
    )  # fmt: skip
    _axes(axis, table, lines, places, labels)
    _legend(figure, style.box(figure, 0, tall + 0.34, 0, 0)[:2], labels)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: how many agreements fall into years of each status, by level."""
    said = [labels.fill("party_history.alt", **_facts(table))]
    for level, counts in _by_status(table).items():
        said.append(labels.fill(f"party_history.alt.{level}", n=counts.sum(), **counts))
    return " ".join(said)


def _status(rows: pd.DataFrame) -> pd.Series:
    leads, sits = rows["aligned_leads"], rows["aligned_sits"]
    status = pd.Series("unknown", index=rows.index)
    status[(leads.eq(False) & sits.eq(False)).fillna(False)] = "neither"
    status[sits.fillna(False)] = "sits"
    status[leads.fillna(False)] = "leads"
    return status


def _spans(rows: pd.DataFrame, column: str, references_in: str) -> pd.DataFrame:
    """Runs of one value: level, municipality, year, year_to, the column, the status at first, rows."""
    place = rows.groupby(KEY[:2], sort=False, dropna=False).ngroup()
    rows = rows.assign(place=place).sort_values("place", kind="stable")
    value = rows["place"].astype("str") + rows[column].astype("str").fillna("")
    run = (value != value.shift()).cumsum()
    runs = rows.groupby(run)
    spans = runs[list(dict.fromkeys([*KEY, "status", column]))].head(1).reset_index(drop=True)
    return spans.assign(
        year_to=runs["year_to"].max().to_numpy(),
        rows=runs[references_in].agg(references.joined).to_numpy(),
    )


def _by_status(table: pd.DataFrame) -> dict[str, pd.Series]:
    """level → agreements by status. A halved year's agreements are halved too."""
    spans, signed = table[table["mark"] == "status"], table[table["mark"] == "agreements"]
    both = signed.merge(spans, on=["level", "municipality"], suffixes=("", "_span"))
    ends = both[["year_to", "year_to_span"]].min(axis="columns")
    overlap = (ends - both[["year", "year_span"]].max(axis="columns")).clip(lower=0)
    parts = (both["agreements"] * overlap).groupby([both["level"], both["status_span"]]).sum()
    by_level = parts.unstack(fill_value=0).reindex(columns=list(STATUSES), fill_value=0)
    return {
        level: by_level.loc[level]
        for level in ("metropolitan", "district")
        if level in by_level.index
    }


def _facts(table: pd.DataFrame) -> dict:
    spans = table[table["mark"] == "status"]
    return {
        "n": table["agreements"].sum(),
        "districts": spans.loc[spans["level"] == "district", "municipality"].nunique(),
        "first": spans["year"].min(),
        "last": spans["year_to"].max() - 1,
    }


def _axes(axis, table, lines: dict[str, float], places: pd.DataFrame, labels: Labels) -> None:
    first, last = int(table["year"].min()), int(table["year_to"].max())
    axis.set_ylim(max(lines.values()) + 1, -0.15)
    axis.set_xlim(first, last)
    # Years of local elections, which fall five years apart
    ticks = [year for year in range(first, last) if year % 5 == 4]
    axis.set_xticks([year + 0.5 for year in ticks], [str(year) for year in ticks])
    names = [
        labels.fill(f"party_history.name.{level}", name=style.plain(name))
        for level, name in places.itertuples(index=False)
    ]
    axis.set_yticks(
        [line + 0.42 for line in (0, *lines.values())],
        [labels["party_history.government"], *names], color=style.INK,
    )  # fmt: skip
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left", "bottom")


def _strips(axis, rows, line, colour: pd.Series, hatched: pd.Series) -> None:
    # One call for all: each by itself takes three times as long.
    axis.barh(
        line, rows["year_to"] - rows["year"], left=rows["year"], height=0.84, align="edge", color=colour,
        hatch=np.where(hatched, colours.HATCHES["unidentified"], None), linewidth=0.6,
        label=[*rows["status"]], edgecolor=np.where(hatched, style.QUIET, style.PAPER),
    )  # fmt: skip


def _name(axis, row, line: float, labels: Labels, colour: str, year: float) -> None:
    """A name that its span cannot hold stays in the table; on a hatch it gets a ground.

    year: how wide one is, in inches.
    """
    name = labels["party_history.independent"] if row.text == "independent" else row.text
    if style.width_of(name, style.SMALL) > (row.year_to - row.year) * year:
        return
    ground = {"facecolor": style.PAPER, "linewidth": 0, "pad": 0.6}
    axis.text(
        row.year + 0.02 / year, line, style.plain(name), fontsize=style.SMALL, color=colour,
        va="center_baseline", bbox=ground if row.status == "unknown" else None,
    )  # fmt: skip


def _legend(figure: Figure, place: list[float], labels: Labels) -> None:
    handles = [
        Patch(
            facecolor=colour, label=labels[f"party_history.status.{status}"], linewidth=0.4,
            edgecolor=style.QUIET, hatch=colours.HATCHES["unidentified"] if status == "unknown" else None,
        )
        for status, colour in STATUSES.items()
    ]  # fmt: skip
    dots = {"linestyle": "", "marker": "o", "color": style.ACCENT, "markeredgewidth": 0}
    for n in (1, 4):
        look = {"markersize": (DOT * n) ** 0.5, "label": labels.fill("party_history.dot", n=n)}
        handles.append(Line2D([], [], **dots, **look))
    shared.keys(figure, place, len(handles), handles=handles)


SPAN = {"left": "year-0.5", "right": "year_to-0.5"}
FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, joins=True, readings=(
    reads("status", "bars", (0,), row="{municipality}…", colour="[party_history.status.{status}]",
          **SPAN),
    reads("agreements", "dots", (0,), row="{municipality}…", x="year", area="agreements",
          sized="#agreements?"),
    reads("government", "bars", (0,), row="[party_history.government]", inside="{text}?",
          form="text=nan ? hatched : full", **SPAN),
))  # fmt: skip
