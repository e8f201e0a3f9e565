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
    """Add to each agreement the mayor's party and its alignment in the agreement's year.

    Parameters
    ----------
    classified : pandas.DataFrame
        As `contrasts.classify` returns it, with level, municipality (text) and year (integer).
    years : pandas.DataFrame
        The panel as `panel.build` returns it.

    Returns
    -------
    pandas.DataFrame
        `classified` with party (text), aligned_leads and aligned_sits (boolean). All three are missing
        outside the panel's years, and each where it is not known; in an election year that is halved also
        where the two mayors differ in it.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import partners
    >>> classified = pd.DataFrame(
    ...     {"level": ["district"] * 2, "municipality": ["Northtown"] * 2, "year": [2004, 1980]}
    ... )
    >>> years = pd.DataFrame(
    ...     {
    ...         "level": ["district"], "municipality": ["Northtown"], "year": [2004], "party": ["X"],
    ...         "aligned_leads": [True], "aligned_sits": [True],
    ...     }
    ... )
    >>> partners.with_party(classified, years)[["year", "party", "aligned_leads"]]
       year party aligned_leads
    0  2004     X          True
    1  1980   NaN           NaN
    """
    columns = ["party", *panel.ALIGNMENTS.values()]
    by_year = years.groupby(KEY)[columns]
    known = by_year.first().where(by_year.nunique(dropna=False).eq(1))
    return classified.join(known, on=KEY)


def count(agreements: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the kinds of partners by the mayor's party or by its alignment.

    Parameters
    ----------
    agreements : pandas.DataFrame
        As `with_party` returns them, or some of them, with agreement_id and level (text) and the columns
        that KINDS names.
    by : {"party", "aligned_leads", "aligned_sits"}
        The column of the groups; where it is missing the group is `unknown`.

    Returns
    -------
    pandas.DataFrame
        One row a level, group and kind: level, `by`, kind (`all`, then KINDS), agreements (how many), of
        (all agreements of the group), share (agreements / of; missing below LEAST of them) and rows (the
        agreements' ids, joined by ";"). Groups with most agreements come first.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import partners
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1", "A2", "A3"],
    ...         "level": ["district"] * 3,
    ...         "party": ["X", "X", None],
    ...         "OIC": ["outside"] * 3,
    ...         "EU": ["member", "outside", "member"],
    ...         "OTS": ["outside"] * 3,
    ...         "capital_kind": ["capital", "other", "other"],
    ...     }
    ... )
    >>> counted = partners.count(agreements, "party")
    >>> counted[counted["kind"].isin(["all", "EU"])][["party", "kind", "agreements", "of", "rows"]]
         party kind  agreements  of   rows
    0        X  all           2   2  A1;A2
    2        X   EU           1   2     A1
    6  unknown  all           1   1     A3
    8  unknown   EU           1   1     A3
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
