"""What the PDF shows of this study alone: the article's tables beside their recomputation, and the ledger."""

import pandas as pd

from ankara.ledger import shown
from ankara.site import ledger, places
from nbproof import tables
from nbproof.site.edition import Edition

RECOUNTED = "table-05"  # from Table 6
LISTS = ("table-04", "table-06")
LONG = "table-09"


def content(edition: Edition) -> dict:
    """The tables and the statements, in the edition's language, as the template takes them."""
    agreements = places.agreements(edition.study)
    made = [_listed(edition, agreements, level) for level in ("metropolitan", "district")]
    package = edition.packages["raw/article"]
    for table in package["resources"]:
        if table["name"].startswith("table-") and table["name"] not in LISTS:
            made.append(_printed(edition, table, agreements))
    return {"tables": made, "statements": _statements(edition)}


def _listed(edition: Edition, agreements: pd.DataFrame, level: str) -> dict:
    """One of the two lists: each agreement as printed, beside what it was taken for."""
    words = edition.words
    rows = agreements[agreements["level"] == level]
    cells = {
        "id": rows["agreement_id"], "year": rows["year"],
        "municipality": rows["municipality_printed"], "partner": rows["partner_printed"],
        "country": rows["country_printed"], "taken": rows[words.column("partner")],
        "state": rows[words.column("country")],
        "region": rows["region_article"].map(lambda code: words[f"region.{code}"], na_action="ignore"),
        "confidence": rows["confidence"].map(lambda code: words[f"confidence.{code}"], na_action="ignore"),
    }  # fmt: skip
    dropped = "municipality" if level == "metropolitan" else "country"
    del cells[dropped]
    titles = {name: words[f"companion.list.{name}"] for name in cells}
    return _table(words[f"companion.list.{level}"], pd.DataFrame(cells).rename(columns=titles))


def _printed(edition: Edition, table: dict, agreements: pd.DataFrame) -> dict:
    """A table as printed; where the lists give its numbers, these beside them."""
    words = edition.words
    frame = tables.read(edition.study, f"raw/article/{table['name']}")
    own = {one["name"]: edition.heading(one) for one in table["schema"]["fields"]}
    kept = [name for name in own if words.language == "en" or not name.endswith("_en")]
    if table["name"] == RECOUNTED:
        counts = agreements["municipality_printed"].value_counts()
        frame["counted"] = frame["municipality"].map(counts).fillna(0).astype("int64")
        own["counted"] = words["companion.counted"]
        kept.append("counted")
    if table["name"] == LONG:
        frame = frame.pivot(index="municipality", columns="year", values="party").reset_index()
        kept, own = list(frame), {name: own.get(name, str(name)) for name in frame}
    if "level" in frame:
        frame["level"] = frame["level"].map(lambda code: words[f"companion.level.{code}"])
    number = int(table["name"].rpartition("-")[2])
    title = words.fill("companion.table", number=number, title=edition.heading(table))
    return _table(title, frame[kept].rename(columns=own))


def _statements(edition: Edition) -> dict:
    """Each statement that can be checked with its verdict, and those that cannot; as the site orders them."""
    words = edition.words
    rows = tables.read(edition.study, "processed/claims").sort_values("order", kind="stable")
    said = {name: rows[words.column(name)].fillna("") for name in ("claim", "where", "why")}
    cells = rows.assign(
        **said, published=[shown.published(row, words) for row in rows.itertuples()],
        recomputed=[shown.recomputed(row, words) for row in rows.itertuples()],
    )[["verdict", "id", "claim", "where", "published", "recomputed", "why"]]  # fmt: skip
    found = {
        verdict: cells[cells["verdict"] == verdict].to_dict("records")
        for verdict in [*ledger.ORDER, "not checkable"]
    }
    return {shown.verdict(name, words): listed for name, listed in found.items() if listed}


def _table(title: str, frame: pd.DataFrame) -> dict:
    text = frame.astype("object").where(frame.notna(), "").astype("str")
    return {
        "title": title,
        "columns": [str(name) for name in text],
        "rows": text.to_numpy().tolist(),
    }
