"""The environment: the locks among themselves, and what is installed against the lock."""

import platform
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping

from nbproof.pipeline import jobs, releases
from nbproof.pipeline.releases import LOCK, plain
from nbproof.study import Study
from nbproof.verify.finding import REPORT, Finding, shortened

LARGER = ("requirements-test.lock", "requirements-site.lock", "requirements-mutants.lock")
# All that stands in a lock. Another line could name another index, or what is not locked.
LINE = re.compile(
    r"#.*|\s*|[\w.-]+==[^\s;\\]+( ; [^\\]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?"
)
# What draws: another release of these may move a pixel, one of anything else may not.
DRAWS = ("matplotlib", "fonttools", "pillow", "numpy", "geopandas", "shapely", "pyproj")


def locks(study: Study) -> Iterator[Finding]:
    """Each entry with a hash, one release a package, the lock's entries in the larger ones, all locked."""
    pins = {}
    for name in (LOCK, *LARGER):
        path, see = study.root / name, f"git diff -- {name}"
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        pins[name] = releases.pins(text)
        for project, numbers in pins[name].items():
            for number in [number for number, hashes in numbers.items() if not hashes]:
                said = "an entry without a hash"
                yield Finding("versions", name, f"{project}=={number}", said, see)
            if len(numbers) > 1:
                said = "the lock forks: another Python or system gets another release"
                several = " or ".join(numbers)
                yield Finding("versions", name, project, said, "make lock", "one", several)
        for number, line in enumerate(text.splitlines(), start=1):
            if not LINE.fullmatch(line):
                said = "neither a locked release nor its hash nor a comment"
                yield Finding("versions", name, f"line {number}", said, see, shortened(line))
    for name in [name for name in LARGER if name in pins and LOCK in pins]:
        for project, numbers in pins[LOCK].items():
            if (there := pins[name].get(project)) != numbers:
                same = there and there.keys() == numbers.keys()
                said = f"{LOCK} and this file give it other {'hashes' if same else 'releases'}"
                place = "; ".join(f"{project}=={number}" for number in numbers)
                yield Finding("versions", name, place, said, f"git diff -- {LOCK} {name}")
    yield from _unlocked(study, pins.get(LOCK))


def _unlocked(study: Study, pins: Mapping | None) -> Iterator[Finding]:
    """What pyproject.toml needs against the lock. pins: the lock's; None if there is none."""
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
    for name, lowest in needed:
        locked = max(pins.get(plain(name), ()), key=_numbers, default=None)
        if locked is None:
            said = "pyproject.toml needs it, the lock does not have it"
            yield Finding("versions", LOCK, name, said, "make lock")
        elif lowest and _numbers(locked) < _numbers(lowest):
            said = f"{LOCK} has an older release"
            yield Finding("versions", project.name, name, said, "make lock", f">={lowest}", locked)


def _numbers(release: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", release)]


def installed(study: Study) -> Iterator[Finding]:
    """Releases other than the lock's; those of what draws may move pixels."""
    for name, (wanted, here) in releases.others(study).items():
        said = "another release is installed than the lock names"
        see = f"pip install --require-hashes -r {LOCK}"
        yield Finding("versions", LOCK, name, said, see, wanted, here, REPORT)


def drawing(study: Study) -> list[str]:
    """What draws and has another release here than in the lock."""
    return [name for name in releases.others(study) if name in DRAWS]


def environment() -> dict[str, str]:
    """Where this runs, as a reviewer writes it down."""
    here = releases.installed()
    return {
        "python": sys.version.split()[0],
        "platform": f"{platform.system()} {platform.machine()}",
        "cores": str(jobs.cores()),
        **{name: here.get(name, "-not installed").partition("-")[2] for name in ("pandas", *DRAWS)},
    }
