"""The numbers on the start page, counted from the processed tables; nothing here is typed."""

from html import escape

import pandas as pd

from nbproof import tables
from nbproof.labels import Labels
from nbproof.site.markup import link
from nbproof.study import Study

SCHEMES = {"article_inferred": "region_article", "un_m49": "region_un_m49"}
VERDICTS = [
    "reproduced",
    "reproduced under a stated definition",
    "not reproduced",
    "not checkable",
]


def numbers(agreements: pd.DataFrame, words: Labels) -> str:
    """Five large numbers with a line below each, as HTML; agreements: processed/agreements."""
    level = agreements["level"].value_counts()
    lost = agreements[agreements["country_code"].isna()]
    facts = {
        "agreements": {
            "n": len(agreements),
            "metropolitan": level.get("metropolitan", 0),
            "district": level.get("district", 0),
        },
        "countries": {"n": agreements["country_code"].nunique()},
        "years": {"first": agreements["year"].min(), "last": agreements["year"].max()},
        "sure": {"share": (agreements["confidence"] == "high").mean()},
        "lost": {"n": len(lost), "names": words.listing(lost["partner_printed"])},
    }
    items = "".join(
        f"<div><dt>{escape(words.fill(f'site.numbers.{name}.label', **values))}</dt>"
        f"<dd>{escape(words.fill(f'site.numbers.{name}.value', **values))}</dd></div>\n"
        for name, values in facts.items()
    )
    return f'<dl class="numbers">\n{items}</dl>'


def regions(agreements: pd.DataFrame, words: Labels) -> str:
    """Which region leads under each scheme, as one sentence a scheme and what parts them."""
    said = []
    for scheme, column in SCHEMES.items():
        counts = agreements[column].value_counts()
        leading = words.listing(
            f"{words[f'region.{region}']} {words.number(n)}" for region, n in counts.head(2).items()
        )
        said.append(
            words.fill("site.regions.scheme", scheme=words[f"scheme.{scheme}"], leading=leading)
        )
    moved = agreements[agreements[SCHEMES["un_m49"]] != agreements[SCHEMES["article_inferred"]]]
    moved = moved.dropna(subset=["country_code"])
    said.append(
        words.fill("site.regions.moved", n=len(moved), countries=moved["country_code"].nunique())
    )
    return " ".join(said)


def verdicts(study: Study, words: Labels) -> str:
    """The tally of the ledger of claims with a link for each verdict; "" before there is a ledger."""
    if not has_ledger(study):
        return ""
    counts = tables.read(study, "processed/claims")["verdict"].value_counts()
    items = "".join(
        f'<li class="{slug(verdict)}"><b>{words.number(counts.get(verdict, 0))}</b> '
        f"{link(f'claims.html?verdict={slug(verdict)}', words[f'site.verdict.{slug(verdict)}'])}"
        "</li>\n"
        for verdict in VERDICTS
    )
    said = escape(words.fill("site.verdicts", n=counts.sum()))
    return f'<p>{said}</p>\n<ul class="verdicts">\n{items}</ul>'


def has_ledger(study: Study) -> bool:
    return (study.data / "processed" / "claims.csv").is_file()


def slug(text: str) -> str:
    return text.replace(" ", "-")
