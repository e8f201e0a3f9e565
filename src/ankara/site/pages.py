"""What the site shows of this study alone: its pages, what they include, and what lies beside them."""

import json

from ankara.site import entries, explorer, findings, glossary, ledger, places
from nbproof import tables
from nbproof.site.edition import Edition
from nbproof.study import Study


def pages(edition: Edition) -> dict[str, str]:
    """Sources by file name: `computed/<name>.md` is for hand-written pages to include."""
    study = edition.study
    agreements = places.agreements(study)
    made = {
        "computed/numbers.md": findings.numbers(edition, agreements),
        "computed/regions.md": findings.regions(agreements, edition.words),
        "computed/verdicts.md": "",
        "computed/glossary.md": glossary.page(edition),
        "computed/exercises.md": edition.render("exercises.md", names=_exercises(edition)),
        "terms.json": json.dumps(glossary.hovered(edition), ensure_ascii=False),
    }
    claims = None
    if findings.has_ledger(study):
        claims = tables.read(study, "processed/claims")
        made["computed/verdicts.md"] = findings.verdicts(edition, claims)
        made["computed/steps.md"] = findings.steps(edition, claims, agreements)
        made["computed/ledger.md"] = ledger.ledger(edition, claims)
        made["json-ld.json"] = json.dumps(ledger.reviews(edition, claims), ensure_ascii=False)
    made |= places.pages(edition, agreements, claims)
    made["entries.json"] = json.dumps(
        entries.entries(edition, agreements, claims), ensure_ascii=False
    )
    return made


def _exercises(edition: Edition) -> list[str]:
    keys = (key.split(".") for key in edition.words if key.startswith("live.exercise."))
    return [key[2] for key in keys if key[-1] == "question"]


def files(study: Study) -> dict[str, bytes]:
    """The explorer: one page in both languages, at a place in each."""
    return {"explorer.html": explorer.build(study, home="index.html").encode()}
