"""With whom: partners by the mayor's party and by kind, with and without one municipality.

Only for a study with the levels metropolitan and district.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from diplolib import partners
from diplolib.figures import bars
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

CHOSEN, COUNTED, WHOLE = bars.DARK, bars.LIGHT, bars.PALE
LEVELS = ("district", "metropolitan")
COLUMNS = [
    "mark", "level", "party", "without", "kind", "named", "agreements", "of", "share", "rows",
]  # fmt: skip


def table(agreements: pd.DataFrame, *, left_out: str) -> pd.DataFrame:
    """One row a level, party and kind of partners, in COLUMNS.

    agreements: as `partners.with_party` returns them. left_out: a district municipality. marks:
    `party` (every party of a level) and `without` (the districts' parties again whose agreements
    include some of `left_out`, without those). kind: all, then `partners.KINDS`; agreements of `of`.
    named: what the title names: for each of the two district parties with most agreements the kind
    whose share is farthest above the other's.
    """
    whole = partners.count(agreements, "party").assign(mark="party")
    own = agreements["level"].eq("district") & agreements["municipality"].eq(left_out)
    rest = partners.count(agreements[~own & agreements["level"].eq("district")], "party")
    concerned = agreements.loc[own, "party"].fillna("unknown").unique()
    rest = rest[rest["party"].isin(concerned)].assign(mark="without", without=left_out)
    marks = pd.concat([whole, rest], ignore_index=True).reindex(columns=COLUMNS)
    marks["named"] = False
    shares = whole[whole["level"].eq("district") & whole["kind"].ne("all")]
    shares = shares.pivot(index="party", columns="kind", values="share")[list(partners.KINDS)]
    large = [party for party in dict.fromkeys(whole.loc[whole["level"].eq("district"), "party"])
             if party != "unknown" and shares.loc[party].notna().all()][:2]  # fmt: skip
    for party, other in zip(large, reversed(large), strict=True) if large[1:] else ():
        kind = (shares.loc[party] - shares.loc[other]).idxmax()
        marks["named"] |= (
            marks[["level", "party", "kind"]].eq(["district", party, kind]).all(axis=1)
        )
    return marks.astype({"named": "boolean"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """The two district parties with most agreements, each with the kind that sets it apart.

    And with what remains of that without the municipality that is left out.
    """
    named = table[table["named"]]
    rest = {row.party: row for row in named[named["mark"] == "without"].itertuples()}
    said = []
    for row in named[named["mark"] == "party"].itertuples():
        kind, aside = labels[f"partners_party.{row.kind}"], rest.get(row.party)
        text = labels.fill(
            "partners_party.of", party=row.party, n=row.agreements, of=row.of, kind=kind
        )
        if aside:
            values = {"left_out": aside.without, "n": aside.agreements, "of": aside.of}
            text += labels.fill("partners_party.aside", **values)
        said.append(text)
    return labels.fill("partners_party." + ("title" if said else "topic"), said=";\n".join(said))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A column a kind; in it a bar a party: the kind's agreements on all of the party's."""
    lines, names, y = {}, {}, -2.0
    for level in LEVELS:
        groups = table[table["level"].eq(level) & table["kind"].eq("all")]
        names[level] = y = y + 2
        # A party without one municipality stands below the party.
        order = groups["party"].map(list(dict.fromkeys(groups["party"])).index)
        for row in groups.loc[order.sort_values(kind="stable").index].itertuples():
            lines[row.mark, level, row.party] = y = y + 1
    body = 0.34 + 0.24 * (y + 1.4)
    notes = (labels[f"partners_party.{name}"] for name in ("subtitle", "foot"))
    figure = style.page(body, title(table, labels), *notes)
    widest = table["of"].max() * 1.12
    for column, kind in enumerate(partners.KINDS):
        axis = figure.add_axes(style.box(figure, 1.5 + 0.94 * column, 0, 0.86, body - 0.34))
        own = table[table["kind"] == kind]
        places = [lines[key] for key in zip(own["mark"], own["level"], own["party"], strict=True)]
        colour = own["named"].map({True: CHOSEN, False: COUNTED})
        # In one call, which takes a third of the time: of each party the whole, then the part on it.
        axis.barh(
            np.repeat(places, 2), own[["of", "agreements"]].stack(), height=0.72, linewidth=0,
            color=[look for part in colour for look in (WHOLE, part)], label=["of", "agreements"] * len(own),
        )  # fmt: skip
        for line, row in zip(places, own.itertuples(), strict=True):
            axis.text(
                row.agreements + widest * 0.025, line, labels.number(row.agreements), fontsize=8,
                va="center_baseline", fontweight="bold" if row.named else None,
                color=style.INK if row.agreements else style.QUIET,
            )  # fmt: skip
        axis.set(xlim=(0, widest), ylim=(y + 0.6, -0.5), xticks=[], yticks=[])
        axis.set_title(labels[f"partners_party.kind.{kind}"], fontsize=8, pad=3)
        style.despine(axis, "left", "bottom")
    beside = figure.axes[0]
    whole = table[table["kind"] == "all"].set_index(["mark", "level", "party"])
    said = [_party(row, labels) for row in whole.loc[list(lines)].reset_index().itertuples()]
    beside.set_yticks(list(lines.values()), said, fontsize=8, color=style.INK)
    beside.tick_params(axis="y", length=0)
    for level, line in names.items():
        beside.text(
            -0.07, line, labels[f"partners_party.level.{level}"], fontsize=8.5, fontweight="bold",
            ha="right", va="center_baseline", transform=beside.get_yaxis_transform(),
        )  # fmt: skip
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: title, then every party with ten agreements or more and its kinds."""
    said = [title(table, labels).replace("\n", " ") + "."]
    large = table[table["of"].ge(partners.LEAST) | table["mark"].eq("without")]
    for (_, level, _), rows in large.groupby(["mark", "level", "party"], sort=False):
        kinds = labels.listing(
            f"{labels[f'partners_party.{row.kind}']} {labels.number(row.agreements)}"
            for row in rows[rows["kind"] != "all"].itertuples()
        )
        name = _party(next(rows.itertuples()), labels)
        said.append(f"{labels[f'level.{level}']}, {name}: {kinds}.")
    return " ".join(said)


def _party(row, labels: Labels) -> str:
    known = f"partners_party.party.{row.party}"
    name = labels[known] if known in labels else row.party  # noqa: SIM401 (labels have no get)
    if row.mark == "without":
        name = labels.fill("partners_party.without", party=name, left_out=row.without)
    return style.plain(f"{name} ({labels.number(row.of)})")


SHOWN = {
    "panel": "[partners_party.kind.{kind}]", "beside": "#agreements",
    "shade": "named=True ? dark : light",
}  # fmt: skip
ROWS = {"party": "[partners_party.party.{party}|{party}] ({of})", "without": "…{without}…({of})"}
FIGURE = Record(
    __name__, describe, counted={"agreements": "rows"}, again=("party", "without"),
    readings=tuple(
        reads(mark, "bars", axes, {"kind": kind}, row=row, width="of" if kind == "all" else "agreements",
              **({"shade": "grey"} if kind == "all" else SHOWN))
        for mark, row in ROWS.items()
        for kind, axes in [
            *(("all", (number,)) for number, _ in enumerate(partners.KINDS)),
            *((kind, None) for kind in partners.KINDS),
        ]
    ),
)  # fmt: skip
