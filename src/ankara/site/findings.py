"""What the start page and the page of findings say, counted from the tables; nothing here is typed."""

from types import SimpleNamespace

import pandas as pd

from ankara.ledger import shown as values
from ankara.ledger.verdicts import VERDICTS
from ankara.site.text import shown, slug
from nbproof import lineage, references
from nbproof.labels import Labels
from nbproof.site.edition import Edition
from nbproof.study import Study

SCHEMES = {"article_inferred": "region_article", "un_m49": "region_un_m49"}
# The article's argument in six steps: its statement, and the figure that shows what the tables say.
STEPS = {
    "agreements-total": "timeline",
    "overall-asia-first": "world-map",
    "metropolitan-capitals": "foreign-policy",
    "gokcek-growth": "city-politics",
    "purposes-number": "purposes",
    "activities-2020-bilateral": "engagements",
}
ROWS = 6  # deciding rows before the fold
# What a step says in prose, by the ledger's columns
TOLD = {"definition": "definition", "caveat": "why", "other": "alternative"}


def numbers(edition: Edition, agreements: pd.DataFrame) -> str:
    """Five large numbers with a line below each; agreements: processed/agreements."""
    level = agreements["level"].value_counts()
    lost = agreements[agreements["country_code"].isna()]
    levels = {name: level.get(name, 0) for name in ("metropolitan", "district")}
    facts = {
        "agreements": {"n": len(agreements), **levels},
        "countries": {"n": agreements["country_code"].nunique()},
        "years": {"first": agreements["year"].min(), "last": agreements["year"].max()},
        "sure": {"share": (agreements["confidence"] == "high").mean()},
        "lost": {"n": len(lost), "names": edition.words.listing(lost["partner_printed"])},
    }
    return edition.render("numbers.html", facts=facts)


def regions(agreements: pd.DataFrame, words: Labels) -> str:
    """Which region leads under each scheme, as one sentence a scheme and what parts them."""
    said = []
    for scheme, column in SCHEMES.items():
        counts = agreements[column].value_counts()
        leading = words.listing(
            f"{words[f'region.{region}']} {words.number(n)}" for region, n in counts.head(2).items()
        )
        name = words[f"scheme.{scheme}"]
        said.append(words.fill("site.regions.scheme", scheme=name, leading=leading))
    moved = agreements[agreements[SCHEMES["un_m49"]] != agreements[SCHEMES["article_inferred"]]]
    countries = moved["country_code"].dropna()
    values = {"n": len(countries), "countries": countries.nunique()}
    said.append(words.fill("site.regions.moved", **values))
    return " ".join(said)


def verdicts(edition: Edition, claims: pd.DataFrame) -> str:
    """The tally of the ledger of claims with a link for each verdict."""
    counts = claims["verdict"].value_counts()
    found = {slug(verdict): counts.get(verdict, 0) for verdict in VERDICTS}
    return edition.render("verdicts.html", counts=found, n=len(claims))


def steps(edition: Edition, claims: pd.DataFrame, agreements: pd.DataFrame) -> str:
    """Each of STEPS: figure, verdict, sentence, values, deciding rows and caveat."""
    words, by_id = edition.words, claims.set_index("id", drop=False)
    figures = {figure.name: figure for figure in edition.shown}
    where = agreements.set_index("agreement_id")[["municipality", "year"]].to_dict("index")
    found = []
    for identifier, figure in STEPS.items():
        if identifier not in by_id.index or figure not in figures:
            continue
        claim = by_id.loc[identifier]
        asked = claim["rows"].split(references.SEPARATOR) if pd.notna(claim["rows"]) else []
        printed = lineage.rows(edition.study, pd.Series(asked, dtype="str"))
        rows = [
            row._asdict()
            | where.get(row.reference, {})
            | {"printed": " · ".join(cell for cell in row.printed.values() if cell)}
            for row in printed.itertuples()
        ]
        record = SimpleNamespace(**claim)
        told = {
            name: shown(text) if pd.notna(text := claim[words.column(column)]) else ""
            for name, column in TOLD.items()
        }
        own = {name: claim[words.column(name)] for name in ("claim", "where")}
        own |= {"published": values.published(record, words), "verdict": slug(claim["verdict"])}
        own |= {"recomputed": values.recomputed(record, words), "figure": figures[figure]}
        found.append({**claim, **told, **own, "rows": rows})
    return edition.render("steps.md", steps=found, few=ROWS)


def has_ledger(study: Study) -> bool:
    return (study.data / "processed" / "claims.csv").is_file()
