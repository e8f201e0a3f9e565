"""What the search finds of this study: each opens at its row."""

import pandas as pd

from ankara.site import glossary, places
from nbproof.site.edition import Edition


def entries(edition: Edition, listed: pd.DataFrame, claims: pd.DataFrame | None) -> list[list[str]]:
    """kind, title, address and text; texts are whole sentences, or empty."""
    words = edition.words
    partner, country = words.column("partner"), words.column("country")
    found, seen = [], set()
    for row in listed.to_dict("records"):
        home = places.address("municipality", row["municipality"])
        title = words.fill("site.search.agreement.title", **row | {"partner": row[partner]})
        found.append(["agreement", title, f"{home}#{row['agreement_id']}", ""])
        if row["place_id"] in seen:
            continue
        seen.add(row["place_id"])
        known = pd.notna(row["country"])
        page = places.address("country", row["country"]) if known else home
        # A partner is looked for by its printed name and by its name in the other language too.
        names = dict.fromkeys([row["partner"], row["partner_tr"], row["partner_printed"]])
        text = words.fill("site.search.partner.text", names=", ".join(names))
        title = f"{row[partner]}, {row[country]}" if known else row[partner]
        found.append(["partner", title, f"{page}#{row['place_id']}", text])
    for kind in places.FOLDERS:
        for name, rows in listed.dropna(subset=[kind]).groupby(kind, sort=False):
            title, text = name, ""
            if kind == "country":
                title = rows[country].iloc[0]
                other = rows["country" if country == "country_tr" else "country_tr"].iloc[0]
                text = words.fill("site.search.place.text", n=len(rows), other=other)
            found.append([kind, title, places.address(kind, name), text])
    if claims is not None:
        found += [
            ["claim", row[words.column("claim")], f"claims.html#{row['id']}", ""]
            for row in claims.to_dict("records")
        ]
    for row in glossary.terms(edition):
        title, page = f"{row['name']} ({row['other']})", f"{glossary.PAGE}.html#{row['id']}"
        found.append(["term", title, page, row["definition"]])
    return found
