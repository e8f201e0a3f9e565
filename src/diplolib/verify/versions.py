"""The environment: the locks among themselves, and what is installed against the lock."""

import functools
import os
import platform
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata

from diplolib.study import Study
from diplolib.verify.finding import REPORT, Finding

LOCK = "requirements.lock"
LARGER = ("requirements-test.lock", "requirements-site.lock", "requirements-mutants.lock")
ENTRY = re.compile(r"^([\w.-]+)==([^\s;\\]+)( ; [^\\\n]+)?", re.M)
# What can move a pixel or a digit.
DRAWING = ("matplotlib", "numpy", "pandas", "pillow", "geopandas", "shapely", "pyproj", "seaborn")


def locks(study: Study) -> Iterator[Finding]:
    """Each entry with a hash, the larger locks with the lock's versions, every dependency locked."""
    pins = {}
    for name in (LOCK, *LARGER):
        path = study.root / name
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        # Without the condition: what a larger lock adds may want a package on more platforms.
        pins[name] = {f"{found[1]}=={found[2]}" for found in ENTRY.finditer(text)}
        for entry in re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]:
            if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry):
                said = "an entry without a hash"
                yield Finding("versions", name, entry.split()[0], said, f"git diff -- {name}")
    for name in LARGER:
        for entry in sorted(pins.get(LOCK, set()) - pins.get(name, pins.get(LOCK, set()))):
            said = f"{LOCK} has this version, this file another one"
            yield Finding("versions", name, entry, said, f"git diff -- {LOCK} {name}")
    yield from _unlocked(study, pins.get(LOCK, set()))


def _unlocked(study: Study, pins: set[str]) -> Iterator[Finding]:
    project = study.root / "pyproject.toml"
    if pins and project.is_file():
        wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
        names = {_plain(pin.partition("==")[0]) for pin in pins}
        for requirement in wanted:
            name = re.match(r"[\w.-]+", requirement)[0]
            if _plain(name) not in names:
                said = "pyproject.toml needs it, the lock does not have it"
                yield Finding("versions", LOCK, name, said, "make lock")


def installed(study: Study) -> Iterator[Finding]:
    """Releases other than the lock's, which may move pixels."""
    path = study.root / LOCK
    if not path.is_file():
        return
    found: dict[str, set[str]] = {}
    for entry in ENTRY.finditer(path.read_text(encoding="utf-8")):
        found.setdefault(_plain(entry[1]), set()).add(entry[2])
    for name, wanted in sorted(found.items()):
        here = release(name)
        # An entry may be for another system or Python, and then it is not here.
        if here is not None and here not in wanted:
            said = "another release is installed than the lock names"
            yield Finding(
                "versions", LOCK, name, said, "pip install --require-hashes -r requirements.lock",
                " or ".join(sorted(wanted)), here, REPORT,
            )  # fmt: skip


@functools.cache
def release(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def environment() -> dict[str, str]:
    """Where this runs, as a reviewer writes it down."""
    return {
        "python": sys.version.split()[0],
        "platform": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        **{name: release(name) or "not installed" for name in DRAWING},
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
