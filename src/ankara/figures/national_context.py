"""The city's ties beside other provinces' and the country's, as others have counted them."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib.figures import bars, shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels
from nbproof.study import StudyError

LEVELS = ("metropolitan", "metropolitan_district")
LOOKS = dict(
    zip([*LEVELS, "all"], [{"color": c} for c in (bars.DARK, bars.LIGHT, bars.GREY)], strict=True)
)
OWN = {"metropolitan": "metropolitan", "district": "metropolitan_district"}
COLUMNS = ["mark", "province", "kind", "year_from", "year", "count", "printed"]
COLUMNS += ["agreements", "rows"]


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
    mine = references.counted(
        own.assign(kind=own["level"].map(OWN)), "kind", "agreements", "agreement_id"
    )
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
    said = facts(table)
    texts = (labels.fill(f"national_context.{name}", **said) for name in ("subtitle", "foot"))
    figure = style.page(4.0, title(table, labels), *texts)
    above = figure.add_axes(style.box(figure, 1.65, 1.95, 3.9, 1.75))
    below = figure.add_axes(style.box(figure, 1.65, 0.05, 3.9, 1.35))
    listed, country = [], table[table["mark"] == "country"]
    for (province, mark), rows in table.groupby(["province", "mark"], sort=False):
        numbers = rows["count"].fillna(rows["agreements"])
        name = labels.fill(f"national_context.{mark}", province=province)
        listed.append(
            (name, numbers.sum(), rows["printed"].max(), zip(rows["kind"], numbers, strict=True))
        )
    # Our own count comes last in the table; it is drawn by its size, below that of the list.
    listed.sort(key=lambda bar: -bar[1])
    bars.stacked(above, [(name, list(parts)) for name, *_, parts in listed], LOOKS, labels)
    for line, (_, n, printed, _) in enumerate(listed):
        key = "misprint" if pd.notna(printed) and printed != n else "sum"
        text = labels.fill(f"national_context.{key}", n=n, printed=printed)
        look = {"va": "center_baseline", "fontweight": "bold"}
        shared.beside(above, (n, line), text, 4, **look)
    for label in above.get_yticklabels():
        label.set_fontweight("bold" if label.get_text().startswith(said["home"]) else "normal")
    names = [labels[f"national_context.country.{year}"] for year in country["year"]]
    bars.stacked(below, [(name, [("all", n)]) for name, n in zip(names, country["count"], strict=True)],
                 LOOKS, labels)  # fmt: skip
    for axis, key in ((above, "provinces"), (below, "country")):
        text = labels.fill(f"national_context.panel.{key}", **said)
        axis.set_title(text, fontsize=9, x=-0.42)
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


FIGURE = Record(__name__, describe, counted={"agreements": "rows"}, readings=(
    reads("province", "bars", (0,), row="[national_context.province]", width="count", beside="#count",
          shade="kind=metropolitan ? dark : light"),
    reads("own", "bars", (0,), row="{province}…", width="agreements", beside="#agreements",
          shade="kind=metropolitan ? dark : light"),
    reads("country", "bars", (1,), row="[national_context.country.{year}]", width="count",
          beside="#count", panel="[national_context.panel.country]"),
))  # fmt: skip
