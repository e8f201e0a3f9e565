"""The glossary as a page, and the words of it that every page explains."""

from nbproof import tables
from nbproof.site.edition import Edition

PAGE = "glossary"
ALPHABET = "abcçdefgğhıijklmnoöprsştuüvyz"  # Turkish
# What a reader from outside stumbles over; the other terms say what they are.
HOVERED = (
    "sister_city", "sister_city_agreement", "friendship_cooperation_protocol", "protocol",
    "metropolitan_municipality", "metropolitan_district_municipality", "confidence", "region_scheme",
    "alignment", "contrast", "verdict", "reciprocity", "complementarity", "city_diplomacy",
)  # fmt: skip


def terms(edition: Edition) -> list[dict]:
    """id, name, other (its name in the other language) and definition of each term, in order of name."""
    code, other = ("en", "tr") if edition.language == "en" else ("tr", "en")
    own = {f"term_{code}": "name", f"term_{other}": "other", f"definition_{code}": "definition"}
    found = tables.read(edition.study, "reference/glossary").rename(columns={"term_id": "id"} | own)
    rows = found[["id", *own.values()]].to_dict("records")
    return sorted(rows, key=lambda row: [ALPHABET.find(letter) for letter in _lower(row["name"])])


def _lower(name: str) -> str:
    return name.replace("İ", "i").replace("I", "ı").lower()


def page(edition: Edition) -> str:
    return edition.render("glossary.html", terms=terms(edition))


def hovered(edition: Edition) -> list[dict]:
    """What `nbproof.site.search` explains: names, id, page and definition."""
    return [
        {"id": row["id"], "page": PAGE, "names": [row["name"]], "definition": row["definition"]}
        for row in terms(edition)
        if row["id"] in HOVERED
    ]
