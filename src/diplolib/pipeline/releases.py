"""The installed releases of other projects, beside those that the study's lock names."""

import functools
import os
import re
import sys
from collections.abc import Callable

from diplolib.study import Study, StudyError

LOCK = "requirements.lock"
ENTRY = re.compile(r"^([\w.-]+)==([^\s;\\]+)( ; [^\\\n]+)?", re.M)
ADVICE = (
    "No committed file is replaced. Install the lock's: pip install --require-hashes -r "
    f"{LOCK}. Or run into another folder with --output DIR, or add --accept."
)


class OtherReleases(StudyError):
    """Committed files would be made with other releases than the lock names."""

    usage = True


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.cache
def installed() -> dict[str, str]:
    """Each project's release, such as "pandas-3.1.1", by its plain name.

    Read off the folders' names where Python looks, the first of a name as it does: asking each project
    for its version takes too long.
    """
    found = {}
    for entry in filter(os.path.isdir, sys.path):
        for name in sorted(os.listdir(entry)):
            if name.endswith((".dist-info", ".egg-info")):
                project, _, rest = name.rpartition(".")[0].partition("-")
                found.setdefault(plain(project), f"{project}-{rest.partition('-')[0]}")
    return found


def others(study: Study) -> dict[str, tuple[str, str]]:
    """Installed releases other than the lock's, by project: what the lock names, and what is here.

    An entry may be for another system or Python, and then it is not here. A study without a lock has none.
    """
    path = study.root / LOCK
    if not path.is_file():
        return {}
    wanted: dict[str, set[str]] = {}
    for entry in ENTRY.finditer(path.read_text(encoding="utf-8", errors="replace")):
        wanted.setdefault(plain(entry[1]), set()).add(entry[2])
    here = {name: text.partition("-")[2] for name, text in installed().items()}
    return {
        name: (" or ".join(sorted(named)), here[name])
        for name, named in sorted(wanted.items())
        if here.get(name, "") not in {"", *named}
    }


def tell(study: Study, say: Callable[[str], None]) -> None:
    """Say which releases are not the lock's, if any."""
    if found := others(study):
        say(_said(found))


def refuse(study: Study) -> None:
    """Raise OtherReleases if any release is not the lock's."""
    if found := others(study):
        raise OtherReleases(f"{_said(found)} {ADVICE}")


def _said(found: dict[str, tuple[str, str]]) -> str:
    shown = [f"{name} {here} (lock: {wanted})" for name, (wanted, here) in found.items()]
    more = f" and {len(shown) - 5} more" if shown[5:] else ""
    return f"Other releases are installed than {LOCK} names: {', '.join(shown[:5])}{more}."
