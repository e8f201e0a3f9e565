"""The agreements sorted into the groups that hypothesis 1 and the partners' kinds are counted by."""

import pandas as pd

from ankara.specifications.subjects import SUCCESSORS, SUCCESSORS_FROM
from diplolib import contrasts, places
from nbproof import tables
from nbproof.study import Study

TABLES = {
    "periods": "periods", "schemes": "regions", "capitals": "capitals", "states": "country_groups",
    "memberships": "memberships",
}  # fmt: skip
RULES = {"region_scheme": "article_inferred", "membership": "any_day", "successors": "strict"}


def classified(study: Study, agreements: pd.DataFrame, **others) -> pd.DataFrame:
    """`agreements` as `contrasts.classify` returns them, by this study's tables and RULES.

    agreements: rows of processed/agreements. others: another value of a rule (successors: all or
    strict), or other `periods`. Raises StudyError as `contrasts.classify` does.
    """
    home = places.home(tables.read(study, "reference/study"))
    given = {name: tables.read(study, f"reference/{table}") for name, table in TABLES.items()}
    given |= RULES | others
    given["state_status"] = SUCCESSORS[given.pop("successors")]
    origin = home["latitude"], home["longitude"]
    return contrasts.classify(agreements, origin=origin, states_from=SUCCESSORS_FROM, **given)
