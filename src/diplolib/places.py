"""Printed name → corrected name → place, by two reviewed tables; no code guesses."""

import difflib
import itertools

import pandas as pd

from nbproof.study import StudyError
from nbproof.tables import SHOWN_PROBLEMS

CONFIDENCE = ("none", "low", "medium", "high")


def concern(corrections: pd.DataFrame, table: str) -> pd.Series:
    """Find the corrections that are meant for a table.

    Parameters
    ----------
    corrections : pandas.DataFrame
        `data/reference/corrections.csv`, with table (text): the table's path, or the end of its path.
    table : str
        The table's name, such as "raw/source/table-04".

    Returns
    -------
    pandas.Series
        True for each correction of this table (bool, one value a row of `corrections`).

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import places
    >>> corrections = pd.DataFrame({"table": ["table-04", "source/table-04", "table-06"]})
    >>> places.concern(corrections, "raw/source/table-04").tolist()
    [True, True, False]
    """
    ends = {table.split("/", n)[-1] for n in range(table.count("/") + 1)}
    names = corrections["table"].str.removeprefix("data/").str.removesuffix(".csv")
    return names.isin(ends)


def correct(
    printed: pd.Series,
    corrections: pd.DataFrame,
    table: str,
    column: str,
    lines: pd.Series | None = None,
) -> pd.Series:
    """Replace misprints by what the reviewed table of corrections says.

    Parameters
    ----------
    printed : pandas.Series
        The cells of one column as printed (text).
    corrections : pandas.DataFrame
        `data/reference/corrections.csv`, with table, column, printed, corrected (text) and line (integer;
        missing if the correction holds for every line).
    table : str
        The table's name, such as "raw/source/table-04".
    column : str
        The column's name.
    lines : pandas.Series, optional
        Each cell's line in the table's file. Default: the rows are those of the file, whose first line
        holds the names of the columns.

    Returns
    -------
    pandas.Series
        The corrected cells. A cell without an entry stays as it is; one with an entry for its line takes
        that entry.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import places
    >>> corrections = pd.DataFrame(
    ...     {
    ...         "table": ["table-04", "table-04"],
    ...         "column": ["city", "city"],
    ...         "line": [None, 4],
    ...         "printed": ["Pariss", "Berlin"],
    ...         "corrected": ["Paris", "Bern"],
    ...     }
    ... )
    >>> printed = pd.Series(["Pariss", "Berlin", "Berlin"])
    >>> places.correct(printed, corrections, "raw/source/table-04", "city").tolist()
    ['Paris', 'Berlin', 'Bern']
    """
    rows = corrections[concern(corrections, table) & (corrections["column"] == column)]
    one = rows["line"].notna()
    # `replace` would look at every cell once for every correction.
    found = printed
    if not one.all():
        found = printed.map(rows[~one].set_index("printed")["corrected"]).fillna(printed)
    lines = pd.Series(range(2, len(printed) + 2), printed.index) if lines is None else lines
    single = rows.loc[one, ["line", "printed", "corrected"]].fillna({"printed": ""})
    for line, text, right in single.to_numpy():
        found = found.mask((lines == line) & (printed == text), right)
    return found


