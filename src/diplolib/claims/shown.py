"""The ledger for people and for machines."""

import pandas as pd

from diplolib import regions
from diplolib.claims.verdicts import NUMBER, OTHER_READING, VERDICTS, number
from diplolib.labels import Labels

WIDTH = 40  # of a column on the screen


def records(ledger: pd.DataFrame, labels: Labels) -> list[dict]:
    """One object a claim, for machines; claim and definition in the labels' language.

    Keys id, claim, claimed, recomputed, verdict, definition, contradicted_by, source, rows. A value
    that is a number comes as one, an unknown one as None; `source` is the place in the article and
    the row of the statement. Where only another reading gives the claimed value, `definition` names
    that reading too.
    """
    own = "" if labels.language == "en" else f"_{labels.language}"
    found = []
    for row in ledger.astype(object).where(ledger.notna(), None).to_dict("records"):
        definition = row[f"definition{own}"]
        if row["verdict"] == OTHER_READING:
            definition += " " + labels.fill("claims.other", readings=row["alternative"])
        found.append(
            {
                "id": row["id"],
                "claim": row[f"claim{own}"],
                "claimed": number(row["claimed"]),
                "recomputed": number(row["recomputed"]),
                "verdict": row["verdict"],
                "definition": definition,
                "contradicted_by": _several(row["contradicted_by"]),
                "source": f"line {row['line']}, {row['where']} ({row['source']})",
                "rows": _several(row["rows"]),
            }
        )
    return found


def lines(ledger: pd.DataFrame, labels: Labels) -> list[str]:
    """A table for the screen: id, published, recomputed, verdict; below it a count of verdicts."""
    rows = [
        [row.id, published(row, labels), recomputed(row, labels), verdict(row.verdict, labels)]
        for row in ledger.itertuples()
    ]
    rows.insert(0, [labels[f"claims.column.{name}"] for name in COLUMNS])
    rows = [[_short(cell) for cell in row[:3]] + row[3:] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    text = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    text.insert(1, "-" * max(map(len, text)))
    counts = ledger["verdict"].value_counts()
    said = [f"{verdict(name, labels)} {counts[name]}" for name in VERDICTS if name in counts]
    return [*text, "", labels.fill("claims.count", n=len(ledger), counts=", ".join(said))]


COLUMNS = ("id", "published", "recomputed", "verdict")


def contradictions(ledger: pd.DataFrame) -> pd.DataFrame:
    """Statements of the article that cannot be true together: id, line, claim, claim_tr, against.

    One row for the statement that stands against most others; `against` lists their identifiers. Each
    pair stands once, and no side is called wrong.
    """
    order = ledger["id"].tolist()
    others = dict(zip(order, map(_several, ledger["contradicted_by"].fillna("")), strict=True))
    against: dict[str, list[str]] = {}
    for pair in dict.fromkeys(frozenset((one, two)) for one in order for two in others[one]):
        first, second = sorted(pair, key=lambda one: (-len(others[one]), order.index(one)))
        against.setdefault(first, []).append(second)
    rows = ledger.loc[ledger["id"].isin(against), ["id", "line", "claim", "claim_tr"]]
    return rows.assign(against=rows["id"].map(against)).reset_index(drop=True)


def published(row, labels: Labels) -> str:
    """What the article states. It states words in Turkish: those are shown to Turkish readers."""
    if labels.language == "en" or isinstance(number(row.claimed), int | float):
        return _local(row.claimed, labels)
    return f"“{row.wording.strip('“”')}”"


def recomputed(row, labels: Labels) -> str:
    """What the definition gives; a dash where nothing can be checked or no row is left."""
    if pd.isna(row.recomputed):
        return "–"
    text = _local(row.recomputed, labels)
    for name in regions.NAMES:
        text = text.replace(name, labels[f"region.{name}"])
    return text


def verdict(name: str, labels: Labels) -> str:
    """A verdict in the labels' language."""
    return labels["claims.verdict." + name.replace(" ", "_")]


def _local(text: str, labels: Labels) -> str:
    return text.replace(".", ",") if labels.language == "tr" and NUMBER.fullmatch(text) else text


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _several(text: str | None) -> list[str]:
    return text.split(";") if text else []
