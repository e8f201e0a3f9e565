"""What a person needs in a notebook of her own: the agreements of the study around it, and their figures.

>>> import diplolib
>>> one = diplolib.agreements()["municipality"].iloc[0]
>>> set(diplolib.agreements(municipality=one)["municipality"]) == {one}
True
>>> type(diplolib.timeline(municipality=one)).__name__
'Figure'
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from diplolib import places, selection
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
    """The study's agreements, a row each, as data/processed/agreements.csv holds them.

    municipality: one of them, as the table writes it. undated: also those without a year. study:
    default, the one around the working directory. Raises StudyError if nothing is left.

    >>> bool(agreements(year_to=2000, undated=False)["year"].max() <= 2000)
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
    limits = {"year_from": year_from, "year_to": year_to, "level": level, "form": form}
    return selection.select(rows, **limits, min_confidence=min_confidence, undated=undated)


def timeline_table(rows: pd.DataFrame, here: Study, **limits) -> pd.DataFrame:
    """The plotted table of `timeline`: of those of `rows` that have a year.

    limits: year_from and year_to; default, the rows' own first and last year. Raises StudyError where
    no row has a year.
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
    return timeline.table(dated, schemes, terms, region_scheme=SCHEME, **limits)


def map_table(rows: pd.DataFrame, here: Study) -> pd.DataFrame:
    """The plotted table of `world_map`."""
    from diplolib.figures import world_map

    schemes, names = (tables.read(here, f"reference/{name}") for name in ("regions", "countries"))
    return world_map.table(rows, schemes, names, origin=home(here))


def home(here: Study) -> tuple[float, float]:
    """Latitude and longitude of the studied city."""
    return float(_about(here)["latitude"]), float(_about(here)["longitude"])


def city(here: Study) -> str:
    """The studied city, as the column municipality names it."""
    about = _about(here)
    return about["city"] if "city" in about else about["municipality"]


def _about(here: Study) -> Mapping:
    """What study.toml says of the city, or reference/study.csv."""
    return here.settings.get("study") or places.home(tables.read(here, "reference/study"))


def closer(table: pd.DataFrame, here: Study) -> tuple[float, float, float, float]:
    """West, south, east and north of the closer view: `detail` of study.toml, or where most partners are."""
    from diplolib.figures import world_map

    if "study" not in here.settings:
        return world_map.DETAIL
    if "detail" in here.settings["study"]:
        return tuple(here.settings["study"]["detail"])
    spots = table[table["mark"].isin(("place", "cell"))]
    west, south, east, north = world_map.DETAIL
    wide, tall = (east - west) / 2, (north - south) / 2
    # The spot with most agreements around it
    near = [
        spots.loc[
            ((spots["longitude"] - spot.longitude).abs() < wide)
            & ((spots["latitude"] - spot.latitude).abs() < tall),
            "agreements",
        ].sum()
        for spot in spots.itertuples()
    ]
    first = spots.iloc[near.index(max(near))]
    x = float(np.clip(first["longitude"], wide - 180, 180 - wide))
    y = float(np.clip(first["latitude"], tall - 60, 80 - tall))
    return x - wide, y - tall, x + wide, y + tall


def timeline(municipality: str | None = None, *, lang: str = "en", **choices) -> Figure:
    """Agreements a year, drawn. choices: those of `agreements`.

    >>> timeline(year_from=1990).get_size_inches()[0] > 0
    np.True_
    """
    from diplolib.figures import timeline as figure

    here = choices.pop("study", None) or studies.find()
    table = timeline_table(agreements(municipality, study=here, **choices), here)
    return figure.draw(table, labels.load(lang, here))


def world_map(
    municipality: str | None = None, *, lang: str = "en", arcs: bool = False, **choices
) -> Figure:
    """Where the partners are, drawn. arcs: great circles from the city. choices: those of `agreements`.

    >>> world_map(level="metropolitan").get_size_inches()[0] > 0
    np.True_
    """
    import geopandas as gpd

    from diplolib.figures import world_map as figure

    here = choices.pop("study", None) or studies.find()
    table = map_table(agreements(municipality, study=here, **choices), here)
    boundaries = gpd.read_file(here.data / "reference" / "boundaries.geojson")
    return figure.draw(
        table, labels.load(lang, here), boundaries, arcs=arcs, detail=closer(table, here)
    )


def _computed(here: Study) -> pd.DataFrame:
    """Where nothing was written yet, the table is computed."""
    frame = dict(processed.compute(here)).get("agreements")
    if frame is None:
        raise StudyError(f"{here.root}: this study has no agreements.")
    return tables.as_read(frame, here, "processed/agreements")
