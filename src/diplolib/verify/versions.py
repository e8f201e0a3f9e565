"""The environment: the locks among themselves, and what is installed against the lock."""

import functools
import platform
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata

from diplolib.pipeline import jobs, releases
from diplolib.pipeline.releases import LOCK, plain
from diplolib.study import Study
from diplolib.verify.finding import REPORT, Finding, shortened

LARGER = ("requirements-test.lock", "requirements-site.lock", "requirements-mutants.lock")
# All that stands in a lock. Another line could name another index, or what is not locked.
LINE = re.compile(
    r"#.*|\s*|[\w.-]+==[^\s;\\]+( ; [^\\]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
# What can move a pixel or a digit.
DRAWING = (
    "matplotlib", "numpy", "pandas", "pillow", "zlib-ng", "geopandas", "shapely", "pyproj", "seaborn",
    "scipy", "statsmodels",
)  # fmt: skip


def locks(study: Study) -> Iterator[Finding]:
    """Each entry with a hash, one release a package, the lock's entries in the larger ones, all locked."""
    pins = {}
    for name in (LOCK, *LARGER):
        path, see = study.root / name, f"git diff -- {name}"
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        pins[name] = _entries(text)
        for entry, hashes in pins[name].items():
            if not hashes:
                yield Finding("versions", name, entry, "an entry without a hash", see)
        for number, line in enumerate(text.splitlines(), start=1):
            if not LINE.fullmatch(line):
                said = "neither a locked release nor its hash nor a comment"
                yield Finding("versions", name, f"line {number}", said, see, shortened(line))
        releases: dict[str, list[str]] = {}
        for entry in pins[name]:
            package, _, number = entry.partition("==")
            releases.setdefault(package, []).append(number)
        for package, several in releases.items():
            if len(several) > 1:
                said = (
                    "the lock forks: another Python or system gets another release, and other bytes"
                )
                yield Finding(
                    "versions",
                    name,
                    package,
                    said,
                    "make lock",
                    "one release",
                    " or ".join(several),
                )
    for name in LARGER:
        see = f"git diff -- {LOCK} {name}"
        for entry, hashes in pins.get(LOCK, {}).items() if name in pins else ():
            if entry not in pins[name]:
                said = f"{LOCK} has this version, this file another one"
                yield Finding("versions", name, entry, said, see)
            elif hashes != pins[name][entry]:
                said = f"{LOCK} and this file give it other hashes"
                yield Finding("versions", name, entry, said, see)
    yield from _unlocked(study, pins.get(LOCK))


def _entries(text: str) -> dict[str, set[str]]:
    """The hashes of each release, whatever the condition: a larger lock may want it on more platforms."""
    found = {}
    for entry in re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]:
        found.setdefault(entry.split()[0], set()).update(HASH.findall(entry))
    return found


def _unlocked(study: Study, pins: Iterable[str] | None) -> Iterator[Finding]:
    """What pyproject.toml needs against the lock. pins: its releases; None if there is no lock."""
    project = study.root / "pyproject.toml"
    if not project.exists():
        return  # a study whose library lies elsewhere
    try:
        wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
        needed = [re.match(r"([\w.-]+)(?:.*>= *([\d.]+))?", text).groups() for text in wanted]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        see = f"git diff -- {project.name}"
        yield Finding("versions", project.name, "", f"cannot be read ({error!r})", see)
        return
    if pins is None:
        yield Finding("versions", LOCK, "", "the file is missing", f"git status -- {LOCK}")
        return
    locks = {plain(name): release for name, _, release in (pin.partition("==") for pin in pins)}
    for name, lowest in needed:
        locked = locks.get(plain(name))
        if locked is None:
            said = "pyproject.toml needs it, the lock does not have it"
            yield Finding("versions", LOCK, name, said, "make lock")
        elif lowest and _numbers(locked) < _numbers(lowest):
            said = f"{LOCK} has an older release"
            yield Finding("versions", project.name, name, said, "make lock", f">={lowest}", locked)


def _numbers(release: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", release)]


def installed(study: Study) -> Iterator[Finding]:
    """Releases other than the lock's, which may move pixels."""
    for name, (wanted, here) in releases.others(study).items():
        said = "another release is installed than the lock names"
        see = f"pip install --require-hashes -r {LOCK}"
        yield Finding("versions", LOCK, name, said, see, wanted, here, REPORT)


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
        "cores": str(jobs.cores()),
        **{name: release(name) or "not installed" for name in DRAWING},
    }
