"""What is known of a printed row: its corrections, its place, and the evidence for both."""

import pandas as pd

from diplolib import places
from nbproof import lineage, references, tables
from nbproof.study import Study

# Half a printed cell in corrections.csv, and the clean table's column that holds it as printed
PARTS = {"district": "municipality_printed", "partner": "partner_printed"}


def with_statements(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """The marks of the figure `claims`, and among them every statement of the ledger as `claim`."""
    ledger = lineage.read(study.data / "processed" / "claims.csv")
    ledger["rows"] = references.several(
        *(ledger[name].where(ledger[name] != "") for name in ("source", "rows"))
    )
    ledger = ledger.rename(columns={"claimed": "published"}).assign(mark="claim")
    whole = found["mark"] == "verdict"
    parts = [found[whole], ledger.reindex(columns=found.columns), found[~whole]]
    return pd.concat(parts, ignore_index=True).fillna("")


def evidence(study: Study, found: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """corrections, place, confidence, evidence, second_reading of each row; empty where none.

    found: source rows, with file and printed cells; listed: the agreements that they are, if any.
    """
    given = tables.read(study, "reference/corrections")
    text = given["printed"].fillna("") + " → " + given["corrected"] + " (" + given["reason"] + ": "
    given = given.assign(text=text + given["evidence"] + ")", printed=given["printed"].fillna(""))
    tables_of = {
        file: file.removeprefix("data/").removesuffix(".csv") for file in set(found["file"])
    }
    by_file = {
        file: list(given[places.concern(given, table)].itertuples())
        for file, table in tables_of.items()
    }
    # A cell that a table parts in cleaning is printed whole; its parts are in the clean table.
    parts = listed[[name for name in listed if name.endswith("_printed")]].fillna("")
    corrections, names = [], []
    for file, line, printed, cells in zip(
        found["file"], found["line"], found["printed"], parts.to_dict("records"), strict=True
    ):
        printed = {**printed, **{part: cells.get(name, "") for part, name in PARTS.items()}}
        name, said, single = cells.get("partner_printed", ""), [], False
        for row in by_file[file]:
            here = pd.isna(row.line) or row.line == line
            if not here or printed.get(row.column) != row.printed:
                continue
            said.append(row.text)
            if row.column in ("city", "partner") and not single:
                name, single = row.corrected, pd.notna(row.line)
        corrections.append("; ".join(said))
        names.append(name)
    about = tables.read(study, "reference/places").set_index("listed_as").reindex(names)
    second = tables.read(study, "reference/second_readings").set_index("listed_as").reindex(names)
    return pd.DataFrame(
        {
            "corrections": corrections,
            "place": (about["name"] + " (" + about["country_code"] + ")").to_numpy(),
            "confidence": about["confidence"].to_numpy(),
            "evidence": about["evidence"].to_numpy(),
            "second_reading": (
                second["name"] + " (" + second["country_code"] + "): " + second["evidence"]
            ).to_numpy(),
        }
    ).fillna("")
