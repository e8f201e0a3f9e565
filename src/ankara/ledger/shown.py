"""The ledger for people and for machines."""

import csv
import io
import re
from collections import Counter
from types import SimpleNamespace

from ankara.ledger.verdicts import NUMBER, OTHER_READING, VERDICTS, number
from nbproof.labels import Labels

WIDTH = 40  # of a column on the screen


def rows(data: bytes) -> list[dict]:
    """The rows of `processed/claims.csv` as text; an empty cell is None."""
    found = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return [{name: cell or None for name, cell in row.items()} for row in found]


def records(ledger: list[dict], labels: Labels) -> list[dict]:
    """One object a claim, for machines; claim and definition in the labels' language.

    Keys id, claim, claimed, unit, recomputed, verdict, depends_on, issue, definition, contradicted_by,
    source, rows. A value that is a number comes as one, an unknown one as None; `source` is the place
    in the article and the row of the statement. Where the verdict rests on a stated definition,
    `definition` names the other readings too.
    """
    found = []
    for row in ledger:
        definition = row[labels.column("definition")]
        if row["verdict"] == OTHER_READING and row["alternative"]:
            others = labels.fill("claims.other", readings=row[labels.column("alternative")])
            definition = f"{definition} {others}"
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
                    "claims.source", **row | {"where": row[labels.column("where")]}
                ),
                "rows": _several(row["rows"]),
            }
        )
    return found


def lines(ledger: list[dict], labels: Labels) -> list[str]:
    """A table for the screen: id, published, recomputed, verdict; below it a count of verdicts.

    The weightiest differences come first.
    """
    by_weight = sorted(ledger, key=lambda row: float(row["order"] or "inf"))
    rows = [
        [row.id, published(row, labels), recomputed(row, labels), verdict(row.verdict, labels)]
        for row in (SimpleNamespace(**cells) for cells in by_weight)
    ]
    rows.insert(0, [labels[f"claims.column.{name}"] for name in COLUMNS])
    rows = [[_short(cell) for cell in row[:3]] + row[3:] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    text = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    text.insert(1, "-" * max(map(len, text)))
    counts = Counter(row["verdict"] for row in ledger)
    said = [f"{verdict(name, labels)} {counts[name]}" for name in VERDICTS if name in counts]
    return [*text, "", labels.fill("claims.count", n=len(ledger), counts=", ".join(said))]


COLUMNS = ("id", "published", "recomputed", "verdict")


def contradictions(ledger: list[dict]) -> dict[str, list[str]]:
    """Statements of the article that cannot be true together, by their identifiers.

    The statement that stands against most others, with these, in reading order. Each pair stands once,
    and no side is called wrong.
    """
    others = {row["id"]: _several(row["contradicted_by"]) for row in ledger}
    order = list(others)
    against: dict[str, list[str]] = {}
    for pair in dict.fromkeys(frozenset((one, two)) for one in order for two in others[one]):
        first, second = sorted(pair, key=lambda one: (-len(others[one]), order.index(one)))
        against.setdefault(first, []).append(second)
    return {one: against[one] for one in order if one in against}


def published(row, labels: Labels) -> str:
    """What the article states, in the labels' language; per cent with their sign."""
    return _local(getattr(row, labels.column("claimed")), row.unit, labels)


def recomputed(row, labels: Labels) -> str:
    """What the definition gives; a dash where nothing can be checked or no row is left."""
    if not isinstance(row.recomputed, str):
        return "–"
    return _local(getattr(row, labels.column("recomputed")), row.unit, labels)


def depends_on(text: str | float | None, labels: Labels) -> str:
    """The choices each of which turns whether a statement comes out, in words; "" for none."""
    changes = [one.replace("=", ".") for one in _several(text)]
    return "; ".join(labels[f"sensitivity.value.{one}"] for one in changes)


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


def _several(text: str | float | None) -> list[str]:
    return text.split(";") if isinstance(text, str) else []
