"""The ledger of claims as a page: one row a claim, each with an address of its own."""

import json
from types import SimpleNamespace

import pandas as pd

from ankara.ledger import shown as values
from ankara.site.text import shown, slug
from nbproof.site.edition import Edition
from nbproof.site.sources import about

# What differs comes first; what no table can check comes folded.
ORDER = ["not reproduced", "reproduced under a stated definition", "reproduced"]
RATING = {name: place for place, name in enumerate(ORDER, 1)}
FEW = 12  # deciding rows that are named one by one
DETAILS = (
    "wording", "definition", "alternative", "depends_on", "why", "contradicted_by", "rows", "source",
)  # fmt: skip


def ledger(edition: Edition, claims: pd.DataFrame) -> str:
    """The tables as HTML, whole without scripts; page.js adds search, filters and sorting.

    claims: rows of processed/claims; within a verdict the weightiest come first, unknown weights last.
    """
    rank = claims["verdict"].map(RATING).fillna(len(ORDER) + 1)
    ordered = claims.assign(rank=rank).sort_values(["rank", "order"], kind="stable")
    rows = [_row(row, edition) for row in ordered.to_dict("records")]
    checkable = [row for row in rows if row["verdict"] != "not-checkable"]
    folded = [row for row in rows if row["verdict"] == "not-checkable"]
    return edition.render("ledger.html", checkable=checkable, folded=folded)


def _row(claim: dict, edition: Edition) -> dict:
    words = edition.words
    record = SimpleNamespace(**claim)
    details = {}
    for name in DETAILS:
        text = _in(claim, name, words)
        if text is None or pd.isna(text):
            continue
        if name == "depends_on":
            text = values.depends_on(text, words)
        elif name == "contradicted_by":
            text = [part.strip() for part in text.split(";")]
        elif name == "rows":
            text = text.split(";")
            text = text if len(text) <= FEW else [*text[:FEW], f"… ({len(text)})"]
        details[name] = (
            text if name in ("wording", "contradicted_by", "rows", "source") else shown(text)
        )
    own = {name: _in(claim, name, words) for name in ("claim", "where")}
    own |= {"published": values.published(record, words), "verdict": slug(claim["verdict"])}
    own |= {"recomputed": values.recomputed(record, words), "details": details}
    return claim | own


def reviews(edition: Edition, claims: pd.DataFrame) -> dict[str, list]:
    """Each checkable claim as schema.org's ClaimReview, by page; empty while no address is known."""
    address = edition.settings.address.rstrip("/")
    if not address:
        return {}
    told, rows = about(edition.study), claims[claims["verdict"].isin(ORDER)].to_dict("records")
    given = {"address": address, "about": told, "rows": rows, "ratings": RATING}
    return {"claims": json.loads(edition.render("reviews.json", **given))}


def _in(claim: dict, name: str, words):
    """A cell in the page's language where the ledger has it."""
    return claim.get(
        name if words.language == "en" else f"{name}_{words.language}", claim.get(name)
    )
