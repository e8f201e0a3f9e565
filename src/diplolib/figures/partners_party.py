"""With whom: partners by the mayor's party and by kind, with and without one municipality."""

import pandas as pd
from matplotlib.figure import Figure

from diplolib import partners
from nbproof.figures import style
from nbproof.labels import Labels

CHOSEN, COUNTED, WHOLE = "#1f4e79", "#7fa9cd", "#e9ebee"
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
    whose share is farthest above the other's. Raises ValueError for no agreement of a district.
    """
    whole = partners.count(agreements, "party").assign(mark="party")
    own = agreements["level"].eq("district") & agreements["municipality"].eq(left_out)
    rest = partners.count(agreements[~own & agreements["level"].eq("district")], "party")
    concerned = agreements.loc[own, "party"].fillna("unknown").unique()
    rest = rest[rest["party"].isin(concerned)].assign(mark="without", without=left_out)
    marks = pd.concat([whole, rest], ignore_index=True).reindex(columns=COLUMNS)
    marks["named"] = False
    shares = whole[(whole["level"] == "district") & (whole["kind"] != "all")]
    shares = shares.pivot(index="party", columns="kind", values="share").dropna()
    first = [party for party in whole.loc[whole["level"] == "district", "party"].unique()
             if party in shares.index and party != "unknown"][:2]  # fmt: skip
    for party, other in zip(first, reversed(first), strict=True) if len(first) == 2 else ():
        kind = (shares.loc[party] - shares.loc[other])[list(partners.KINDS)].idxmax()
        found = marks["level"].eq("district") & marks["party"].eq(party) & marks["kind"].eq(kind)
        marks.loc[found, "named"] = True
    return marks.astype({"named": "boolean"})


def title(table: pd.DataFrame, labels: Labels) -> str:
    """The two district parties with most agreements, each with the kind that sets it apart."""
    named = table[table["named"] & table["mark"].eq("party")]
    if named.empty:
        return labels["partners_party.topic"]
    return labels.fill("partners_party.title", said=_said(named, "partners_party.of", labels))


@style.styled
def draw(table: pd.DataFrame, labels: Labels) -> Figure:
    """A column a kind; in it a bar a party: the kind's agreements on all of the party's."""
    lines, names, y = {}, [], -0.9
    for level in LEVELS:
        groups = table[table["level"].eq(level) & table["kind"].eq("all")]
        y += 1.9
        names.append((level, y - 1))
        order = groups.sort_values("of", ascending=False, kind="stable")["party"].unique()
        for party in order:
            for row in groups[groups["party"] == party].itertuples():
                lines[row.mark, level, party] = (y, row.of)
                y += 1
    figure = Figure(figsize=(6.3, 1.75 + 0.255 * (y + 1)))
    height = figure.get_figheight()
    axes = figure.subplots(1, len(partners.KINDS), sharex=True, sharey=True)
    figure.subplots_adjust(left=0.235, right=0.985, top=1 - 1.5 / height, bottom=0.5 / height, wspace=0.14)
    widest = table["of"].max()
    for axis, kind in zip(axes, partners.KINDS, strict=True):
        for row in table[table["kind"] == kind].itertuples():
            line = lines[row.mark, row.level, row.party][0]
            axis.barh(line, row.of, height=0.72, color=WHOLE, label="of")
            colour = CHOSEN if row.named else COUNTED
            axis.barh(line, row.agreements, height=0.72, color=colour, label="agreements")
            axis.text(
                row.agreements + widest * 0.025, line, labels.number(row.agreements), fontsize=8,
                va="center_baseline", fontweight="bold" if row.named else None,
                color=style.INK if row.agreements else style.QUIET,
            )  # fmt: skip
        axis.set_title(labels[f"partners_party.kind.{kind}"], fontsize=8, pad=4)
        axis.set_xticks([])
        axis.tick_params(axis="y", length=0)
        style.despine(axis, "left", "bottom")
    said = [_party(mark, party, of, table, labels) for (mark, _, party), (_, of) in lines.items()]
    axes[0].set_yticks([line for line, _ in lines.values()], said, fontsize=8, color=style.INK)
    axes[0].set_ylim(y - 0.3, -0.6)
    axes[0].set_xlim(0, widest * 1.12)
    for level, line in names:
        axes[0].text(
            -0.06, line, labels[f"partners_party.level.{level}"], fontsize=8.5, fontweight="bold",
            ha="right", va="center_baseline", transform=axes[0].get_yaxis_transform(),
        )  # fmt: skip
    figure.text(0.02, 1 - 0.12 / height, title(table, labels), fontsize=11.5, fontweight="bold", va="top")
    figure.text(
        0.02, 1 - 0.58 / height, labels["partners_party.subtitle"], fontsize=8.5, color=style.QUIET, va="top",
    )  # fmt: skip
    figure.text(0.02, 0.06 / height, labels["partners_party.foot"], fontsize=8, color=style.QUIET)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: title, then every party with ten agreements or more and its kinds."""
    said = [title(table, labels).replace("\n", " ") + "."]
    large = table[table["of"].ge(partners.LEAST) | table["mark"].eq("without")]
    for (mark, level, party), rows in large.groupby(["mark", "level", "party"], sort=False):
        kinds = labels.listing(
            f"{labels['partners_party.' + row.kind]} {labels.number(row.agreements)}"
            for row in rows[rows["kind"] != "all"].itertuples()
        )
        name = _party(mark, party, rows["of"].iloc[0], table, labels)
        said.append(f"{labels['level.' + level]}, {name}: {kinds}.")
    return " ".join(said)


def _said(named: pd.DataFrame, key: str, labels: Labels) -> str:
    return labels["partners_party.between"].join(
        labels.fill(
            key, party=row.party, n=row.agreements, of=row.of, kind=labels[f"partners_party.{row.kind}"]
        )
        for row in named.itertuples()
    )  # fmt: skip


def _party(mark: str, party: str, of: int, table: pd.DataFrame, labels: Labels) -> str:
    known = f"partners_party.party.{party}"
    name = labels[known] if known in labels else party
    if mark == "without":
        left_out = table.loc[table["mark"] == "without", "without"].iloc[0]
        name = labels.fill("partners_party.without", party=name, left_out=left_out)
    return style.plain(f"{name} ({labels.number(of)})")
