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
    """List the region schemes that a table holds.

    Parameters
    ----------
    table : pandas.DataFrame
        `data/reference/regions.csv`: country_code, and a column a scheme.

    Returns
    -------
    list of str
        The names of all columns but country_code.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import regions
    >>> regions.schemes(pd.DataFrame(columns=["country_code", "un_m49", "other"]))
    ['un_m49', 'other']
    """
    return [column for column in table.columns if column != "country_code"]


def assign(codes: pd.Series, scheme: str, table: pd.DataFrame) -> pd.Series:
    """Give each country code its region of the world.

    Parameters
    ----------
    codes : pandas.Series
        ISO 3166-1 alpha-2 codes (text), with XK and XN; may be missing.
    scheme : str
        The scheme: the name of a column of `table`.
    table : pandas.DataFrame
        `data/reference/regions.csv`: country_code (text), a row a country, and a column a scheme.

    Returns
    -------
    pandas.Series
        The region of each code (text, one of NAMES); missing where the code is missing.

    Raises
    ------
    StudyError
        For an unknown scheme, or a code without a region.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import regions
    >>> table = pd.DataFrame({"country_code": ["FR", "JP"], "un_m49": ["Europe", "Asia"]})
    >>> regions.assign(pd.Series(["JP", "FR"]), "un_m49", table).tolist()
    ['Asia', 'Europe']
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
