"""Table 4 of the article: the metropolitan municipality's agreements."""

import pandas as pd

from ankara.cleaning.sources import coded, corrected, with_source

TABLE = "raw/article/table-04"


def clean_metropolitan(
    raw: pd.DataFrame, corrections: pd.DataFrame, statuses: pd.DataFrame
) -> pd.DataFrame:
    """One row an agreement, in the printed order.

    raw: year, city, country, form as printed. statuses: year, city, status of the agreements that
    the prose qualifies. Returns level, municipality, municipality_printed, year, form, form_printed,
    partner_printed, partner_listed (corrected), country_printed, status, source.
    """
    raw = with_source(raw, TABLE)
    right = corrected(raw, corrections, TABLE)
    clean = pd.DataFrame(index=raw.index)
    clean["level"] = "metropolitan"
    clean["municipality"] = "Ankara"
    # The table names its municipality once, in its title.
    clean["municipality_printed"] = "Ankara Büyükşehir Belediyesi"
    clean["year"] = right["year"]
    clean["form"] = coded(right, "form", "form")
    clean["form_printed"] = raw["form"]
    clean["partner_printed"] = raw["city"]
    clean["partner_listed"] = right["city"]
    clean["country_printed"] = right["country"]
    clean["status"] = _clean_status(raw.assign(year=right["year"]), statuses)
    clean["source"] = raw["source"]
    return clean


def _clean_status(raw: pd.DataFrame, statuses: pd.DataFrame) -> pd.Series:
    """Listed, unless the article's own prose says otherwise of a listed agreement."""
    found = raw[["year", "city"]].merge(statuses, on=["year", "city"], how="left")
    return found["status"].fillna("listed")
