"""Each quantity that the article states, beside its recomputation: the ledger of claims.

`data/reference/claims.csv` holds the statements and their definitions; the modules here count by
them. Recounts come first, then `data/sensitivity/` (under which choices a statement comes out), then the
verdicts, by the rules of `data/reference/claim_codebook.csv`. A verdict is never written by hand.
"""

import re

import pandas as pd

from ankara.claims import activities, agreements, elections, geography, organisation, partners  # noqa: F401 (each module registers its functions)
from ankara.claims.evidence import AS_DEFINED, Choices, Evidence
from ankara.claims.found import Found
from ankara.claims.registry import CLAIMS
from ankara.cleaning import sources
from ankara.ledger.verdicts import (
    NOT_CHECKABLE,
    NOT_REPRODUCED,
    OTHER_READING,
    VERDICTS,
    decide,
    number,
)
from ankara.specifications import inputs
from ankara.specifications.turns import turns
from diplolib import regions
from nbproof import tables
from nbproof.study import Study, StudyError

__all__ = ["CLAIMS", "VERDICTS", "Choices", "Evidence", "Found", "holds", "judge"]

TABLE = "reference/claims"
REASONS = "reference/claim_reasons"
CODEBOOK = "reference/claim_codebook"
SPECIFICATIONS = "sensitivity/specifications"
JOINED = {"": "; or ", "_tr": "; ya da "}  # what joins several readings in either language


