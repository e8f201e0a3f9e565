"""Does a curated point lie in its row's country? Without geopandas, which takes long to import."""

import json

import numpy as np
import pandas as pd

from diplolib import tables
from diplolib.study import Study, StudyError
from diplolib.tables import SHOWN_PROBLEMS

BOUNDARIES = "reference/boundaries.geojson"
# Degrees from a country's outline. The outline is coarse: the farthest partner on a coast lies 0.04 outside.
AT_THE_COAST, NEAR = 0.05, 0.5


def check(study: Study, *names: str) -> None:
    """Refuse a row of a table whose point does not lie in its country, or near it.

    names: tables with country_code, latitude, longitude, such as "reference/places". Countries are those
    of `data/reference/boundaries.geojson`; a code that it does not have is not judged. Raises
    StudyError with row, columns, and the reading that would fit: swapped, or a minus too many or few.
    """
    rows = [(name, row) for name in names for row in tables.read(study, name).itertuples()]
    outlines, said = _outlines(study, {row.country_code for _, row in rows}), []
    for table, row in rows:
        known = pd.notna(row.latitude), pd.notna(row.longitude)
        if not any(known) or (all(known) and row.country_code not in outlines):
            continue
        where = f"data/{table}.csv, row {row.Index + 1} (line {row.Index + 2})"
        where += ", columns latitude and longitude"
        if not all(known):
            said.append(f"{where}: one of the two is empty. Fill in both or neither.")
            continue
        point, edges = (row.latitude, row.longitude), outlines[row.country_code]
        off = _degrees_off(point, edges)
        swapped = point[::-1]
        others = (
            [swapped, (-point[0], point[1]), (point[0], -point[1])] if off > NEAR else [swapped]
        )
        fitting = [other for other in others if _degrees_off(other, edges) <= AT_THE_COAST]
        if off > NEAR or (off > AT_THE_COAST and fitting):
            hint = (
                f"latitude {fitting[0][0]}, longitude {fitting[0][1]} would fit"
                if fitting
                else "correct the point, or the country"
            )
            said.append(
                f"{where}: {point[0]}, {point[1]}; expected a point in {row.country_code}, "
                f"{off:.1f} degrees from there. Compare it with a map: {hint}."
            )
    if said:
        raise StudyError("\n".join(said[:SHOWN_PROBLEMS]))


def _outlines(study: Study, codes: set[str]) -> dict[str, np.ndarray]:
    """The edges of each country code: longitude and latitude of one end, then of the other."""
    name = f"data/{BOUNDARIES}"
    tables.note(name)
    found: dict[str, list[np.ndarray]] = {}
    try:
        features = json.loads((study.data / BOUNDARIES).read_bytes())["features"]
        # Most of the file is countries that no row names.
        for feature in (one for one in features if one["properties"]["country_code"] in codes):
            parts = feature["geometry"]["coordinates"]
            parts = parts if feature["geometry"]["type"] == "MultiPolygon" else [parts]
            rings = [np.array(ring).T for part in parts for ring in part]
            edges = [np.vstack([ring[:, :-1], ring[:, 1:]]) for ring in rings]
            found.setdefault(feature["properties"]["country_code"], []).extend(edges)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise StudyError(
            f"{name}: not readable as boundaries ({type(error).__name__}: {error}). Restore the file."
        ) from error
    return {code: np.hstack(edges) for code, edges in found.items()}


def _degrees_off(point: tuple[float, float], edges: np.ndarray) -> float:
    """How far a point lies from a country, in degrees of latitude; 0 inside."""
    y, x = point
    x1, y1, x2, y2 = edges
    crossed = (y1 > y) != (y2 > y)
    x1c, y1c, x2c, y2c = edges[:, crossed]
    if (x1c + (y - y1c) / (y2c - y1c) * (x2c - x1c) > x).sum() % 2:
        return 0.0
    narrow = np.cos(np.radians(y))  # a degree of longitude in degrees of latitude
    dx, dy, ox, oy = (x2 - x1) * narrow, y2 - y1, (x - x1) * narrow, y - y1
    along = np.clip((ox * dx + oy * dy) / np.maximum(dx**2 + dy**2, 1e-12), 0, 1)
    return float(np.hypot(ox - along * dx, oy - along * dy).min())
