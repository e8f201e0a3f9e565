"""What the site's pages show of this study alone, and what lies beside them."""

from ankara.site import explorer, findings, ledger
from nbproof import tables
from nbproof.labels import Labels
from nbproof.study import Study


def computed(study: Study, words: Labels) -> dict[str, str]:
    """Markdown by name, for pages that include `computed/<name>.md`; the ledger once there is one."""
    agreements = tables.read(study, "processed/agreements")
    found = {
        "numbers": findings.numbers(agreements, words),
        "regions": findings.regions(agreements, words),
        "verdicts": findings.verdicts(study, words),
    }
    if findings.has_ledger(study):
        found["ledger"] = ledger.ledger(tables.read(study, "processed/claims"), words)
    return found


def files(study: Study) -> dict[str, bytes]:
    """The explorer: one page in both languages, at a place in each."""
    return {"explorer.html": explorer.build(study, home="index.html").encode()}
