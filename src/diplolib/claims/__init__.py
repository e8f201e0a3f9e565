"""Each quantity that the article states, beside its recomputation: the ledger of claims.

`data/raw/article/claims.csv` holds the statements and their definitions, written down
before the modules here that count by them. A verdict is computed and never written by hand.
"""

import difflib

import pandas as pd

from diplolib import tables
from diplolib.claims import (  # noqa: F401 (each module registers its functions)
    activities,
    agreements,
    elections,
    geography,
    organisation,
    partners,
)
from diplolib.claims.evidence import AS_DEFINED, Choices, Evidence, Found
from diplolib.claims.registry import CLAIMS
from diplolib.claims.verdicts import (
    NOT_CHECKABLE,
    NOT_REPRODUCED,
    OTHER_READING,
    REPRODUCED,
    VERDICTS,
    number,
)
from diplolib.cleaning.sources import with_source
from diplolib.study import Study, StudyError

__all__ = ["CLAIMS", "VERDICTS", "Choices", "Evidence", "Found", "holds", "judge", "recompute"]

TABLE = "raw/article/claims"
REASONS = "reference/claim_reasons"


def judge(
    study: Study, choices: Choices = AS_DEFINED, evidence: Evidence | None = None
) -> pd.DataFrame:
    """Every claim with its recomputed value and verdict, in the article's reading order.

    evidence: the study's tables where they are at hand (default: read from the study).
    Returns the columns of `data/processed/claims.csv`; `difference` is recomputed less claimed where
    both are numbers, `rows` the deciding rows separated by ";". Raises StudyError if a checkable
    claim has no function, or a function no checkable claim.
    """
    stated = with_source(tables.read(study, TABLE), TABLE)
    _compare_with_registry(stated)
    evidence = evidence or Evidence(study)
    reasons = tables.read(study, REASONS).set_index("id")
    judged = pd.DataFrame(
        [_judge(row, evidence, choices) for row in stated.itertuples(index=False)],
        index=stated.index,
    )
    ledger = pd.concat([stated, judged], axis="columns")
    ledger["difference"] = ledger["difference"].astype("Int64")
    # A reason explains a difference; where none is left it would mislead.
    differs = ledger["verdict"].isin([OTHER_READING, NOT_REPRODUCED])
    for column in ("why", "why_tr"):
        ledger[column] = ledger["id"].map(reasons[column]).where(differs)
    fields = tables.resource(study, "processed/claims")["schema"]["fields"]
    return ledger[[field["name"] for field in fields]]


def recompute(evidence: Evidence, claim_id: str, choices: Choices = AS_DEFINED) -> Found:
    """One claim's value by its written definition, under the choices.

    Raises StudyError for a claim that has no function.
    """
    if claim_id not in CLAIMS:
        near = difflib.get_close_matches(claim_id, CLAIMS, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise StudyError(f"claim {claim_id!r}: nothing here recomputes it.{hint}")
    return CLAIMS[claim_id].compute(evidence, choices)


def holds(claimed: str, found: Found) -> bool:
    """Whether a recomputed value is the claimed one; numbers are compared as numbers."""
    if found.holds is not None:
        return found.holds
    if found.value is None:
        return False
    if isinstance(number(claimed), int | float):
        return number(str(found.value)) == number(claimed)
    return str(found.value) == claimed


def _judge(row, evidence: Evidence, choices: Choices) -> dict:
    if not row.checkable:
        return {"verdict": NOT_CHECKABLE}
    try:
        found = CLAIMS[row.id].compute(evidence, choices)
        others = [reading(evidence, choices) for reading in CLAIMS[row.id].readings]
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise StudyError(
            f"{row.source}, claim {row.id!r} cannot be recomputed ({type(error).__name__}: {error}). "
            "A row or cell that it counts is not as the source prints it: compare what was changed "
            "last; nothing was written."
        ) from error
    if holds(row.claimed, found):
        verdict = REPRODUCED
    elif any(holds(row.claimed, other) for other in others):
        verdict = OTHER_READING
    else:
        verdict = NOT_REPRODUCED
    said = zip(_readings(row.alternative_definition), others, strict=True)
    value = None if found.value is None else str(found.value)
    return {
        "recomputed": value,
        "difference": _difference(row.claimed, value),
        "verdict": verdict,
        "alternative": "; or ".join(f"{name}: {_text(other)}" for name, other in said) or None,
        "rows": ";".join(found.rows) or None,
    }


def _readings(alternative_definition) -> list[str]:
    if pd.isna(alternative_definition):
        return []
    return [part.removesuffix(".") for part in alternative_definition.split("; or ")]


def _text(found: Found) -> str:
    return "–" if found.value in (None, "") else str(found.value)


def _difference(claimed: str, recomputed: str | None) -> float | None:
    pair = number(claimed), number(recomputed)
    return pair[1] - pair[0] if all(isinstance(one, int | float) for one in pair) else None


def _compare_with_registry(stated: pd.DataFrame) -> None:
    checkable = stated[stated["checkable"]]
    said = [
        f"src/diplolib/claims: a function for {claim_id!r}, which data/{TABLE}.csv does not list as "
        "checkable."
        for claim_id in CLAIMS
        if claim_id not in set(checkable["id"])
    ]
    for row in checkable.itertuples():
        if row.id not in CLAIMS:
            said.append(f"{row.source}, {row.id}: checkable, but no function recomputes it.")
            continue
        named, computed = len(_readings(row.alternative_definition)), len(CLAIMS[row.id].readings)
        if named != computed:
            said.append(
                f"{row.source}, {row.id}: alternative_definition names {named} readings, "
                f"{computed} are computed."
            )
    if said:
        raise StudyError("\n".join(said))