def judge(
    study: Study, evidence: Evidence | None = None, specifications: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Every claim with its recomputed value and verdict, in the article's reading order.

    evidence: the study's tables where they are at hand (default: read from the study).
    specifications: sensitivity/specifications (default: as stored, which must not be out of date).
    Returns the columns of `data/processed/claims.csv`; `difference` is recomputed less claimed where
    both are numbers, `rows` the deciding rows separated by ";". Raises StudyError if a checkable
    claim has no function, or a function no checkable claim, and if what is stored is out of date.
    """
    stated = sources.read(study, TABLE)
    _compare_with_registry(stated)
    evidence = evidence or Evidence(study)
    if specifications is None:
        inputs.require_unchanged(study)
        specifications = tables.read(study, SPECIFICATIONS)
    names = _english_names(evidence)
    recounted = pd.DataFrame(
        [_recount(row, evidence, names) for row in stated.itertuples(index=False)],
        index=stated.index,
    )
    ledger = pd.concat([stated, recounted], axis="columns")
    ledger["difference"] = ledger["difference"].astype("Int64")
    ledger["claimed_tr"] = ledger["claimed_tr"].fillna(ledger["claimed"])
    ledger["claimed"] = [_translate(text, names) for text in ledger["claimed"]]
    alone = _turned_by(ledger[ledger["checkable"]], specifications)
    ledger["depends_on"] = ledger["id"].map(lambda name: ";".join(alone.get(name, [])) or None)
    ledger["verdict"] = _verdicts(ledger, alone, tables.read(study, CODEBOOK))
    reasons = tables.read(study, REASONS)
    reasons["order"] = range(1, len(reasons) + 1)
    # A reason explains a difference; where none is left it would mislead.
    differs = ledger["verdict"].isin([OTHER_READING, NOT_REPRODUCED])
    reasons = reasons.set_index("id").reindex(ledger["id"]).set_index(ledger.index)
    ledger = ledger.join(reasons.where(differs))
    ledger["issue"] = ledger["issue"].fillna(ledger["id"].where(differs))
    ledger["order"] = ledger["order"].astype("Int64")
    return ledger[tables.columns(study, "processed/claims")]


def _turned_by(checkable: pd.DataFrame, specifications: pd.DataFrame) -> dict[str, list[str]]:
    """The changes "choice=value" each of which alone turns whether a claim comes out.

    Raises StudyError if what was computed as defined is not the recount of today.
    """
    found = turns(specifications[specifications["scope"] == "claim"]).set_index("id")
    for row in checkable.itertuples():
        stored = found.loc[row.id] if row.id in found.index else None
        if stored is None or (stored["value"], stored["holds"]) != (row.counted, row.comes_out):
            was = "nothing" if stored is None else repr(stored["value"])
            raise StudyError(
                f"data/{SPECIFICATIONS}.csv, claim {row.id}: stored as defined {was}, counted now "
                f"{row.counted!r}. {inputs.REMEDY}"
            )
    return found["alone"].str.split(";").map(lambda those: [one for one in those if one]).to_dict()


def _verdicts(ledger: pd.DataFrame, alone: dict[str, list[str]], codebook: pd.DataFrame) -> list:
    """The codebook's rules applied to every row."""
    choices = codebook[codebook["part"] == "choice"]
    open_choices = set(choices.loc[choices["open"], "code"])
    said = []
    for row in ledger.itertuples():
        if not row.checkable:
            said.append(NOT_CHECKABLE)
            continue
        turning = {one for one in alone[row.id] if one.partition("=")[0] in open_choices}
        if not row.comes_out and pd.notna(row.sentence):
            same = ledger[(ledger["sentence"] == row.sentence) & ledger["comes_out"].eq(True)]
            spoils = {change for name in same["id"] for change in alone[name]}
            turning -= {one for one in spoils if not one.startswith("reading=")}
        said.append(decide(row.comes_out, bool(turning), row.inferred))
    return said


def holds(claimed: str, found: Found) -> bool:
    """Whether a recomputed value is the claimed one; numbers are compared as numbers."""
    if found.holds is not None:
        return found.holds
    return found.value is not None and number(str(found.value)) == number(claimed)


def _recount(row, evidence: Evidence, names: dict[str, str]) -> dict:
    if not row.checkable:
        return {}
    try:
        found = CLAIMS[row.id].compute(evidence, AS_DEFINED)
        others = [reading(evidence, AS_DEFINED) for reading in CLAIMS[row.id].readings]
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise StudyError(
            f"{row.source}, claim {row.id!r} cannot be recomputed ({type(error).__name__}: {error}). "
            "A row or cell that it counts is not as the source prints it: compare what was changed "
            "last; nothing was written."
        ) from error
    given = {
        "comes_out": bool(holds(row.claimed, found)),
        "counted": found.text,
        "recomputed": _translate(found.text, names),
        "recomputed_tr": _in_turkish(found),
        "difference": _difference(row.claimed, found.text),
        "rows": ";".join(found.rows) or None,
    }
    texts = {
        "": [_translate(other.text or "–", names) for other in others],
        "_tr": [_in_turkish(other) for other in others],
    }
    for own, joined in JOINED.items():
        named = _readings(getattr(row, f"alternative_definition{own}"), joined)
        said = [f"{name}: {text}" for name, text in zip(named, texts[own], strict=True)]
        given[f"alternative{own}"] = joined.join(said) or None
    return given


def _english_names(evidence: Evidence) -> dict[str, str]:
    """The partners and countries that the article prints, in English."""
    countries = {row.country_code: row.name for row in evidence.table("reference/countries")}
    names = {row.listed_as: row.name for row in evidence.table("reference/other_tie_partners")}
    for row in evidence.agreements(AS_DEFINED):
        if row.country_code != "XN":  # the English statements keep the article's names there
            names[row.name] = row.partner
        if row.country_printed and row.country_code:
            names[row.country_printed] = countries[row.country_code]
    return {name: own for name, own in names.items() if own and own != name}


def _translate(text: str | None, names: dict[str, str]) -> str | None:
    """Printed names, standing alone or in a list, in the other language."""
    if text is None or not any(letter.isalpha() for letter in text):
        return text
    return re.sub(r"[^\W\d_]+(?: [^\W\d_]+)*", lambda found: names.get(found[0], found[0]), text)


def _in_turkish(found: Found) -> str | None:
    return _translate(found.text or "–", regions.TURKISH)


def _readings(alternative_definition, joined: str = JOINED[""]) -> list[str]:
    if pd.isna(alternative_definition):
        return []
    return [part.removesuffix(".") for part in alternative_definition.split(joined)]


def _difference(claimed: str, recomputed: str | None) -> float | None:
    pair = number(claimed), number(recomputed)
    return pair[1] - pair[0] if all(isinstance(one, int | float) for one in pair) else None


def _compare_with_registry(stated: pd.DataFrame) -> None:
    checkable = stated[stated["checkable"]]
    listed = set(checkable["id"])
    said = [
        f"src/ankara/claims: a function for {claim_id!r}, which data/{TABLE}.csv does not list as "
        "checkable."
        for claim_id in CLAIMS
        if claim_id not in listed
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
