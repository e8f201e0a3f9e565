"""The plane of the maps: the last digits of PROJ, which change with its releases, reach no byte."""

import re

import geopandas as gpd
import numpy as np
import pyproj
import pytest

from diplolib.figures import projection

ANKARA, TOKYO = (32.85, 39.92), (139.69, 35.69)


@pytest.fixture(scope="module")
def boundaries(collection):
    return gpd.read_file(collection.data / "reference" / "boundaries.geojson")


@pytest.fixture
def other_release(monkeypatch):
    """Called, it makes PROJ compute as another release might: other in the fifteenth digit."""
    compute = pyproj.Transformer.transform

    def computed(self, *coordinates, **how):
        found = map(np.asarray, compute(self, *coordinates, **how))
        # By the value, so that a ring that ends where it began still does.
        return tuple(values * (1 + 3e-15 * np.sign(np.sin(values))) for values in found)

    return lambda: monkeypatch.setattr(pyproj.Transformer, "transform", computed)


@pytest.mark.parametrize(
    "made",
    [
        lambda shapes: projection.to_map(shapes).to_wkb().to_csv(),
        lambda shapes: projection.points(*zip(ANKARA, TOKYO, strict=True)).to_csv(),
        lambda shapes: projection.window(14, 30, 54, 57),
        lambda shapes: [xy.tolist() for xy in projection.arc(ANKARA, TOKYO)],
    ],
    ids=["shapes", "points", "window", "arc"],
)
def test_another_release_of_proj_gives_the_same(boundaries, other_release, made):
    expected = made(boundaries)
    other_release()
    got = made(boundaries)
    assert got == expected


def test_a_point_on_the_plane_is_in_whole_metres():
    (point,) = projection.points(*([value] for value in ANKARA))
    to_plane = pyproj.Transformer.from_crs(4326, projection.PROJECTION, always_xy=True)
    got = (point.x, point.y)
    expected = tuple(map(round, to_plane.transform(*ANKARA)))
    assert got == expected


def test_an_arc_begins_and_ends_at_its_places():
    x, y = projection.arc(ANKARA, TOKYO)
    ends = projection.points(*zip(ANKARA, TOKYO, strict=True))
    got = [(x[0], y[0]), (x[-1], y[-1])]
    expected = [(point.x, point.y) for point in ends]
    assert got == expected


def test_nothing_else_in_the_library_projects(collection):
    library = collection.root / "src"
    got = {
        path.name
        for path in library.rglob("*.py")
        if re.search(r"\bto_crs\b|\bTransformer\b|\bGeod\b", path.read_text(encoding="utf-8"))
    }
    expected = {"projection.py"}
    assert got == expected
