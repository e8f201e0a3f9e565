"""The plane of the maps, in whole metres.

A pixel is several kilometres wide, and PROJ's last digits change from release to release: whole metres
are the same with all of them.
"""

import geopandas as gpd
import numpy as np
from pyproj import Geod, Transformer
from shapely.geometry import box

# The boundaries are cut at ±180°, so the map is centred on 0°.
PROJECTION = "+proj=eqearth"


def to_map(shapes: gpd.GeoDataFrame | gpd.GeoSeries) -> gpd.GeoDataFrame | gpd.GeoSeries:
    """Shapes or points with a coordinate system, on the plane."""
    return whole_metres(shapes.to_crs(PROJECTION))


def whole_metres(shapes: gpd.GeoDataFrame | gpd.GeoSeries) -> gpd.GeoDataFrame | gpd.GeoSeries:
    """Shapes on the plane, each coordinate rounded."""
    rounded = shapes.geometry.transform(_rounded)
    return shapes.set_geometry(rounded) if isinstance(shapes, gpd.GeoDataFrame) else rounded


def points(longitude, latitude) -> gpd.GeoSeries:
    """Points given in degrees, on the plane."""
    return to_map(gpd.GeoSeries.from_xy(longitude, latitude, crs=4326))


def window(west: float, south: float, east: float, north: float) -> tuple[float, ...]:
    """West, south, east and north on the plane of what lies between these degrees."""
    edge = gpd.GeoSeries([box(west, south, east, north).segmentize(1)], crs=4326)
    return tuple(to_map(edge).total_bounds)


def arc(start: tuple[float, float], end: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the great circle between two points, each longitude and latitude."""
    line = [start, *Geod(ellps="WGS84").npts(*start, *end, 60), end]
    project = Transformer.from_crs(4326, PROJECTION, always_xy=True)
    return tuple(map(_rounded, project.transform(*zip(*line, strict=True))))


def _rounded(coordinates) -> np.ndarray:
    return np.round(coordinates) + 0.0  # no -0.0
