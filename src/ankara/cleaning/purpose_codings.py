"""Reported engagements and stated aims, coded to the purposes that the article lists."""

from itertools import combinations

import pandas as pd

from ankara.cleaning.sources import without_code
from nbproof import tables
from nbproof.study import Study, StudyError

CODINGS, SETTLED = "reference/purpose_codings", "reference/purpose_coding_settled"
KEPT = {1: "single", 2: "agreed"}
REPORTS = {"article": "article", "ankara-2015": "slides", "cankaya-2016": "page"}


def clean_purpose_codings(
    study: Study, engagements: pd.DataFrame, purposes: pd.DataFrame
) -> pd.DataFrame:
    """The columns of `data/processed/purposes_by_row.csv`.

    engagements: processed/engagements. purposes: processed/purposes. Raises StudyError where a row is
    not coded, coded in one table only, given a purpose that the article does not list, or where
    `how_settled` is not what the codings say.
    """
    rows = _rows(study, engagements)
    codings, settled = _read(study, CODINGS, purposes), _read(study, SETTLED, purposes)
    for name, table in ((CODINGS, codings), (SETTLED, settled)):
        wanted = set(zip(rows["source"], rows["part"], strict=True))
        given = set(zip(table["row"], table["part"], strict=True))
        if different := sorted(wanted ^ given):
            row, part = different[0]
            said = "is missing" if different[0] in wanted else "is no such row of the sources"
            raise StudyError(f"data/{name}.csv, columns row and part: {row}, {part}, {said}.")
    _check_settled(codings, settled)
    found = []
    for source, given in codings.groupby("row", sort=False)["purposes"]:
        holds = settled.set_index("row").loc[source, "purposes"]
        for purpose in sorted(holds.union(*given)) or [None]:
            coders = sum(purpose in one for one in given)
            found.append((source, purpose, coders, len(given), purpose in holds))
    columns = ["source", "purpose", "coders", "codings", "settled"]
    long = rows.merge(pd.DataFrame(found, columns=columns), on="source")
    return long[tables.columns(study, "processed/purposes_by_row")].astype({"settled": "boolean"})


def agreement(codings: pd.DataFrame) -> pd.DataFrame:
    """How far codings of the same rows agree: purpose, rows, both, one, kappa; then all purposes' alpha.

    codings: reference/purpose_codings. Each pair of coders gives a row a purpose, with the rows to which
    both gave it, the rows to which one did, and Cohen's kappa (missing where chance alone would make
    every row agree). The last row, without a purpose, is Krippendorff's alpha for sets with the distance
    MASI (Passonneau 2006). Without a second coding the table is empty.
    """
    sets = codings.assign(purposes=codings["purposes"].map(_parts))
    wide = sets.pivot(index="row", columns="coder", values="purposes").dropna()
    found = []
    for one, other in combinations(wide.columns, 2):
        for purpose in sorted(set().union(*wide[one], *wide[other])):
            a, b = (wide[name].map(lambda given, p=purpose: p in given) for name in (one, other))
            by_chance = a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean())
            kappa = ((a == b).mean() - by_chance) / (1 - by_chance) if by_chance < 1 else None
            found.append((purpose, len(wide), int((a & b).sum()), int((a != b).sum()), kappa))
    if found:
        units = wide.to_numpy().tolist()
        same = int(wide.nunique(axis="columns").eq(1).sum())
        found.append((None, len(wide), same, len(wide) - same, alpha(units)))
    return pd.DataFrame(found, columns=["purpose", "rows", "both", "one", "agreement"])


def alpha(units: list[list[frozenset]]) -> float:
    """Krippendorff's alpha of sets, at least two a unit, with the distance MASI."""
    within = sum(
        masi(a, b) * 2 / (len(unit) - 1) for unit in units for a, b in combinations(unit, 2)
    )
    every = [given for unit in units for given in unit]
    across = sum(masi(a, b) for a, b in combinations(every, 2)) * 2 / (len(every) - 1)
    return 1 - within / across if across else float("nan")


def masi(a: frozenset, b: frozenset) -> float:
    """1 minus Jaccard's index, weighted: 1 for equal sets, 2/3 for a subset, 1/3 for an overlap, else 0."""
    if a == b:
        return 0.0
    weight = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1 - weight * len(a & b) / len(a | b)


def _parts(cell: str) -> frozenset:
    return frozenset(cell.split(" | ")) if pd.notna(cell) else frozenset()


def _read(study: Study, name: str, purposes: pd.DataFrame) -> pd.DataFrame:
    table = tables.read(study, name)
    table["purposes"] = table["purposes"].map(_parts)
    for line, given in enumerate(table["purposes"], start=2):
        if unlisted := sorted(given - set(purposes["purpose"])):
            raise StudyError(
                f"data/{name}.csv:{line}, column purposes: {unlisted[0]!r}; expected purposes of "
                "data/raw/article/purposes.csv, as printed there, joined by ' | '."
            )
    return table


def _rows(study: Study, engagements: pd.DataFrame) -> pd.DataFrame:
    """part, report, municipality, year, year_end, source of every row that is to be coded."""
    years = ["year", "year_end"]
    deeds = engagements.loc[engagements["list"] == "coded", ["municipality", *years, "source"]]
    parts = [deeds.assign(part="engagement")]
    for table, without in without_code("aim").items():
        raw = tables.read(study, table)
        lines = pd.Series(range(2, len(raw) + 2), index=raw.index)
        period = raw["period"] if "period" in raw else pd.Series("", index=raw.index)
        first = pd.to_numeric(period.str.extract(r"(\d{4})")[0]).astype("Int64")
        last = pd.to_numeric(period.str.extract(r"-(\d{4})")[0]).astype("Int64")
        aims = pd.DataFrame({"year": first, "year_end": last.fillna(first)})
        aims["source"] = f"data/{table}.csv:" + lines.astype("str")
        aims["municipality"] = "Çankaya" if "/cankaya" in table else "Ankara"
        parts.append(aims[~lines.isin(without)].assign(part="aim"))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(report=rows["source"].str.split("/").str[2].map(REPORTS))


def _check_settled(codings: pd.DataFrame, settled: pd.DataFrame) -> None:
    """What is said to be kept is what the codings gave; what is not, says how it was settled."""
    by_row = codings.groupby("row")["purposes"].agg(list)
    for line, row in enumerate(settled.itertuples(), start=2):
        given = by_row[row.row]
        kept = all(one == row.purposes for one in given)
        expected = KEPT[min(len(given), 2)] if kept else "how the difference was settled"
        if (row.how_settled in KEPT.values() or kept) and row.how_settled != expected:
            raise StudyError(
                f"data/{SETTLED}.csv:{line}, column how_settled: {row.how_settled!r} for {row.row}, which "
                f"has {len(given)} coding(s); expected {expected}."
            )
