"""Tables 4 and 6 in one: every agreement with its place and region."""

import pandas as pd

from diplolib import places, points, regions, tables
from diplolib.cleaning import districts, metropolitan
from diplolib.study import Study, StudyError


def clean_agreements(study: Study) -> pd.DataFrame:
    """The columns of `data/processed/agreements.csv`, metropolitan first, in printed order.

    Raises StudyError if a partner has no entry in places.csv or a country none in regions.csv.
    """
    points.check(study, "reference/places", "reference/second_readings", "reference/study")
    corrections = tables.read(study, "reference/corrections")
    parts = {
        "M": metropolitan.clean_metropolitan(
            tables.read(study, metropolitan.TABLE),
            corrections,
            tables.read(study, "reference/statuses"),
        ),
        "D": districts.clean_districts(tables.read(study, districts.TABLE), corrections),
    }
    listed = pd.concat(
        [part.assign(agreement_id=_identify(prefix, part)) for prefix, part in parts.items()],
        ignore_index=True,
    )
    found = places.identify(
        listed["partner_listed"], tables.read(study, "reference/places"), listed["source"]
    )
    found = found.rename(columns={"name": "partner", "name_tr": "partner_tr"})
    schemes = tables.read(study, "reference/regions")
    agreements = pd.concat([listed, found], axis=1).assign(
        region_article=regions.assign(found["country_code"], "article_inferred", schemes),
        region_un_m49=regions.assign(found["country_code"], "un_m49", schemes),
    )
    rows = sum(map(len, parts.values()))
    if len(agreements) != rows:
        raise StudyError(f"agreements: {rows} rows went in, {len(agreements)} came out.")
    fields = tables.resource(study, "processed/agreements")["schema"]["fields"]
    return agreements[[field["name"] for field in fields]]


def _identify(prefix: str, part: pd.DataFrame) -> pd.Index:
    """M01, M02, … and D001, D002, … in printed order."""
    width = len(str(len(part)))
    numbers = map(f"{prefix}{{:0{width}}}".format, range(1, len(part) + 1))
    return pd.Index(numbers, dtype="str")
