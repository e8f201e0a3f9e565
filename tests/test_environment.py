"""What the three descriptions of the environment have to agree on."""

import re
import tomllib

import pytest
import yaml


@pytest.fixture(scope="module")
def project(collection):
    return tomllib.loads((collection.root / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]


def bounds(requirements) -> dict[str, str]:
    return dict(re.fullmatch(r"([\w-]+) ?(>=[\d.]+)", text).groups() for text in requirements)


def test_conda_users_get_the_same_lower_bounds(collection, project):
    """The conda environment itself is not run in these tests: only its bounds are compared."""
    environment = yaml.safe_load((collection.root / "environment.yml").read_text(encoding="utf-8"))
    listed = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    listed = [entry for entry in listed if not re.match(r"(python|pip|flit-core) ", entry + " ")]
    # conda-forge calls Python's bindings of a library so.
    got = bounds(entry.removeprefix("python-") for entry in listed)
    expected = bounds(project["dependencies"])
    assert got == expected


def test_conda_users_get_the_same_python(collection, project):
    text = (collection.root / "environment.yml").read_text(encoding="utf-8")
    got = re.search(r"- python ?(>=[\d.]+)", text)[1]
    expected = project["requires-python"]
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
