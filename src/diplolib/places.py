"""Printed name → corrected name → place, by two reviewed tables; no code guesses."""

import difflib
import itertools

import pandas as pd

from nbproof.study import StudyError
from nbproof.tables import SHOWN_PROBLEMS

CONFIDENCE = ("none", "low", "medium", "high")


def concern(corrections: pd.DataFrame, table: str) -> pd.Series:
    """True for the corrections of `table`, such as "raw/source/table-04", by its path or its end."""
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
    """Replace misprints by what `data/reference/corrections.csv` says for this table and column.

    corrections: columns table, column, line, printed, corrected. A cell without an entry stays
    as it is; one with an entry for its line takes that. lines: each cell's line in the table's file;
    default, the rows are those of the file.
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
    """The row of `data/reference/places.csv` for each corrected name, in the order of `names`.

    names: corrected partner names. places: columns listed_as (unique), place_id, …; a place that
    nobody could identify has a row too, with confidence `none`. sources: where each name is printed.
    Raises StudyError for a name without a row, with the source row and the nearest listed name.
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
    """True where a place's confidence is `level` or better (none < low < medium < high)."""
    return confidence.map(CONFIDENCE.index) >= CONFIDENCE.index(level)


def home(settings: pd.DataFrame) -> pd.Series:
    """The one row of `data/reference/study.csv`: the municipality that the study is about."""
    if len(settings) != 1:
        raise StudyError(f"data/reference/study.csv: {len(settings)} rows, expected one.")
    return settings.iloc[0]


def name_countries(countries: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """`countries` (with a column country_code) joined with the names of `data/reference/countries.csv`.

    Raises StudyError for a code without a row there.
    """
    lost = sorted(set(countries["country_code"].dropna()) - set(names["country_code"]))
    if lost:
        raise StudyError(
            f"data/reference/countries.csv: no row for {', '.join(lost)}. Add one for each."
        )
    return countries.merge(names, on="country_code", how="left")
