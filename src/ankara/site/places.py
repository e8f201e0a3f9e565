"""A page for each municipality that has agreements and each country that has partners."""

import pandas as pd

from ankara.site.text import shown, slug
from nbproof import lineage, references, tables
from nbproof.site.edition import Edition
from nbproof.study import Study

FOLDERS = {"municipality": "municipalities", "country": "countries"}


def agreements(study: Study) -> pd.DataFrame:
    """processed/agreements with country and country_tr, and what is known of each printed row.

    Further columns: file, line and printed of the source row, corrections, evidence, second_reading.
    """
    listed = tables.read(study, "processed/agreements")
    names = tables.read(study, "reference/countries").set_index("country_code")
    known = lineage.rows(study, listed["agreement_id"])
    known = known[["file", "line", "printed", "corrections", "evidence", "second_reading"]]
    return listed.assign(
        country=listed["country_code"].map(names["name"]),
        country_tr=listed["country_code"].map(names["name_tr"]),
    ).join(known.set_axis(listed.index))


def address(kind: str, name: str) -> str:
    """The page of a municipality or a country (by its English name), from the language's folder."""
    return f"{FOLDERS[kind]}/{slug(name)}.html"


def pages(edition: Edition, listed: pd.DataFrame, claims: pd.DataFrame | None) -> dict[str, str]:
    """A page each, and the two rankings that lead to them."""
    activities = tables.read(edition.study, "processed/engagements")
    activities = activities[activities["list"] != "agreements"].sort_values("year", kind="stable")
    decided = [] if claims is None else claims.dropna(subset=["rows"]).to_dict("records")
    made, rankings = {}, {}
    for kind, folder in FOLDERS.items():
        known = listed.dropna(subset=[kind])
        key = "municipality" if kind == "municipality" else "country_code"
        by = dict(list(known.groupby(kind, sort=False)))
        order = sorted(by, key=lambda name: (-len(by[name]), name))
        rankings[kind] = [_ranked(kind, by[name], edition) for name in order]
        for name in order:
            code = by[name][key].iloc[0]
            made[f"{folder}/{slug(name)}.md"] = edition.render(
                "place.md",
                kind=kind,
                title=_title(kind, by[name], edition),
                rows=_rows(kind, by[name], edition),
                activities=activities[activities[key] == code].to_dict("records"),
                claims=_claims(by[name], decided),
            )
    made["computed/rankings.md"] = edition.render("rankings.html", rankings=rankings)
    made["computed/place-list.md"] = edition.render(
        "toctree.md",
        pages=[f"/{name.removesuffix('.md')}" for name in made if "computed" not in name],
    )
    return made


def _title(kind: str, rows: pd.DataFrame, edition: Edition) -> str:
    first = rows.iloc[0]
    if kind == "country":
        return first[edition.words.column("country")]
    return edition.words.fill(f"site.place.{first['level']}", name=first["municipality"])


def _ranked(kind: str, rows: pd.DataFrame, edition: Edition) -> dict:
    level = rows["level"].value_counts()
    name = rows[kind].iloc[0]
    return {
        "name": _title(kind, rows, edition),
        "address": address(kind, name),
        "n": len(rows),
        "first": rows["year"].min(),
        "last": rows["year"].max(),
        **{one: level.get(one, 0) for one in ("metropolitan", "district")},
    }


def _rows(kind: str, rows: pd.DataFrame, edition: Edition) -> list[dict]:
    """An agreement each; the first of a partner bears the partner's address too."""
    words, seen, found = edition.words, set(), []
    order = ["year"] if kind == "municipality" else ["partner", "year"]
    for row in rows.sort_values(order, kind="stable").to_dict("records"):
        place = row["place_id"]
        foreign = row["country"] if kind == "municipality" else row["municipality"]
        other = "country" if kind == "municipality" else "municipality"
        shows_country = other == "country" and pd.notna(foreign)
        known = (row["corrections"], row["evidence"], row["second_reading"])
        found.append(
            row
            | {
                "place": "" if place in seen else place,
                "partner": row[words.column("partner")],
                "other": row[words.column("country")] if shows_country else foreign,
                "link": f"../{address(other, foreign)}" if pd.notna(foreign) else "",
                "printed": " · ".join(cell for cell in row["printed"].values() if cell),
                "table": _table(row["file"]),
                "evidence": [shown(text) for text in known if text],
            }
        )
        seen.add(place)
    return found


def _table(file: str) -> int:
    return int(file.removesuffix(".csv").rpartition("-")[2])


def _claims(rows: pd.DataFrame, claims: list[dict]) -> list[dict]:
    """The statements that these agreements decide, those first of whose rows they are the largest part."""
    own, found = set(rows["agreement_id"]), []
    for claim in claims:
        deciding = claim["rows"].split(references.SEPARATOR)
        if here := len(own.intersection(deciding)):
            found.append(claim | {"here": here, "all": len(deciding)})
    return sorted(found, key=lambda one: (-one["here"] / one["all"], -one["all"]))
