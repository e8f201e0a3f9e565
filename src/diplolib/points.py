"""Does a curated point lie in its row's country? Without geopandas, which takes long to import."""

import json
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from nbproof import tables
from nbproof.study import Study, StudyError
from nbproof.tables import SHOWN_PROBLEMS

BOUNDARIES = "reference/boundaries.geojson"
# Degrees from a country's outline. The outline is coarse: the farthest partner on a coast lies 0.04 outside.
AT_THE_COAST, NEAR = 0.05, 0.5


def check(study: Study, *names: str) -> None:
    """Refuse a row of a table whose point does not lie in its country, or near it.

    Parameters
    ----------
    study : nbproof.study.Study
        The study. Its `data/reference/boundaries.geojson` holds the countries' outlines; a code that the
        file does not have is not judged.
    *names : str
        Tables with country_code (text), latitude and longitude (degrees), such as "reference/places".

    Raises
    ------
    StudyError
        With row, columns and the reading that would fit: swapped, or a minus too many or too few. Also for
        a row with one of latitude and longitude, and for boundaries that cannot be read.

    Examples
    --------
    In the folder of a study; nothing is printed if every point lies where it should:

    >>> from diplolib import points
    >>> from nbproof import study
    >>> points.check(study.find(), "reference/places")
    """
    rows: list[tuple[str, Any]] = [
        (name, row) for name in names for row in tables.read(study, name).itertuples()
    ]
    outlines, said = _outlines(study, {row.country_code for _, row in rows}), []
    for table, row in rows:
        point = row.latitude, row.longitude
        empty = sum(map(pd.isna, point))
        where = f"data/{table}.csv, row {row.Index + 1} (line {row.Index + 2})"
        where += ", columns latitude and longitude"
        if empty == 1:
            said.append(f"{where}: one of the two is empty. Fill in both or neither.")
        if empty or row.country_code not in outlines:
            continue
        off = _degrees_off(point, outlines[row.country_code])
        if off <= AT_THE_COAST:
            continue
        others = [point[::-1], (-point[0], point[1]), (point[0], -point[1])]
        fitting = [
            f"latitude {other[0]}, longitude {other[1]} would fit"
            for other in (others if off > NEAR else others[:1])
            if _degrees_off(other, outlines[row.country_code]) <= AT_THE_COAST
        ]
        if off > NEAR or fitting:
            said.append(
                f"{where}: {point[0]}, {point[1]}; expected a point in {row.country_code}, "
                f"{off:.1f} degrees from there. Compare it with a map: "
                f"{[*fitting, 'correct the point, or the country'][0]}."
            )
    if said:
        raise StudyError("\n".join(said[:SHOWN_PROBLEMS]))


def _outlines(study: Study, codes: set[str]) -> dict[str, list[BaseGeometry]]:
    """What the file draws of each country code."""
    name = f"data/{BOUNDARIES}"
    tables.note(name)
    found: dict[str, list[BaseGeometry]] = {}
    try:
        for feature in json.loads((study.data / BOUNDARIES).read_bytes())["features"]:
            code = feature["properties"]["country_code"]
            if code in codes:  # Most of the file is countries that no row names.
                found.setdefault(code, []).append(shapely.geometry.shape(feature["geometry"]))
    except (OSError, ValueError, LookupError, TypeError, shapely.errors.ShapelyError) as error:
        raise StudyError(
            f"{name}: not readable as boundaries ({type(error).__name__}: {error}). Restore the file."
        ) from error
    return found


def _degrees_off(point: tuple[float, float], outlines: list[BaseGeometry]) -> float:
    """How far a point lies from a country, in degrees of latitude; 0 inside."""
    latitude, longitude = point
    # A degree of longitude in degrees of latitude
    scale = [np.cos(np.radians(latitude)), 1]
    drawn = shapely.transform(outlines, lambda xy: (xy - [longitude, latitude]) * scale)
    return float(shapely.distance(drawn, shapely.Point(0, 0)).min())
