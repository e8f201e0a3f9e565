"""With whom, by party: kinds of partners counted by the mayor's party or by its alignment.

A census has no sampling error: this module counts, and makes no test. The definitions stand in
docs/what-was-known-when.md; they were written down before this module.
"""

import pandas as pd

from diplolib import panel
from nbproof import references

KEY = panel.KEY[:3]
# Each kind is a group of a grouping of `contrasts`. They overlap: none is added to another.
KINDS = {
    "OIC": ("OIC", "member"),
    "EU": ("EU", "member"),
    "OTS": ("OTS", "member"),
    "capital": ("capital_kind", "capital"),
    "borough_of_capital": ("capital_kind", "borough_of_capital"),
}
LEAST = 10  # agreements from which on a share says something


def with_party(classified: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    """`classified` with party, aligned_leads and aligned_sits of the mayor in the agreement's year.

    classified: as `contrasts.classify` returns it. years: as `panel.build` returns it. All three are
    missing outside the panel's years, and each where it is not known; in an election year that is
    halved also where the two mayors differ in it.
    """
    columns = ["party", *panel.ALIGNMENTS.values()]
    by_year = years.groupby(KEY)[columns]
    known = by_year.first().where(by_year.nunique(dropna=False).eq(1))
    return classified.join(known, on=KEY)


def count(agreements: pd.DataFrame, by: str) -> pd.DataFrame:
    """level, `by`, kind, agreements, of, share, rows: one row a level, group and kind.

    agreements: as `with_party` returns them, or some of them. by: party, aligned_leads or
    aligned_sits; where it is missing the group is `unknown`. kind: `all`, then KINDS. of: all
    agreements of the group; share is missing below LEAST of them. Groups with most agreements first.
    """
    known = agreements[by].astype("object")
    agreements = agreements.assign(**{by: known.where(known.notna(), "unknown").astype("str")})
    chosen = {"all": agreements} | {
        kind: agreements[agreements[column] == group] for kind, (column, group) in KINDS.items()
    }
    counted = pd.concat(
        references.counted(rows, ["level", by], "agreements", "agreement_id").assign(kind=kind)
        for kind, rows in chosen.items()
    )
    whole = counted[counted["kind"] == "all"].rename(columns={"agreements": "of"})
    whole = whole.sort_values("of", ascending=False, kind="stable")[["level", by, "of"]]
    found = whole.merge(pd.DataFrame({"kind": list(chosen)}), how="cross")
    found = found.merge(counted, how="left", on=["level", by, "kind"])
    found["agreements"] = found["agreements"].fillna(0).astype("int64")
    found["rows"] = found["rows"].fillna("")
    share = found["agreements"] / found["of"]
    return found.assign(share=share.where(found["of"] >= LEAST))[
        ["level", by, "kind", "agreements", "of", "share", "rows"]
    ]
