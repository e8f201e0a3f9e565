"""The agreements sorted into the groups that hypothesis 1 and the partners' kinds are counted by."""

import pandas as pd

from ankara.specifications.subjects import SUCCESSORS, SUCCESSORS_FROM
from diplolib import contrasts, places
from nbproof import tables
from nbproof.study import Study


def classified(
    study: Study,
    agreements: pd.DataFrame,
    *,
    periods: pd.DataFrame | None = None,
    region_scheme: str = "article_inferred",
    successors: str = "strict",
    membership: str = "any_day",
) -> pd.DataFrame:
    """`agreements` as `contrasts.classify` returns them, by this study's tables.

    agreements: rows of processed/agreements. periods: default, reference/periods. successors: all or
    strict. Raises StudyError as `contrasts.classify` does.
    """
    home = places.home(tables.read(study, "reference/study"))
    return contrasts.classify(
        agreements,
        periods=tables.read(study, "reference/periods") if periods is None else periods,
        schemes=tables.read(study, "reference/regions"),
        capitals=tables.read(study, "reference/capitals"),
        states=tables.read(study, "reference/country_groups"),
        memberships=tables.read(study, "reference/memberships"),
        origin=(home["latitude"], home["longitude"]),
        region_scheme=region_scheme,
        state_status=SUCCESSORS[successors],
        states_from=SUCCESSORS_FROM,
        membership=membership,
    )
