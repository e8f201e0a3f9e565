"""Studies side by side by one measure: a share of each study's agreements, with the counts."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib.figures import shared
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.labels import Labels

LINE = 0.2  # inches a bar


def table(measures: pd.DataFrame, measure: str) -> pd.DataFrame:
    """mark (`bar`), measure, study, group, agreements, of, value, rows: one row a bar.

    measures: rows of processed/measures; measure: one of them that is a share or a distance.
    """
    found = measures[measures["measure"] == measure].assign(mark="bar")
    order = (
        found.groupby("group")["agreements"].sum().sort_values(ascending=False, kind="stable").index
    )
    if measure in ("decade", "distance"):
        order = list(dict.fromkeys(found["group"]))
        order = sorted(order) if measure == "decade" else order
    found = found.assign(place=found["group"].map(list(order).index))
    found = found.sort_values(["place", "study"], kind="stable")
    return found[
        ["mark", "measure", "study", "group", "agreements", "of", "value", "rows"]
    ].reset_index(drop=True)


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Where the studies lie farthest apart."""
    measure = table["measure"].iloc[0]
    spread = table.groupby("group", sort=False)["value"].agg(lambda v: v.max() - v.min())
    rows = table[table["group"] == spread.idxmax()]
    most, least = rows.loc[rows["value"].idxmax()], rows.loc[rows["value"].idxmin()]
    facts = {"group": _named(most["group"], labels), "one": most["study"], "two": least["study"]}
    return labels.fill(f"compare.title.{measure}", x=most["value"], y=least["value"], **facts)


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A group of bars a group, a bar a study, with share and count, or kilometres."""
    measure, names = table["measure"].iloc[0], list(dict.fromkeys(sorted(table["study"])))
    groups = list(dict.fromkeys(table["group"]))
    places = {
        (group, name): number * (len(names) + 0.6) + line
        for number, group in enumerate(groups)
        for line, name in enumerate(names)
    }
    last = max(places.values())
    figure = style.page(
        LINE * (last + 1.5), title(table, labels), labels[f"compare.subtitle.{measure}"],
        labels["compare.foot"],
    )  # fmt: skip
    axis = figure.subplots()
    for row in table.itertuples():
        at = places[row.group, row.study]
        colour = style.SERIES[names.index(row.study) % 5]
        axis.barh(at, row.value, color=colour, height=0.8, label=row.study)
        key = "compare.km" if measure == "distance" else "compare.share"
        said = labels.fill(
            key, x=row.value, n=0 if pd.isna(row.agreements) else row.agreements, of=row.of
        )
        shared.beside(axis, (row.value, at), f"{said}  {style.plain(row.study)}")
    middles = [(places[group, names[0]] + places[group, names[-1]]) / 2 for group in groups]
    axis.set_yticks(middles, [style.plain(_named(group, labels)) for group in groups])
    axis.set(xticks=[], ylim=(last + 0.6, -0.6), xlim=(0, 1.5 * table["value"].max()))
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left", "bottom")
    figure.subplots_adjust(left=1.3 / style.WIDTH)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: the finding, and how many bars."""
    return labels.fill("compare.alt", title=title(table, labels), n=len(table))


def _named(group: str, labels: Labels) -> str:
    keys = (f"region.{group}", f"compare.group.{group}")
    return next((labels[key] for key in keys if key in labels), str(group))


READINGS = (reads("bar", "bars", width="value", beside="… {study}"),)
