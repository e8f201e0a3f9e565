"""What a person needs in a notebook of her own: the agreements of the study around it, and their figures.

>>> import diplolib
>>> one = diplolib.agreements()["municipality"].iloc[0]
>>> set(diplolib.agreements(municipality=one)["municipality"]) == {one}
True
>>> type(diplolib.timeline(municipality=one)).__name__
'Figure'
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from diplolib import places, selection
from diplolib.levels import levels
from nbproof import labels, processed, tables
from nbproof import study as studies
from nbproof.study import Study, StudyError

SCHEME = "un_m49"
FIRST, LAST = 1800, 2100


def agreements(
    municipality: str | None = None,
    *,
    year_from: int = FIRST,
    year_to: int = LAST,
    level: str = "all",
    form: str = "all",
    min_confidence: str = "none",
    undated: bool = True,
    study: Study | None = None,
) -> pd.DataFrame:
    """Read the study's agreements, as data/processed/agreements.csv holds them.

    Parameters
    ----------
    municipality : str, optional
        One of them, as the table writes it.
    year_from, year_to, level, form, min_confidence, undated
        See `diplolib.selection.select`; here rows without a year stay unless undated is False.
    study : nbproof.study.Study, optional
        Default, the one around the working directory.

    Returns
    -------
    pandas.DataFrame
        A row an agreement.

    Raises
    ------
    StudyError
        For a municipality that is not there, or if nothing is left.

    Examples
    --------
    >>> import diplolib
    >>> early = diplolib.agreements(year_to=2000, undated=False)
    >>> bool(early["year"].max() <= 2000)
    True
    """
    here = study or studies.find()
    stored = here.data / "processed" / "agreements.csv"
    rows = tables.read(here, "processed/agreements") if stored.is_file() else _computed(here)
    if municipality is not None:
        known = sorted(rows["municipality"].unique())
        if municipality not in known:
            near = studies.hint(municipality, known)
            raise StudyError(
                f"municipality {municipality!r}: expected one of {', '.join(known)}.{near}"
            )
        rows = rows[rows["municipality"] == municipality]
    return selection.select(
        rows, year_from=year_from, year_to=year_to, level=level, form=form,
        min_confidence=min_confidence, undated=undated,
    )  # fmt: skip


def timeline_table(rows: pd.DataFrame, here: Study, **limits: Any) -> pd.DataFrame:
    """Compute the plotted table of `timeline`.

    Parameters
    ----------
    rows : pandas.DataFrame
        Agreements; those without a year are left out.
    here : nbproof.study.Study
        Their study.
    year_from, year_to : int, optional
        Default, the rows' own first and last year.

    Returns
    -------
    pandas.DataFrame
        See `diplolib.figures.timeline.table`.

    Raises
    ------
    StudyError
        Where no row has a year.

    Examples
    --------
    >>> from diplolib import api
    >>> from nbproof import study
    >>> here = study.find()
    >>> "bar" in set(api.timeline_table(api.agreements(), here)["mark"])
    True
    """
    from diplolib.figures import timeline

    dated = rows[rows["year"].notna()].astype({"year": "int64"})
    if dated.empty:
        raise StudyError("None of these agreements has a year: there is no timeline of them.")
    schemes = tables.read(here, "reference/regions")
    terms = pd.DataFrame(columns=["year_from", "year_to", "party", "mayor", "source"])
    if (here.data / "processed" / "terms.csv").is_file():
        terms = tables.read(here, "processed/terms")
    limits = {"year_from": int(dated["year"].min()), "year_to": int(dated["year"].max())} | limits
    limits["levels"] = [*levels(here)]
    return timeline.table(dated, schemes, terms, region_scheme=SCHEME, **limits)


def map_table(rows: pd.DataFrame, here: Study) -> pd.DataFrame:
    """Compute the plotted table of `world_map`.

    Parameters
    ----------
    rows : pandas.DataFrame
        Agreements.
    here : nbproof.study.Study
        Their study.

    Returns
    -------
    pandas.DataFrame
        See `diplolib.figures.world_map.table`.

    Examples
    --------
    >>> from diplolib import api
    >>> from nbproof import study
    >>> "place" in set(api.map_table(api.agreements(), study.find())["mark"])
    True
    """
    from diplolib.figures import world_map

    schemes, names = (tables.read(here, f"reference/{name}") for name in ("regions", "countries"))
    return world_map.table(rows, schemes, names, origin=home(here), levels=[*levels(here)])


def home(here: Study) -> tuple[float, float]:
    """Say where the studied city lies.

    Parameters
    ----------
    here : nbproof.study.Study
        A study.

    Returns
    -------
    tuple of float
        Latitude and longitude.

    Examples
    --------
    >>> from diplolib import api
    >>> from nbproof import study
    >>> latitude, longitude = api.home(study.find())
    >>> -90 <= latitude <= 90
    True
    """
    return float(_about(here)["latitude"]), float(_about(here)["longitude"])


def city(here: Study) -> str:
    """Name the studied city.

    Parameters
    ----------
    here : nbproof.study.Study
        A study.

    Returns
    -------
    str
        As the column municipality names it.

    Examples
    --------
    >>> from diplolib import api
    >>> from nbproof import study
    >>> api.city(study.find()) in set(api.agreements()["municipality"])
    True
    """
    about = _about(here)
    return about["city"] if "city" in about else about["municipality"]


def _about(here: Study) -> Any:
    """What study.toml says of the city, or reference/study.csv."""
    return here.settings.get("study") or places.home(tables.read(here, "reference/study"))


def closer(table: pd.DataFrame, here: Study) -> tuple[float, float, float, float]:
    """Choose what the closer view of the map shows.

    Parameters
    ----------
    table : pandas.DataFrame
        The plotted table of the map.
    here : nbproof.study.Study
        Its study.

    Returns
    -------
    tuple of float
        West, south, east and north: `detail` of study.toml, or where most partners are.

    Examples
    --------
    >>> from diplolib import api
    >>> from nbproof import study
    >>> here = study.find()
    >>> west, south, east, north = api.closer(api.map_table(api.agreements(), here), here)
    >>> west < east and south < north
    True
    """
    from diplolib.figures import world_map

    if "study" not in here.settings:
        return world_map.DETAIL
    if "detail" in here.settings["study"]:
        return tuple(here.settings["study"]["detail"])
    spots = table[table["mark"].isin(("place", "cell"))]
    west, south, east, north = world_map.DETAIL
    wide, tall = (east - west) / 2, (north - south) / 2
    points, weights = spots[["longitude", "latitude"]].to_numpy(), spots["agreements"].to_numpy()
    # The spot with most agreements around it
    near = [weights[(np.abs(points - point) < (wide, tall)).all(axis=1)].sum() for point in points]
    longitude, latitude = points[int(np.argmax(near))]
    x = float(np.clip(longitude, wide - 180, 180 - wide))
    y = float(np.clip(latitude, tall - 60, 80 - tall))
    return x - wide, y - tall, x + wide, y + tall


def timeline(municipality: str | None = None, *, lang: str = "en", **choices: Any) -> Figure:
    """Draw agreements a year.

    Parameters
    ----------
    municipality : str, optional
        One of them, as the table writes it.
    lang : {"en", "tr"}
        The language of the figure.
    **choices
        Those of `agreements`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import diplolib
    >>> type(diplolib.timeline(year_from=1990)).__name__
    'Figure'
    """
    from diplolib.figures import timeline as figure

    here = choices.pop("study", None) or studies.find()
    table = timeline_table(agreements(municipality, study=here, **choices), here)
    return figure.draw(table, labels.load(lang, here))


def world_map(
    municipality: str | None = None, *, lang: str = "en", arcs: bool = False, **choices: Any
) -> Figure:
    """Draw where the partners are.

    Parameters
    ----------
    municipality : str, optional
        One of them, as the table writes it.
    lang : {"en", "tr"}
        The language of the figure.
    arcs : bool
        Whether great circles go from the city to each place.
    **choices
        Those of `agreements`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import diplolib
    >>> type(diplolib.world_map(level="metropolitan")).__name__
    'Figure'
    """
    import geopandas as gpd

    from diplolib.figures import world_map as figure

    here = choices.pop("study", None) or studies.find()
    table = map_table(agreements(municipality, study=here, **choices), here)
    boundaries = gpd.read_file(here.data / "reference" / "boundaries.geojson")
    outlines = figure.outlines(boundaries, closer(table, here))
    return figure.draw(table, labels.load(lang, here), outlines, arcs=arcs)


def _computed(here: Study) -> pd.DataFrame:
    """Where nothing was written yet, the table is computed."""
    frame = dict(processed.compute(here)).get("agreements")
    if frame is None:
        raise StudyError(f"{here.root}: this study has no agreements.")
    return tables.as_read(frame, here, "processed/agreements")
