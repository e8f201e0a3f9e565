"""Table 3 of the article: which unit of a district municipality handles its foreign relations."""

import pandas as pd

from ankara.cleaning import sources
from nbproof import tables
from nbproof.study import Study

TABLE = "raw/article/table-03"
# The claim that lists the districts to which the prose gives a unit of their own (lines 383-384)
PROSE = "units-districts-list"


def clean_units(study: Study) -> pd.DataFrame:
    """municipality, unit_printed, unit_type, unit_type_prose, source: one row a district.

    unit_type: by Table 3. unit_type_prose: the same, but a foreign-relations unit has who the prose
    says; a district to which only the table gives one is `other` there. Raises StudyError for a
    wording that has no type.
    """
    raw = sources.read(study, TABLE)
    codes = sources.coded(raw, "unit", "unit")
    raw = raw.rename(columns={"unit": "unit_printed"})
    raw.insert(2, "unit_type", codes)
    raw.insert(3, "unit_type_prose", _by_prose(raw, named_in_prose(study)))
    return raw


def named_in_prose(study: Study) -> list[str]:
    """The districts that have a foreign-relations unit of their own by the article's prose."""
    claims = tables.read(study, "reference/claims").set_index("id")
    return claims.loc[PROSE, "claimed"].split(", ")


def _by_prose(units: pd.DataFrame, named: list[str]) -> pd.Series:
    """The prose says of all others that units with other duties do the work."""
    own = units["unit_type"].isin(["foreign_relations", "merged"])
    return (
        units["unit_type"]
        .mask(own, "other")
        .mask(units["municipality"].isin(named), "foreign_relations")
    )
