"""The study's source tables, cleaned: one module a source table.

With `claims` the only room that knows Ankara's tables. `ankara.processed` writes them.
"""

from collections.abc import Callable

import pandas as pd

from ankara.cleaning.activities import clean_activities
from ankara.cleaning.agreements import clean_agreements
from ankara.cleaning.cross_checks import clean_cross_checks
from ankara.cleaning.engagements import clean_engagements, clean_tie_life
from ankara.cleaning.events import clean_events
from ankara.cleaning.organisation import clean_organisation
from ankara.cleaning.other_ties import clean_other_ties
from ankara.cleaning.politics import clean_elections, clean_panel, clean_printed_governments
from ankara.cleaning.purpose_codings import clean_purpose_codings
from ankara.cleaning.purposes import clean_protocols, clean_purposes
from ankara.cleaning.staff import clean_education, clean_posts, clean_staff
from ankara.cleaning.terms import clean_terms
from ankara.cleaning.units import clean_units
from nbproof import tables
from nbproof.study import Study, StudyError


def process(study: Study) -> dict[str, pd.DataFrame]:
    """Every clean table by its name, from the raw and reference tables; nothing is written.

    Raises StudyError if a source or reference table is not as declared, or not as a step expects it.
    """
    agreements = step("agreements", clean_agreements, study)
    engagements = step("engagements", clean_engagements, study, agreements)
    purposes = step("purposes", clean_purposes, study)
    elections = step("elections", clean_elections, study)
    cleaned = {
        "agreements": agreements,
        "purposes": purposes,
        "purposes_by_protocol": step(
            "purposes_by_protocol", clean_protocols, study, agreements, purposes
        ),
        "purposes_by_row": step(
            "purposes_by_row", clean_purpose_codings, study, engagements, purposes
        ),
        "activities": step("activities", clean_activities, study),
        "terms": step("terms", clean_terms, study),
        "staff": step("staff", clean_staff, study),
        "posts": step("posts", clean_posts, study),
        "education": step("education", clean_education, study),
        "units": step("units", clean_units, study),
        "organisation": step("organisation", clean_organisation, study),
        "engagements": engagements,
        "tie_life": step("tie_life", clean_tie_life, study, agreements, engagements),
        "other_ties": step("other_ties", clean_other_ties, study, agreements),
        "events": step("events", clean_events, study),
        "elections": elections,
        "governments_printed": step("governments_printed", clean_printed_governments, study),
        "panel": step("panel", clean_panel, study, elections, agreements),
    }
    cleaned["cross_checks"] = step("cross_checks", clean_cross_checks, study, cleaned)
    return cleaned


def step(name: str, compute: Callable, *arguments):
    """One table, computed; an error of any kind becomes one that names the files it was read from.

    A step counts on what the sources print: a total, a name, a period. Where a row was taken away or
    a cell rewritten so that it fits its schema all the same, that is missing.
    """
    with tables.noting() as read:
        try:
            made = compute(*arguments)
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
            if isinstance(error, StudyError) and "data/" in str(error):
                raise
            said = (
                str(error) if isinstance(error, StudyError) else f"{type(error).__name__}: {error}"
            )
            files = [*read, *sorted(_read(arguments) - set(read))]
            raise StudyError(
                f"data/processed/{name}.csv cannot be made from {', '.join(files)}: "
                f"{said.removesuffix('.')}. A row or cell there is not as the source prints it: compare "
                "what was changed last; nothing was written."
            ) from error
    made.attrs["read"] = list(read)
    return made


def _read(arguments: tuple) -> set[str]:
    """The files from which earlier steps have made the frames among the arguments."""
    parts = [
        part for one in arguments for part in (one.values() if isinstance(one, dict) else [one])
    ]
    return {name for part in parts for name in getattr(part, "attrs", {}).get("read", [])}
