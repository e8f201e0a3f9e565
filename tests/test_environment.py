"""What the three descriptions of the environment have to agree on."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from pip._internal.network.session import PipSession
from pip._internal.req.req_file import parse_requirements


@pytest.fixture(scope="module")
def project(collection):
    return tomllib.loads((collection.root / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]


def bounds(requirements) -> dict[str, str]:
    return dict(re.fullmatch(r"([\w-]+) ?(>=[\d.]+)", text).groups() for text in requirements)


def named(project) -> list[str]:
    low, end = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()
    return [f"3.{minor}" for minor in range(int(low), int(end))]


def conda(collection) -> list:
    text = (collection.root / "environment.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["dependencies"]


def test_conda_users_get_the_same_lower_bounds(collection, project):
    """The conda environment itself is not run in these tests: only its bounds are compared."""
    listed = [entry for entry in conda(collection) if isinstance(entry, str)]
    listed = [entry for entry in listed if not re.match(r"(python|pip)\b(?!-)", entry)]
    # conda-forge calls Python's bindings of a library so.
    got = bounds(entry.removeprefix("python-") for entry in listed)
    expected = bounds(project["dependencies"])
    assert got == expected


def test_conda_users_get_a_python_that_is_named(collection, project):
    # repo2docker takes a Python from this form alone.
    (got,) = re.findall(r"^python=(3\.\d+)$", "\n".join(map(str, conda(collection))), re.M)
    expected = named(project)
    assert got in expected


def test_pip_reads_what_conda_hands_to_it(collection, tmp_path):
    (lines,) = (entry["pip"] for entry in conda(collection) if isinstance(entry, dict))
    file = tmp_path / "requirements.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    parsed = parse_requirements(str(file), session=PipSession())
    got = [(line.requirement, line.is_editable) for line in parsed]
    expected = [(".", True)]
    assert got == expected


@pytest.mark.parametrize("page", ["README.md", "README.tr.md", "site/pages/students.md"])
def test_a_page_names_the_pythons_of_pyproject(collection, project, page):
    text = (collection.root / page).read_text(encoding="utf-8")
    said = re.findall(r"Python ((?:3\.\d+(?:, | or | ya da )?)+)", text)
    got = {tuple(re.findall(r"3\.\d+", versions)) for versions in said}
    expected = {tuple(named(project))}
    assert got == expected


@pytest.mark.parametrize(("minor", "expected"), [(10, 1), (11, 0), (13, 0), (14, 1)])
def test_make_says_in_one_line_which_pythons_it_needs(collection, minor, expected):
    """The script as that Python would run it: what it asks is sys.version_info."""
    script = collection.root / "tools" / "python_bounds.py"
    code = f"import runpy, sys; sys.version_info = (3, {minor}, 0); runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    got = (done.returncode, len(done.stderr.splitlines()))
    assert got == (expected, expected)
    assert ("needs Python 3.11 to 3.13" in done.stderr) == bool(expected)


def test_settings_of_pip_do_not_lead_make_elsewhere(collection):
    places = dict.fromkeys(["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"], "1")
    done = subprocess.run(
        ["make", "--silent", "--eval", "shown:; @env", "shown"], cwd=collection.root,
        env=os.environ | places, capture_output=True, text=True, check=True,
    )  # fmt: skip
    got = [line for line in done.stdout.splitlines() if line.partition("=")[0] in places]
    expected = ["PIP_USER=0"]
    assert got == expected


def test_a_python_counts_if_it_runs(tmp_path, collection, monkeypatch):
    monkeypatch.syspath_prepend(collection.root / "tools")
    from pythons import find

    here = f"3.{sys.version_info.minor}"
    (tmp_path / f"python{here}").symlink_to(sys.executable)
    broken = tmp_path / "python3.99"
    broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    got = [find(version) for version in (here, "3.99")]
    expected = [str(tmp_path / f"python{here}"), None]
    assert got == expected


LARGER = [f"requirements-{extra}.lock" for extra in ("test", "site", "mutants")]


@pytest.mark.parametrize("lock", ["requirements.lock", *LARGER])
def test_a_lock_pins_hashes_and_names_no_index(collection, lock):
    text = (collection.root / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^[\w.-]+==", text, re.M)
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    got = (
        [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry],
        re.findall(r"https?://|--(?:extra-)?index-url|--find-links", text),
    )
    expected = [], []
    assert len(pins) > 50
    assert got == expected


@pytest.mark.parametrize("lock", ["requirements.lock", *LARGER])
def test_a_lock_has_one_release_of_each_package(collection, lock):
    """Whatever the Python or the system: what draws would else give other bytes."""
    text = (collection.root / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==", text, re.M)
    got = {name for name in pins if pins.count(name) > 1}
    expected = set()
    assert got == expected


@pytest.mark.parametrize("larger", LARGER)
def test_the_larger_locks_hold_the_versions_of_the_lock(collection, larger):
    def pins(name):
        text = (collection.root / name).read_text(encoding="utf-8")
        return {pin.strip() for pin in re.findall(r"^[\w.-]+==\S+(?: ; [^\\]+)?", text, re.M)}

    # The larger one may need it on more systems: then it stands there without a condition.
    got = {
        pin
        for pin in pins("requirements.lock") - pins(larger)
        if pin.partition(" ; ")[0] not in pins(larger)
    }
    expected = set()
    assert got == expected


def test_every_dependency_is_locked(collection, project):
    locked = set(
        re.findall(r"^([\w.-]+)==", (collection.root / "requirements.lock").read_text(), re.M)
    )
    got = set(bounds(project["dependencies"])) - locked
    expected = set()
    assert got == expected
