"""Table 6 of the article: the district municipalities' agreements."""

import itertools
import operator
import sys

import pandas as pd

from ankara.cleaning.sources import corrected, with_source
from diplolib.places import correct
from nbproof.study import StudyError
from nbproof.tables.cells import hyphenated

TABLE = "raw/article/table-06"


def clean_districts(raw: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """One row an agreement, in the printed order; the columns are those of Table 4.

    raw: year, district_partner ("Polatlı-Viavistok": the first hyphen parts district and partner).
    Raises StudyError for a cell without a hyphen.
    """
    raw = corrected(with_source(raw, TABLE), corrections, TABLE)
    clean = pd.DataFrame(index=raw.index)
    clean["level"] = "district"
    cells = split(raw)
    clean["municipality"] = correct(cells["district"], corrections, TABLE, "district")
    clean["municipality_printed"] = cells["district"]
    clean["year"] = raw["year"]
    # The table prints its form once, in its title: sister-city agreements.
    clean["form"] = "sister_city"
    clean["form_printed"] = "Kardeş Kent Anlaşmaları"
    clean["partner_printed"] = cells["partner"]
    clean["partner_listed"] = correct(cells["partner"], corrections, TABLE, "partner")
    clean["country_printed"] = pd.Series(pd.NA, index=raw.index, dtype="str")
    clean["status"] = "listed"
    clean["source"] = raw["source"]
    return clean


def split(raw: pd.DataFrame) -> pd.DataFrame:
    """Columns district and partner, parted at the first hyphen only.

    "Keçiören-Bayan, Olgii" and "Etimesgut-Bayan-Olgii" both occur. Raises StudyError for a cell
    without a plain hyphen.
    """
    printed = raw["district_partner"].to_numpy(dtype="object")
    cells = pd.DataFrame(index=raw.index, dtype="str")
    for place, name in {0: "district", 2: "partner"}.items():
        found = map(operator.itemgetter(place), map(str.partition, printed, itertools.repeat("-")))
        # A name that stands in many rows is kept once in memory.
        cells[name] = pd.Series(list(map(sys.intern, found)), raw.index, dtype="str")
    # Another dash would part the cell at the partner's own hyphen: Çankaya–Cluj-Napoca.
    odd = {
        name
        for name in set(cells["district"])
        if name in ("", "-") or name != hyphenated(name).strip()
    }
    odd_partners = {name for name in set(cells["partner"]) if not name or name[0] in "- "}
    broken = cells["district"].isin(odd) | cells["partner"].isin(odd_partners)
    if broken.any():
        row = raw[broken].iloc[0]
        written = hyphenated(row["district_partner"])
        hint = f": {written!r}" if all(written.partition("-")) else " between them"
        raise StudyError(
            f"{row['source']}, column district_partner: {row['district_partner']!r}; "
            f"expected district and partner with a plain hyphen and no space{hint}."
        )
    return cells
