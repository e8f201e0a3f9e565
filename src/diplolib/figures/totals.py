"""Totals by region under every scheme: wherever one is shown, the others stand beside it."""

import pandas as pd

from diplolib import regions
from diplolib.figures import shared
from nbproof import references
from nbproof.labels import Labels


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


def sentences(table: pd.DataFrame, labels: Labels) -> list[str]:
    """The totals under all schemes, in words; for any table with `total` marks."""
    schemes = table.loc[table["mark"] == "total", "scheme"].unique()
    return [sentence(table, labels, scheme) for scheme in schemes]


def sentence(table: pd.DataFrame, labels: Labels, scheme: str) -> str:
    """The totals under one scheme, in words; for any table with `total` marks."""
    total = table[(table["mark"] == "total") & (table["scheme"] == scheme)]
    names = (labels[f"region.{region}"] for region in total["region"])
    counts = shared.counts(names, total["agreements"], labels)
    return labels.fill("regions.sentence", scheme=labels[f"scheme.{scheme}"], counts=counts)
