"""Country code → region of the world, under a named scheme."""

import pandas as pd

from nbproof.study import StudyError, hint

# English and Turkish, as the labels have them: tables depend on no label file.
TURKISH = {
    "Africa": "Afrika",
    "Americas": "Amerika",
    "Asia": "Asya",
    "Europe": "Avrupa",
    "Oceania": "Okyanusya",
}
NAMES = tuple(TURKISH)


def schemes(table: pd.DataFrame) -> list[str]:
    """The schemes that `data/reference/regions.csv` holds: each column but the first."""
    return [column for column in table.columns if column != "country_code"]


def assign(codes: pd.Series, scheme: str, table: pd.DataFrame) -> pd.Series:
    """The region of each country code; missing where the code is missing.

    codes: ISO 3166-1 alpha-2, with XK and XN. table: `data/reference/regions.csv`, one row a country,
    one column a scheme. Raises StudyError for an unknown scheme or a code without a region.
    """
    if scheme not in schemes(table):
        raise StudyError(
            f"region scheme {scheme!r} is not in data/reference/regions.csv "
            f"({', '.join(schemes(table))}).{hint(scheme, schemes(table))}"
        )
    found = codes.map(table.set_index("country_code")[scheme])
    lost = sorted(codes[codes.notna() & found.isna()].unique())
    if lost:
        raise StudyError(
            f"data/reference/regions.csv, column {scheme}: no region for {', '.join(lost)}. "
            "Add a row for each."
        )
    return found
