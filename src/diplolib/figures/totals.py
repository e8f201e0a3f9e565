"""Totals by region under every scheme: wherever one is shown, the others stand beside it."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from diplolib import regions
from diplolib.figures import colours
from nbproof import references
from nbproof.figures import style
from nbproof.labels import Labels

LEVELS = ("metropolitan", "district")  # in this order in every figure


def region_of(agreements: pd.DataFrame, scheme: str, schemes: pd.DataFrame) -> pd.Series:
    """Each agreement's region; an unidentified partner stays visible, as a region of its own."""
    found = regions.assign(agreements["country_code"], scheme, schemes)
    return found.fillna("unidentified").rename("region")


def rows(agreements: pd.DataFrame, schemes: pd.DataFrame) -> pd.DataFrame:
    """The marks `total`: mark, scheme, region, agreements, rows, largest first within a scheme."""
    agreements = agreements.sort_index()
    counts = [
        references.counted(
            agreements, region_of(agreements, scheme, schemes), "agreements", "agreement_id"
        )
        .sort_values(["agreements", "region"], ascending=[False, True])
        .sort_values("region", key=lambda region: region == "unidentified", kind="stable")
        .assign(mark="total", scheme=scheme)
        for scheme in regions.schemes(schemes)
    ]
    return pd.concat(counts, ignore_index=True)


def sentence(table: pd.DataFrame, labels: Labels, scheme: str) -> str:
    """The totals under one scheme, in words; for any table with `total` marks."""
    total = table[(table["mark"] == "total") & (table["scheme"] == scheme)]
    counts = [
        f"{labels['region.' + row.region]} {labels.number(row.agreements)}"
        for row in total.itertuples()
    ]
    return labels.fill(
        "regions.sentence", scheme=labels[f"scheme.{scheme}"], counts=labels.listing(counts)
    )


def legend(figure: Figure, table: pd.DataFrame, labels: Labels, top: float) -> None:
    """One line, `top` inches from the figure's top: colour, name and total of each region shown.

    The other scheme's total stands in brackets. table: with `bar` marks of the scheme shown and
    `total` marks of all schemes.
    """
    shown = table.loc[table["mark"] == "bar", "scheme"].iloc[0]
    sums = table[table["mark"] == "total"]
    counts = sums.pivot(index="region", columns="scheme", values="agreements").fillna(0)
    other = next((scheme for scheme in counts.columns if scheme != shown), shown)
    present = [region for region in colours.REGIONS if region in counts.index]
    figure.legend(
        handles=[
            Patch(
                facecolor=colours.REGIONS[region], hatch=colours.HATCHES.get(region),
                edgecolor=style.QUIET, linewidth=0.4,
                label=f"{labels['region.' + region]} {labels.number(counts.loc[region, shown])}"
                f" ({labels.number(counts.loc[region, other])})",
            )
            for region in present
        ],
        title=labels.fill(
            "regions.legend", shown=labels[f"scheme.{shown}"], other=labels[f"scheme.{other}"]
        ),
        title_fontproperties={"size": 8.5}, alignment="left", ncols=len(present), loc="upper left",
        bbox_to_anchor=(0.06, 1 - top / figure.get_figheight()), borderpad=0, columnspacing=1.4,
        handlelength=1.1, handletextpad=0.5, borderaxespad=0,
    )  # fmt: skip
