"""Studies side by side: a folder of its own, with the agreements of each as they were, and their comparison.

Lists are censuses of what each city keeps: counts stand beside every share, and no interval is given.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from diplolib import api, contrasts, inventory
from nbproof import references, tables
from nbproof import study as studies
from nbproof.files import unfinished, write_bytes
from nbproof.study import Study, UsageError
from nbproof.tables import package
from nbproof.tables.csvfile import as_text

KM = contrasts.NEAR  # partners so near are one place
KEPT = [
    "agreement_id", "year", "partner", "partner_tr", "country_code", "latitude", "longitude", "capital",
    "region_un_m49",
]  # fmt: skip
TABLES = inventory.FOLDERS["compared"]["resources"]


def compare(folders: Sequence[str | Path]) -> pd.DataFrame:
    """Put studies side by side.

    Parameters
    ----------
    folders : sequence of str or pathlib.Path
        The folders of two studies or more.

    Returns
    -------
    pandas.DataFrame
        The rows of `measures`.

    Raises
    ------
    UsageError
        For one study, or two of one city.

    Examples
    --------
    >>> import diplolib
    >>> diplolib.compare(["."])
    Traceback (most recent call last):
    nbproof.study.UsageError: ...expected two studies or more, each of another city.
    """
    rows = gather([studies.find(folder) for folder in folders])
    return measures(rows)


def gather(some: Sequence[Study]) -> pd.DataFrame:
    """Gather the agreements of several studies.

    Parameters
    ----------
    some : sequence of nbproof.study.Study
        The studies.

    Returns
    -------
    pandas.DataFrame
        A row an agreement: study (its city), agreement_id, year, partner, country_code, latitude, longitude,
        capital, region_un_m49, distance_km (from the city) and source (the row in the study's data).

    Raises
    ------
    UsageError
        For one study, or two of one city.

    Examples
    --------
    >>> from diplolib import comparison
    >>> from nbproof import study
    >>> comparison.gather([study.find()])
    Traceback (most recent call last):
    nbproof.study.UsageError: ...expected two studies or more, each of another city.
    """
    found = []
    for study in some:
        city, rows = api.city(study), api.agreements(study=study)
        far = contrasts.distance(rows["latitude"], rows["longitude"], *api.home(study))
        rows = rows.assign(study=city, distance_km=far, source=city + " " + rows["source"])
        rows["agreement_id"] = city + " " + rows["agreement_id"]
        found.append(rows[["study", *KEPT, "distance_km", "source"]])
    names = [one["study"].iloc[0] for one in found]
    if len(set(names)) < max(2, len(names)):
        raise UsageError(f"{', '.join(names)}: expected two studies or more, each of another city.")
    return pd.concat(found, ignore_index=True)


def decade(years: pd.Series) -> pd.Series:
    """Name the decade of each year.

    Parameters
    ----------
    years : pandas.Series
        Years as numbers; missing where unknown.

    Returns
    -------
    pandas.Series
        Text such as "2010–19", missing where the year is.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import comparison
    >>> comparison.decade(pd.Series([2005, None], dtype="Int64")).to_list()
    ['2000–09', <NA>]
    """
    first = years.astype("Int64") // 10 * 10
    last = ((first + 9) % 100).astype("string").str.zfill(2)
    return first.astype("string") + "–" + last


def measures(rows: pd.DataFrame) -> pd.DataFrame:
    """Measure studies by what their lists have in common.

    Parameters
    ----------
    rows : pandas.DataFrame
        Agreements of several studies, as `gather` gives them.

    Returns
    -------
    pandas.DataFrame
        measure, study, group, agreements, of, value and rows. region, capital, decade: agreements of a
        group, of those for which it is known. distance: its quartiles in km. concentration: the share of the
        country with most, if one leads, and Herfindahl's index of countries (1: all in one). shared:
        agreements with a place that another study has too.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import comparison
    >>> rows = pd.DataFrame(
    ...     {
    ...         "study": ["North", "South", "South"], "agreement_id": ["N1", "S1", "S2"],
    ...         "year": pd.array([1990, 2001, None], dtype="Int64"), "partner": ["Osaka", "Ōsaka", "Lima"],
    ...         "country_code": ["JP", "JP", "PE"], "latitude": [34.69, 34.7, -12.05],
    ...         "longitude": [135.5, 135.5, -77.04], "capital": [False, False, True],
    ...         "region_un_m49": ["Asia", "Asia", "Americas"], "distance_km": [8000.0, 9000.0, 10000.0],
    ...     }
    ... )
    >>> found = comparison.measures(rows)
    >>> found[found["measure"] == "shared"][["study", "agreements", "of", "value"]]
        study  agreements  of  value
    21  North           1   1    1.0
    22  South           1   2    0.5
    """
    parts = [
        _shares(rows, "region", rows["region_un_m49"]),
        _shares(rows, "capital", rows["capital"].map({True: "capital", False: "other"})),
        _shares(rows, "decade", decade(rows["year"])),
    ]
    shares = _shares(rows, "country", rows["country_code"])
    most = shares[shares["agreements"] == shares.groupby("study")["agreements"].transform("max")]
    first = most[~most["study"].duplicated(keep=False)]  # where several lead, none does
    index = shares.assign(value=shares["value"] ** 2).groupby("study", as_index=False)
    parts += [
        first.assign(measure="concentration"),
        index.agg(
            value=("value", "sum"), of=("of", "first"), agreements=("agreements", "sum")
        ).assign(measure="concentration", group="herfindahl"),
    ]
    for name, part in (("first quartile", 0.25), ("median", 0.5), ("third quartile", 0.75)):
        far = rows.groupby("study")["distance_km"].agg(
            value=lambda km, q=part: km.quantile(q), of="count"
        )
        parts.append(far.round(1).reset_index().assign(measure="distance", group=name))
    ids = ";".join(shared(rows)["rows"])
    there = rows.assign(shared=rows["agreement_id"].isin(ids.split(";")))[rows["latitude"].notna()]
    both = _shares(there, "shared", there["shared"].map({True: "shared", False: "own"}))
    parts.append(both[both["group"] == "shared"])
    found = pd.concat(parts, ignore_index=True)[
        ["measure", "study", "group", "agreements", "of", "value", "rows"]
    ]
    return found.astype({"agreements": "Int64", "of": "Int64"}).assign(
        value=found["value"].round(4)
    )


def shared(rows: pd.DataFrame) -> pd.DataFrame:
    """Find the places near which two studies have a partner.

    Parameters
    ----------
    rows : pandas.DataFrame
        Agreements of several studies, as `gather` gives them.

    Returns
    -------
    pandas.DataFrame
        partner, country_code, studies, agreements and rows (ids joined by ";"), most agreements first.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import comparison
    >>> rows = pd.DataFrame(
    ...     {
    ...         "study": ["North", "South", "South"], "agreement_id": ["N1", "S1", "S2"],
    ...         "year": pd.array([1990, 2001, None], dtype="Int64"), "partner": ["Osaka", "Ōsaka", "Lima"],
    ...         "country_code": ["JP", "JP", "PE"], "latitude": [34.69, 34.7, -12.05],
    ...         "longitude": [135.5, 135.5, -77.04], "capital": [False, False, True],
    ...         "region_un_m49": ["Asia", "Asia", "Americas"], "distance_km": [8000.0, 9000.0, 10000.0],
    ...     }
    ... )
    >>> comparison.shared(rows)[["partner", "studies", "rows"]]
      partner       studies   rows
    0   Osaka  North, South  N1;S1
    """
    placed = rows[rows["latitude"].notna()].reset_index(drop=True)
    angles = np.radians(placed[["latitude", "longitude"]].to_numpy())
    north, east = angles[:, 0], angles[:, 1]
    points = np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )
    near = cKDTree(points).query_ball_point(points, 2 * np.sin(KM / contrasts.EARTH_RADIUS / 2))
    group = np.full(len(placed), -1)
    for number, around in enumerate(near):
        if group[number] < 0:
            free = [other for other in around if group[other] < 0]
            group[free] = number
    found = placed.groupby(group, sort=False).agg(
        partner=("partner", "first"),
        country_code=("country_code", "first"),
        studies=("study", lambda names: ", ".join(sorted(set(names)))),
        several=("study", "nunique"),
        agreements=("agreement_id", "size"),
        rows=("agreement_id", references.SEPARATOR.join),
    )
    found = found[found["several"] > 1].drop(columns="several")
    return found.sort_values(["agreements", "partner"], ascending=[False, True]).reset_index(
        drop=True
    )


def _shares(rows: pd.DataFrame, measure: str, group: pd.Series) -> pd.DataFrame:
    known = rows.assign(group=group)[group.notna()]
    found = references.counted(known, ["study", "group"], "agreements", "agreement_id")
    every = pd.MultiIndex.from_product(
        [found["study"].unique(), found["group"].unique()], names=["study", "group"]
    )
    found = found.set_index(every.names).reindex(every).reset_index()
    found["agreements"] = found["agreements"].fillna(0).astype("int64")
    whole = found.groupby("study")["agreements"].transform("sum")
    return found.assign(measure=measure, of=whole, value=found["agreements"] / whole)


def create(root: Path, folders: Sequence[Path]) -> None:
    """Write the folder of a comparison: a study whose sources are the agreements of others.

    Parameters
    ----------
    root : pathlib.Path
        The new folder.
    folders : sequence of pathlib.Path
        The folders of two studies or more.

    Returns
    -------
    None

    Raises
    ------
    UsageError
        If the folder is there, or for one study only.

    Examples
    --------
    >>> from pathlib import Path
    >>> from diplolib import comparison
    >>> comparison.create(Path("data"), [])
    Traceback (most recent call last):
    nbproof.study.UsageError: data is there already. Name another folder with --output.
    """
    if root.exists():
        raise UsageError(f"{root} is there already. Name another folder with --output.")
    rows = gather([studies.find(folder) for folder in folders])
    with unfinished(root) as folder:
        made = Study(folder)
        names = json.dumps(list(rows["study"].unique()), ensure_ascii=False)
        write_bytes(made.root / "study.toml", f"[compare]\nstudies = {names}\n".encode())
        package.keep(made, "raw/studies", inventory.FOLDERS, "agreements", as_text(rows))
        package.declare(made, "reference", inventory.FOLDERS, [])
        package.declare(made, "processed", inventory.FOLDERS, TABLES)
        template = inventory.TEMPLATES / "comparison" / "01-comparison.ipynb"
        write_bytes(made.notebooks / template.name, template.read_bytes())
        write_bytes(made.root / ".gitignore", b"build/\noutput/\n")
        shutil.move(made.root, root)


def clean(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Compute the tables of a comparison.

    Parameters
    ----------
    study : nbproof.study.Study
        The folder that `create` wrote.

    Returns
    -------
    iterator of tuple
        Name and table: agreements, measures, shared_partners.

    Examples
    --------
    >>> from diplolib import comparison
    >>> [table["name"] for table in comparison.TABLES]
    ['agreements', 'measures', 'shared_partners']
    """
    kept = tables.read(study, "raw/studies/agreements")
    columns = [field["name"] for field in TABLES[0]["schema"]["fields"]]
    rows = tables.as_read(kept[columns], study, "processed/agreements")
    yield "agreements", rows
    yield "measures", measures(rows)
    yield "shared_partners", shared(rows)
