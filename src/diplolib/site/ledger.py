"""The ledger of claims as a page: one row a claim, each with an address of its own."""

from html import escape

import pandas as pd

from diplolib.labels import Labels
from diplolib.site.findings import slug
from diplolib.site.markup import attributes, cell, link


def ledger(claims: pd.DataFrame, words: Labels) -> str:
    """The table as HTML, whole without scripts; ledger.js adds search, filters and sorting.

    claims: rows of processed/claims.
    """
    columns = ["claim", "claimed", "recomputed", "verdict", "where"]
    head = "".join(
        f'<th scope="col" data-sort="{name}">{escape(words[f"site.ledger.{name}"])}</th>'
        for name in columns
    )
    body = "\n".join(_row(row, words) for row in claims.to_dict("records"))
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
            f'<td data-title="{escape(titles[name])}"{_english(claim.get(name), words)}>'
            f"{cell(claim.get(name))}</td>"
            for name in ("claimed", "recomputed")
        )
        + f'<td><span class="verdict {verdict}">{escape(words[f"site.verdict.{verdict}"])}</span></td>'
        f'<td data-title="{escape(titles["where"])}" lang="en">{cell(claim.get("where"))}</td></tr>'
    )


def _details(claim: dict, words: Labels) -> str:
    """What stands behind a verdict, folded; rows without anything to say are left out."""
    lines = []
    for name in ("definition", "alternative", "why", "contradicted_by", "rows", "source"):
        text = _in(claim, name, words)
        if text is None or pd.isna(text):
            continue
        if name == "contradicted_by":
            ids = [part.strip() for part in text.split(";")]
            content = ", ".join(link(f"#{identifier}", identifier) for identifier in ids)
        elif name in ("rows", "source"):
            content = f"<code>{escape(text)}</code>"
        elif name == "alternative" and words.language != "en":
            content = f'<span lang="en">{escape(text)}</span>'
        else:
            content = escape(text)
        lines.append(f"<dt>{escape(words[f'site.ledger.{name}'])}</dt><dd>{content}</dd>")
    if not lines:
        return ""
    summary = f"<summary>{escape(words['site.ledger.more'])}</summary>"
    return f"<details>{summary}<dl>{''.join(lines)}</dl></details>"


def _english(value, words: Labels) -> str:
    """Values that are no bare number stand in English in the ledger."""
    worded = isinstance(value, str) and any(letter.isalpha() for letter in value)
    return attributes({"lang": "en"} if worded and words.language != "en" else {})


def _in(claim: dict, name: str, words: Labels):
    """A cell in the page's language where the ledger has it."""
    return claim.get(
        name if words.language == "en" else f"{name}_{words.language}", claim.get(name)
    )
