"""The study's source tables, cleaned: one module a source table.

With `claims` the only room that knows Ankara's tables. `diplolib.processed` writes them.
"""

import pandas as pd

from diplolib.cleaning.activities import clean_activities
from diplolib.cleaning.agreements import clean_agreements
from diplolib.cleaning.cross_checks import clean_cross_checks
from diplolib.cleaning.engagements import clean_engagements
from diplolib.cleaning.events import clean_events
from diplolib.cleaning.organisation import clean_organisation
from diplolib.cleaning.other_ties import clean_other_ties
from diplolib.cleaning.politics import clean_elections, clean_panel, clean_printed_governments
from diplolib.cleaning.purposes import clean_protocols, clean_purposes
from diplolib.cleaning.staff import clean_education, clean_posts, clean_staff
from diplolib.cleaning.terms import clean_terms
from diplolib.cleaning.units import clean_units
from diplolib.study import Study


def process(study: Study) -> dict[str, pd.DataFrame]:
    """Every clean table by its name, from the raw and reference tables; nothing is written.

    Raises StudyError if a source or reference table is not as declared.
    """
    agreements = clean_agreements(study)
    purposes = clean_purposes(study)
    elections = clean_elections(study)
    cleaned = {
        "agreements": agreements,
        "purposes": purposes,
        "purposes_by_protocol": clean_protocols(study, agreements, purposes),
        "activities": clean_activities(study),
        "terms": clean_terms(study),
        "staff": clean_staff(study),
        "posts": clean_posts(study),
        "education": clean_education(study),
        "units": clean_units(study),
        "organisation": clean_organisation(study),
        "engagements": clean_engagements(study, agreements),
        "other_ties": clean_other_ties(study, agreements),
        "events": clean_events(study),
        "elections": elections,
        "governments_printed": clean_printed_governments(study),
        "panel": clean_panel(study, elections, agreements),
    }
    cleaned["cross_checks"] = clean_cross_checks(study, cleaned)
    return cleaned
