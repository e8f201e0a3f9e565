"""The study's source tables, cleaned: one module a source table.

With `claims` the only room that knows Ankara's tables. Everything is computed before anything is
written, and each table is written whole or not at all.
"""

from pathlib import Path

import pandas as pd

from diplolib import tables
from diplolib.cleaning.activities import clean_activities
from diplolib.cleaning.agreements import clean_agreements
from diplolib.cleaning.purposes import clean_protocols, clean_purposes
from diplolib.cleaning.terms import clean_terms
from diplolib.study import Study


def clean(study: Study, root: Path | None = None) -> dict[str, int]:
    """Write every table of `data/processed/` (or of `root`/processed) and return their row counts.

    Raises StudyError, before anything is written, if a source or reference table is not as declared.
    """
    cleaned = process(study)
    for name, frame in cleaned.items():
        tables.write(frame, study, f"processed/{name}", root)
    return {name: len(frame) for name, frame in cleaned.items()}


def process(study: Study) -> dict[str, pd.DataFrame]:
    """Every processed table by its name, from the raw and reference tables; nothing is written."""
    agreements = clean_agreements(study)
    purposes = clean_purposes(study)
    return {
        "agreements": agreements,
        "purposes": purposes,
        "purposes_by_protocol": clean_protocols(study, agreements, purposes),
        "activities": clean_activities(study),
        "terms": clean_terms(study),
    }
