"""Tables 4 and 6 in one: every agreement with its place and region."""

import pandas as pd

from ankara.cleaning import districts, metropolitan, sources
from ankara.cleaning.corrections import check as check_corrections
from diplolib import places, regions
from nbproof import tables
from nbproof.study import Study, StudyError

ADDED = "additions/agreements"  # what no source of the study prints, each row with its own evidence


def clean_agreements(study: Study) -> pd.DataFrame:
    """The columns of `data/processed/agreements.csv`, metropolitan first, in printed order, then
    what `data/additions/agreements.csv` adds.

    Raises StudyError if a partner has no entry in places.csv or a country none in regions.csv.
    """
    from diplolib import points  # in a browser there is no shapely, and this is left out

    points.check(study, "reference/places", "reference/second_readings", "reference/study", ADDED)
    check_corrections(study)
    corrections = tables.read(study, sources.CORRECTIONS)
    parts = {
        "M": metropolitan.clean_metropolitan(
            tables.read(study, metropolitan.TABLE),
            corrections,
            tables.read(study, "reference/statuses"),
        ),
        "D": districts.clean_districts(tables.read(study, districts.TABLE), corrections),
    }
    parts["A"], added = _added(study, parts["M"].columns)
    listed = pd.concat(
        [part.assign(agreement_id=_identify(prefix, part)) for prefix, part in parts.items()],
        ignore_index=True,
    )
    known = tables.read(study, "reference/places")
    new = added[~added["listed_as"].isin(known["listed_as"])].reindex(columns=known.columns)
    known = pd.concat([known, new]) if len(new) else known
    found = places.identify(listed["partner_listed"], known, listed["source"])
    found = found.rename(columns={"name": "partner", "name_tr": "partner_tr"})
    schemes = tables.read(study, "reference/regions")
    agreements = pd.concat([listed, found], axis=1).assign(
        region_article=regions.assign(found["country_code"], "article_inferred", schemes),
        region_un_m49=regions.assign(found["country_code"], "un_m49", schemes),
    )
    rows = sum(map(len, parts.values()))
    if len(agreements) != rows:
        raise StudyError(f"agreements: {rows} rows went in, {len(agreements)} came out.")
    return agreements[tables.columns(study, "processed/agreements")]


def _added(study: Study, columns: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The agreements of `data/additions/agreements.csv` as the tables' ones, and the places they describe."""
    rows = sources.with_source(tables.read(study, ADDED), ADDED)
    listed = rows.assign(
        municipality_printed=rows["municipality"],
        form_printed=rows["form"],
        partner_printed=rows["listed_as"],
        partner_listed=rows["listed_as"],
        country_printed=pd.Series(pd.NA, index=rows.index, dtype="str"),
        status="listed",
    )
    return listed[columns], rows[rows["place_id"].notna()].drop_duplicates("listed_as")


def _identify(prefix: str, part: pd.DataFrame) -> pd.Index:
    """M01, M02, … and D001, D002, … in printed order."""
    width = len(str(len(part)))
    numbers = map(f"{prefix}{{:0{width}}}".format, range(1, len(part) + 1))
    return pd.Index(numbers, dtype="str")
