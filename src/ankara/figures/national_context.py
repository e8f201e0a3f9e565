"""The city's ties beside other provinces' and the country's, as others have counted them."""

import pandas as pd
from matplotlib.figure import Figure

from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record
from nbproof.figures.rules import Marks, Rule, values
from nbproof.labels import Labels
from nbproof.study import StudyError

LEVELS = ("metropolitan", "metropolitan_district")
LOOKS = dict(zip([*LEVELS, "all"], ["#1f4e79", "#7fa9cd", "#b9c1cb"], strict=True))
OWN = {"metropolitan": "metropolitan", "district": "metropolitan_district"}
COLUMNS = [
    "mark",
    "province",
    "kind",
    "year_from",
    "year",
    "count",
    "printed",
    "agreements",
    "rows",
]


def table(counts: pd.DataFrame, own: pd.DataFrame, home: str, year: int) -> pd.DataFrame:
    """One row a mark, in COLUMNS.

    counts: reference/national_counts, each with the source row. own: the agreements that are counted
    against it. home: the studied city's province. year: whose list of provinces is drawn. marks:
    `province` (count: its ties by kind of municipality; printed: the total that stands beside them,
    misprint or not), `own` (agreements of home by the same kinds), `country` (all ties of the country
    in a year or since year_from). Raises StudyError where home has no count of that year.
    """
    ties = counts[counts["unit"] == "ties"].rename(columns={"level": "kind", "source": "rows"})
    listed = ties[ties["year"].eq(year) & ties["scope"].eq("province")]
    whole = listed[listed["kind"] == "all"].set_index("province")["count"]
    parts = listed[listed["kind"].isin(LEVELS)]
    if home not in set(parts["province"]):
        raise StudyError(
            f"data/reference/national_counts.csv, column province: no count of {home} for {year} by "
            "kind of municipality; expected one a kind. Add them or choose another year."
        )
    sums = parts.groupby("province")["count"].transform("sum")
    parts = parts.assign(mark="province", printed=parts["province"].map(whole), sums=sums)
    parts = parts.sort_values("sums", ascending=False, kind="stable")
    mine = references.counted(own.assign(kind=own["level"].map(OWN)), "kind", "agreements")
    mine = mine.sort_values("kind").assign(mark="own", province=home, year=own["year"].max())
    country = ties[ties["scope"].eq("country") & ties["kind"].eq("all")].assign(mark="country")
    marks = pd.concat([parts, mine, country.sort_values("year")], ignore_index=True)
    whole_numbers = ["year_from", "year", "count", "printed", "agreements"]
    return marks.reindex(columns=COLUMNS).astype(dict.fromkeys(whole_numbers, "Int64"))


def facts(table: pd.DataFrame) -> dict:
    """What the title and the notebook say of it: both counts of home, their parts, the country's."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    own, country = marks["own"].set_index("kind")["agreements"], marks["country"]
    listed = marks["province"]
    year, home = listed["year"].iloc[0], marks["own"]["province"].iloc[0]
    theirs = listed[listed["province"] == home].set_index("kind")["count"]
    total = country.loc[country["year"] == year, "count"].iloc[0]
    return {
        "home": home, "year": year, "theirs": theirs.sum(), "own": own.sum(), "total": total,
        "share": theirs.sum() / total, "until": marks["own"]["year"].iloc[0],
        **{f"own_{kind}": own.get(kind, 0) for kind in LEVELS},
        **{f"their_{kind}": theirs.get(kind, 0) for kind in LEVELS},
    }  # fmt: skip


def title(table: pd.DataFrame, labels: Labels) -> str:
    """The published count of home beside our own."""
    return labels.fill("national_context.title", **facts(table))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """Above a bar a province, the home one twice; below a bar a count of the whole country."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    own, said = marks["own"].assign(count=marks["own"]["agreements"]), facts(table)
    texts = (labels[f"national_context.{name}"] for name in ("subtitle", "foot"))
    figure = style.page(4.0, title(table, labels), *texts)
    above = figure.add_axes(style.box(figure, 1.65, 1.95, 3.9, 1.75))
    below = figure.add_axes(style.box(figure, 1.65, 0.05, 3.9, 1.35))
    bars = []
    for province, rows in marks["province"].groupby("province", sort=False):
        bars.append((labels.fill("national_context.province", province=province), rows))
        if province == said["home"]:
            bars.append((labels.fill("national_context.own", province=province), own))
    _bars(above, bars, labels, said["home"])
    country = marks["country"]
    bars = [
        (labels[f"national_context.country.{year}"], rows) for year, rows in country.groupby("year")
    ]
    _bars(below, bars, labels, said["home"])
    for axis, key in ((above, "provinces"), (below, "country")):
        axis.set_title(labels.fill(f"national_context.panel.{key}", **said), fontsize=9, x=-0.42)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: title, the provinces with their sums, the country's counts."""
    listed = table[table["mark"] == "province"].groupby("province", sort=False)["count"].sum()
    country = table[table["mark"] == "country"]
    return labels.fill(
        "national_context.alt", title=title(table, labels).replace("\n", " "),
        provinces=labels.listing(f"{name} {n}" for name, n in listed.items()),
        country=labels.listing(f"{row.year}: {labels.number(row.count)}" for row in country.itertuples()),
    )  # fmt: skip


def _bars(axis, bars: list[tuple[str, pd.DataFrame]], labels: Labels, home: str) -> None:
    """A line a name: its parts by kind, their sum, and the printed total where that is another."""
    for line, (_, parts) in enumerate(bars):
        left = 0
        for row in parts.itertuples():
            axis.barh(
                line, row.count, left=left, height=0.74, color=LOOKS[row.kind], label=row.mark
            )
            left += row.count
            if len(parts) > 1:
                axis.text(
                    left - row.count / 2, line, labels.number(row.count), fontsize=8, ha="center",
                    va="center_baseline", color=style.PAPER if row.kind == "metropolitan" else style.INK,
                )  # fmt: skip
        printed = row.printed if pd.notna(row.printed) else left
        key = "national_context." + ("sum" if printed == left else "misprint")
        said = labels.fill(key, n=left, printed=printed)
        axis.annotate(said, (left, line), (4, 0), textcoords="offset points", fontsize=8,
                      va="center_baseline", fontweight="bold")  # fmt: skip
    axis.set_yticks(range(len(bars)), [name for name, _ in bars], fontsize=8, color=style.INK)
    for label in axis.get_yticklabels():
        label.set_fontweight("bold" if label.get_text().startswith(home) else "normal")
    axis.invert_yaxis()
    axis.set_xticks([])
    axis.tick_params(axis="y", length=0)
    style.despine(axis, "left", "bottom")


def _listed(marks: Marks) -> list:
    return [*marks["province"]["count"], *marks["own"]["agreements"]]


FIGURE = Record(
    __name__,
    describe,
    counted={"agreements": "rows"},
    rules=(Rule("widths", (0,), _listed), Rule("widths", (1,), values("country", "count"))),
)
