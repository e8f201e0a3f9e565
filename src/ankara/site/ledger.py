"""The ledger of claims as a page: one row a claim, each with an address of its own."""

from html import escape
from types import SimpleNamespace

import pandas as pd

from ankara.ledger import shown
from ankara.site.findings import slug
from nbproof.labels import Labels
from nbproof.site.markup import attributes, cell, link


def ledger(claims: pd.DataFrame, words: Labels) -> str:
    """The table as HTML, whole without scripts; ledger.js adds search, filters and sorting.

    claims: rows of processed/claims; what differs comes first, the weightiest on top.
    """
    columns = ["claim", "claimed", "recomputed", "verdict", "where"]
    head = "".join(
        f'<th scope="col" data-sort="{name}">{escape(words[f"site.ledger.{name}"])}</th>'
        for name in columns
    )
    by_weight = claims.sort_values("order", kind="stable")  # unknown ones last
    body = "\n".join(_row(row, words) for row in by_weight.to_dict("records"))
    texts = {
        f"data-{name}": words[f"site.ledger.{name}"]
        for name in ("search", "all", "shown", "nothing", "filter", "kind", "reset", "sorted")
    }
    return (
        f'<div id="ledger"{attributes(texts)}>\n<table class="ledger">\n'
        f'<caption class="visually-hidden">{escape(words["site.ledger.caption"])}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _row(claim: dict, words: Labels) -> str:
    verdict = slug(claim["verdict"])
    text = _in(claim, "claim", words)
    titles = {name: words[f"site.ledger.{name}"] for name in ("claimed", "recomputed", "where")}
    values = SimpleNamespace(**claim)
    row = attributes(
        {
            "id": claim["id"],
            "data-verdict": verdict,
            "data-kind": claim.get("kind"),
            "data-name": words[f"site.verdict.{verdict}"],
            "data-kindname": words[f"site.kind.{claim['kind']}"] if "kind" in claim else "",
        }
    )
    return (
        f"<tr{row}><td>{cell(text)} "
        f'<a class="permalink" href="#{claim["id"]}" title="{escape(words["site.ledger.link"])}">'
        f"{escape(claim['id'])}</a>{_details(claim, words)}</td>"
        + "".join(
            f'<td data-title="{escape(titles[name])}">{cell(say(values, words))}</td>'
            for name, say in (("claimed", shown.published), ("recomputed", shown.recomputed))
        )
        + f'<td><span class="verdict {verdict}">{escape(words[f"site.verdict.{verdict}"])}</span></td>'
        f'<td data-title="{escape(titles["where"])}">{cell(_in(claim, "where", words))}</td></tr>'
    )


DETAILS = (
    "wording", "definition", "alternative", "depends_on", "why", "contradicted_by", "rows", "source",
)  # fmt: skip


def _details(claim: dict, words: Labels) -> str:
    """What stands behind a verdict, folded; rows without anything to say are left out."""
    lines = []
    for name in DETAILS:
        text = _in(claim, name, words)
        if text is None or pd.isna(text):
            continue
        if name == "contradicted_by":
            ids = [part.strip() for part in text.split(";")]
            content = ", ".join(link(f"#{identifier}", identifier) for identifier in ids)
        elif name in ("rows", "source"):
            content = f"<code>{escape(text)}</code>"
        elif name == "wording":
            content = f'<span lang="tr">{escape(text)}</span>'
        elif name == "depends_on":
            content = escape(shown.depends_on(text, words))
        else:
            content = escape(text)
        lines.append(f"<dt>{escape(words[f'site.ledger.{name}'])}</dt><dd>{content}</dd>")
    if not lines:
        return ""
    summary = f"<summary>{escape(words['site.ledger.more'])}</summary>"
    return f"<details>{summary}<dl>{''.join(lines)}</dl></details>"


def _in(claim: dict, name: str, words: Labels):
    """A cell in the page's language where the ledger has it."""
    return claim.get(
        name if words.language == "en" else f"{name}_{words.language}", claim.get(name)
    )
