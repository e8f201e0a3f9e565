"""The ledger for people and for machines."""

import re

import pandas as pd

from diplolib.claims.verdicts import NUMBER, OTHER_READING, VERDICTS, number
from diplolib.labels import Labels

WIDTH = 40  # of a column on the screen


def records(ledger: pd.DataFrame, labels: Labels) -> list[dict]:
    """One object a claim, for machines; claim and definition in the labels' language.

    Keys id, claim, claimed, unit, recomputed, verdict, depends_on, issue, definition, contradicted_by,
    source, rows. A value that is a number comes as one, an unknown one as None; `source` is the place
    in the article and the row of the statement. Where the verdict rests on a stated definition,
    `definition` names the other readings too.
    """
    found = []
    for row in ledger.astype(object).where(ledger.notna(), None).to_dict("records"):
        definition = row[labels.column("definition")]
        if row["verdict"] == OTHER_READING and row["alternative"]:
            definition += " " + labels.fill(
                "claims.other", readings=row[labels.column("alternative")]
            )
        found.append(
            {
                "id": row["id"],
                "claim": row[labels.column("claim")],
                "claimed": number(row[labels.column("claimed")]),
                "unit": row[labels.column("unit")],
                "recomputed": number(row[labels.column("recomputed")]),
                "verdict": row["verdict"],
                "depends_on": _several(row["depends_on"]),
                "issue": row["issue"],
                "definition": definition,
                "contradicted_by": _several(row["contradicted_by"]),
                "source": labels.fill(
                    "claims.source",
                    line=row["line"],
                    where=row[labels.column("where")],
                    source=row["source"],
                ),
                "rows": _several(row["rows"]),
            }
        )
    return found


def lines(ledger: pd.DataFrame, labels: Labels) -> list[str]:
    """A table for the screen: id, published, recomputed, verdict; below it a count of verdicts.

    The weightiest differences come first.
    """
    rows = [
        [row.id, published(row, labels), recomputed(row, labels), verdict(row.verdict, labels)]
        for row in by_weight(ledger).itertuples()
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


def by_weight(ledger: pd.DataFrame) -> pd.DataFrame:
    """What differs first, the weightiest on top; the rest in reading order."""
    return ledger.sort_values("order", na_position="last", kind="stable")


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
    """What the article states, in the labels' language; per cent with their sign."""
    return _local(getattr(row, labels.column("claimed")), row.unit, labels)


def recomputed(row, labels: Labels) -> str:
    """What the definition gives; a dash where nothing can be checked or no row is left."""
    if pd.isna(row.recomputed):
        return "–"
    return _local(getattr(row, labels.column("recomputed")), row.unit, labels)


def depends_on(text: str | float, labels: Labels) -> str:
    """The choices each of which turns whether a statement comes out, in words; "" for none."""
    changes = [] if pd.isna(text) else text.split(";")
    return "; ".join(labels["sensitivity.value." + one.replace("=", ".")] for one in changes)


def verdict(name: str, labels: Labels) -> str:
    """A verdict in the labels' language."""
    return labels["claims.verdict." + name.replace(" ", "_")]


def _local(text: str, unit: str, labels: Labels) -> str:
    bare = NUMBER.fullmatch(text)
    text = f"{text} %" if bare and unit == "%" else text
    if labels.language == "en":
        return text
    text = text.replace(".", ",") if bare else text
    return re.sub(r"(\d+(?:,\d+)?) %", r"%\1", text)


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _several(text: str | None) -> list[str]:
    return text.split(";") if text else []