def identify(names: pd.Series, places: pd.DataFrame, sources: pd.Series) -> pd.DataFrame:
    """Find the place that each corrected name stands for.

    Parameters
    ----------
    names : pandas.Series
        Corrected names of partners (text).
    places : pandas.DataFrame
        `data/reference/places.csv`, with listed_as (text, each name once), place_id and more. A place that
        nobody could identify has a row too, with confidence `none`.
    sources : pandas.Series
        Where each name is printed: file and line (text), for the error.

    Returns
    -------
    pandas.DataFrame
        The columns of `places` but listed_as, a row a name, in the order and with the index of `names`.

    Raises
    ------
    StudyError
        For a name without a row: with the row of the source and the nearest listed name.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import places
    >>> listed = pd.DataFrame(
    ...     {"listed_as": ["Paris", "Berlin"], "place_id": ["paris-fr", "berlin-de"]}
    ... )
    >>> sources = pd.Series(["table-04.csv:2", "table-04.csv:3"])
    >>> places.identify(pd.Series(["Berlin", "Paris"]), listed, sources)["place_id"].tolist()
    ['berlin-de', 'paris-fr']
    >>> places.identify(pd.Series(["Berlin", "Pariss"]), listed, sources)
    Traceback (most recent call last):
    nbproof.study.StudyError: table-04.csv:3, partner 'Pariss': no entry in data/reference/places.csv. ...
    """
    positions = pd.Index(places["listed_as"]).get_indexer(names)
    unknown = positions < 0
    if unknown.any():
        said = []
        lost = zip(names[unknown], sources[unknown], strict=True)
        for name, source in itertools.islice(lost, SHOWN_PROBLEMS):
            said.append(f"{source}, partner {name!r}: no entry in data/reference/places.csv.")
            for near in difflib.get_close_matches(name, places["listed_as"], 1, cutoff=0.75):
                said[-1] += f" If it is a misprint of {near!r}, add it to corrections.csv."
        if unknown.sum() > SHOWN_PROBLEMS:
            said.append(f"… and {unknown.sum() - SHOWN_PROBLEMS} more.")
        raise StudyError("\n".join([*said, "Add a row for it (confidence none if unidentified)."]))
    return places.drop(columns="listed_as").take(positions).set_axis(names.index)


def at_least(confidence: pd.Series, level: str) -> pd.Series:
    """Tell where a place is known well enough.

    Parameters
    ----------
    confidence : pandas.Series
        none, low, medium or high (text).
    level : {"none", "low", "medium", "high"}
        The least confidence asked for.

    Returns
    -------
    pandas.Series
        True where the confidence is `level` or better (bool).

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import places
    >>> places.at_least(pd.Series(["none", "medium", "high"]), "medium").tolist()
    [False, True, True]
    """
    return confidence.map(CONFIDENCE.index) >= CONFIDENCE.index(level)


def home(settings: pd.DataFrame) -> pd.Series:
    """Take the municipality that the study is about.

    Parameters
    ----------
    settings : pandas.DataFrame
        `data/reference/study.csv`, which has one row.

    Returns
    -------
    pandas.Series
        That row: municipality, name, country_code (text), latitude, longitude (degrees) and more.

    Raises
    ------
    StudyError
        If the table has no row or several.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import places
    >>> settings = pd.DataFrame({"municipality": ["Northtown"], "latitude": [52.5]})
    >>> places.home(settings)["municipality"]
    'Northtown'
    """
    if len(settings) != 1:
        raise StudyError(f"data/reference/study.csv: {len(settings)} rows, expected one.")
    return settings.iloc[0]


def name_countries(countries: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Add the names of countries to their codes.

    Parameters
    ----------
    countries : pandas.DataFrame
        Any table with country_code (ISO 3166-1 alpha-2, or missing).
    names : pandas.DataFrame
        `data/reference/countries.csv`: country_code, name, name_tr (text), a row a country.

    Returns
    -------
    pandas.DataFrame
        `countries` with the columns of `names`; names are missing where the code is.

    Raises
    ------
    StudyError
        For a code without a row in `names`.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import places
    >>> names = pd.DataFrame(
    ...     {"country_code": ["DE", "FR"], "name": ["Germany", "France"], "name_tr": ["Almanya", "Fransa"]}
    ... )
    >>> places.name_countries(pd.DataFrame({"country_code": ["FR", "DE"]}), names)["name"].tolist()
    ['France', 'Germany']
    """
    lost = sorted(set(countries["country_code"].dropna()) - set(names["country_code"]))
    if lost:
        raise StudyError(
            f"data/reference/countries.csv: no row for {', '.join(lost)}. Add one for each."
        )
    return countries.merge(names, on="country_code", how="left")
