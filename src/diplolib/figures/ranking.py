"""With which countries, regions or purposes most agreements are."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib.figures import shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

SHOWN = 20  # bars; the others are one more
LINE = 0.19  # inches a bar


def table(agreements: pd.DataFrame, names: pd.DataFrame, by: str = "country") -> pd.DataFrame:
    """One row a bar, from the selected agreements, the longest first.

    agreements: rows of processed/agreements. names: reference/countries. by: country, region (UN M49) or
    purpose. Returns mark (`bar`; `rest`: all that are less; `unknown`: those without), by, name,
    name_tr, agreements, rows.
    """
    column = {"country": "country_code", "region": "region_un_m49"}.get(by, by)
    counted = references.counted(agreements, column, "agreements", "agreement_id")
    counted = counted.sort_values(["agreements", column], ascending=[False, True])
    named = names.set_index("country_code")
    for name in ("name", "name_tr"):
        counted[name] = counted[column].map(named[name]) if by == "country" else counted[column]
    marks = [counted.head(SHOWN).assign(mark="bar")]
    for mark, rows in (
        ("rest", agreements[agreements[column].isin(counted[column].iloc[SHOWN:])]),
        ("unknown", agreements[agreements[column].isna()]),
    ):
        if len(rows):
            ids = references.joined(rows["agreement_id"])
            marks.append(pd.DataFrame([{"mark": mark, "agreements": len(rows), "rows": ids}]))
    found = pd.concat(marks, ignore_index=True).assign(by=by)
    return found[["mark", "by", "name", "name_tr", "agreements", "rows"]].astype(
        {"agreements": "Int64"}
    )


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Who leads, if one does."""
    bars = table[table["mark"] == "bar"]
    first = bars[bars["agreements"] == bars["agreements"].max()]
    facts = {"n": int(table["agreements"].sum()), "most": 0, "name": ""}
    if len(first) == 1:
        facts |= {"most": int(first["agreements"].iloc[0]), "name": _names(first, labels)[0]}
    return labels.fill("ranking.title.first" if len(first) == 1 else "ranking.title.none", **facts)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A bar each, with its number; what is left and what is unknown stand below, in grey."""
    by = table["by"].iloc[0]
    figure = style.page(
        LINE * len(table), title(table, labels), labels[f"ranking.subtitle.{by}"], labels["ranking.foot"]
    )  # fmt: skip
    axis = figure.subplots()
    for line, row in enumerate(table.itertuples()):
        colour = style.SERIES[0] if row.mark == "bar" else style.REST
        axis.barh(line, row.agreements, color=colour, height=0.74, label=row.mark)
        shared.beside(axis, (row.agreements, line), labels.number(row.agreements))
    names = [style.plain(name) for name in _names(table, labels)]
    shared.named(axis, names, color=style.QUIET)
    widest = max(style.width_of(name, style.SMALL) for name in names)
    figure.subplots_adjust(left=(style.MARGIN + widest + 0.08) / style.WIDTH)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: every bar."""
    counts = shared.counts(_names(table, labels), table["agreements"], labels)
    return f"{title(table, labels)}. {counts}."


def _names(table: pd.DataFrame, labels: Labels) -> list[str]:
    """Each bar's name in the language; a region's is a label."""
    names = []
    for row in table.to_dict("records"):
        name = row[labels.column("name")]
        if row["mark"] != "bar":
            name = labels[f"ranking.{row['mark']}"]
        is_region = row["by"] == "region" and row["mark"] == "bar"
        names.append(labels[f"region.{name}"] if is_region else name)
    return names


FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, joins=True, readings=(
    reads("bar", "bars", row="[region.{name}|{name*}]", width="agreements"),
    reads("bar", "texts", row="[region.{name}|{name*}]", said="{agreements}"),
    *(
        reads(mark, "bars", row=f"[ranking.{mark}]", width="agreements")
        for mark in ("rest", "unknown")
    ),
))  # fmt: skip
