"""What is built and handed on: the library and the machinery, without this study's own code."""

import os
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(collection, tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    build = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder]
    subprocess.run([sys.executable, "-m", *build, collection.root], check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


def test_the_wheel_carries_library_and_machinery(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    got = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    expected = {"diplolib", "nbproof"}
    assert got == expected


def test_the_wheel_has_the_labels(wheel):
    got = "diplolib/labels/tr/timeline.toml" in zipfile.ZipFile(wheel).namelist()
    expected = True
    assert got == expected


def test_the_wheel_has_what_a_new_study_is_made_of(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    needed = ["data/words.toml", "data/country_names.csv", "templates/02-timeline.ipynb"]
    needed += ["shared/data/reference/boundaries.geojson", "shared/data/reference/regions.csv"]
    needed += ["shared/site/conf.py", "shared/site/_templates/layout.html"]
    got = [name for name in needed if f"diplolib/{name}" not in names]
    expected = []
    assert got == expected


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Runs a command in an environment that has this one's other packages and the wheel."""
    place = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    folder = next(place.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(folder)
    # `addsitedir` would follow the editable installation's own path file.
    others = next(path for path in map(os.path.abspath, sys.path) if path.endswith("site-packages"))
    (folder / "others.pth").write_text(others)

    def run(*arguments):
        call = [place / "bin" / "python", "-m", "diplolib", *arguments]
        return subprocess.run(call, capture_output=True, text=True, check=False, cwd=place)

    return run


def test_a_study_s_own_code_needs_trust(installed, collection):
    done = installed("status", "--study", str(collection.root))
    got = done.returncode, "add --trust" in done.stderr, done.stderr.count("\n")
    expected = 2, True, 1
    assert got == expected


def test_an_installed_wheel_serves_this_repository(installed, collection):
    done = installed("status", "--trust", "--study", str(collection.root))
    got = done.returncode, done.stderr
    expected = 0, ""
    assert got == expected
