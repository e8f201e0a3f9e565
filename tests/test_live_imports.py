"""The modules that compute in a browser import what is to be had there, and nothing else.

Import-linter reads import statements; that a package's own modules run too when one of them is imported,
only a process shows.
"""

import subprocess
import sys

import pytest

MODULES = [
    "nbproof.live.browser", "ankara.live", "ankara.figures.claims", "ankara.figures.purposes",
    "ankara.figures.units", "ankara.figures.organisation", "ankara.figures.staff",
    "ankara.figures.education", "ankara.cleaning.purpose_codings", "diplolib.figures.timeline",
    "diplolib.figures.totals", "diplolib.selection",
]  # fmt: skip
CODE = """
import sys, types, zlib
missing = set("doit geopandas grimp jinja2 nbformat papermill pyarrow pyproj scipy seaborn shapely statsmodels yaml".split())
class Missing:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing)
import importlib
importlib.import_module(sys.argv[1])
"""


def imported(module):
    done = subprocess.run(
        [sys.executable, "-c", CODE, module], capture_output=True, text=True, check=False
    )
    return (done.stderr.strip().splitlines() or [""])[-1]


@pytest.mark.parametrize("module", MODULES)
def test_it_imports_without_what_no_browser_has(module):
    got = imported(module)
    expected = ""
    assert got == expected


def test_a_module_that_needs_more_is_noticed():
    got = imported("diplolib.points")
    expected = "ModuleNotFoundError: shapely"
    assert got == expected
