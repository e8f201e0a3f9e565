"""The installed releases of other projects, beside those that the study's lock names."""

import functools
import os
import re
import sys

from nbproof.study import Study, UsageError

LOCK = "requirements.lock"
ENTRY = re.compile(r"^([\w.-]+)==([^\s;\\]+)((?:.*\\\n)*.*)", re.M)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
ADVICE = (
    "No committed file is replaced. Install the lock's: pip install --require-hashes -r "
    f"{LOCK}. Or run into another folder with --output DIR, or add --accept."
)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.cache
def installed() -> dict[str, str]:
    """Each project's release, such as "pandas-3.1.1", by its plain name.

    Read off the folders' names where Python looks, the first of a name as it does: asking each project
    for its version takes too long.
    """
    found: dict[str, str] = {}
    for entry in filter(os.path.isdir, sys.path):
        for name in sorted(os.listdir(entry)):
            if name.endswith((".dist-info", ".egg-info")):
                project, _, rest = name.rpartition(".")[0].partition("-")
                found.setdefault(plain(project), f"{project}-{rest.partition('-')[0]}")
    return found


def pins(text: str) -> dict[str, dict[str, set[str]]]:
    """What a lock's text names: each project's releases, and the hashes of each.

    Whatever the conditions: a larger lock may want a release on more platforms.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for name, release, rest in ENTRY.findall(text):
        found.setdefault(plain(name), {}).setdefault(release, set()).update(HASH.findall(rest))
    return found


def others(study: Study) -> dict[str, tuple[str, str]]:
    """Installed releases other than the lock's, by project: what the lock names, and what is here.

    An entry may be for another system or Python, and then it is not here. A study without a lock has none.
    """
    path = study.root / LOCK
    if not path.is_file():
        return {}
    wanted = pins(path.read_text(encoding="utf-8", errors="replace"))
    here = {name: text.partition("-")[2] for name, text in installed().items()}
    return {
        name: (" or ".join(sorted(named)), here[name])
        for name, named in sorted(wanted.items())
        if here.get(name, "") not in {"", *named}
    }


def said(study: Study) -> str:
    """Which releases are not the lock's, in words; empty if all are."""
    found = others(study).items()
    shown = [f"{name} {here} (lock: {wanted})" for name, (wanted, here) in found]
    more = f" and {len(shown) - 5} more" if shown[5:] else ""
    text = f"Other releases are installed than {LOCK} names: {', '.join(shown[:5])}{more}."
    return text if shown else ""


def refuse(study: Study) -> None:
    """Raise UsageError if any release is not the lock's."""
    if text := said(study):
        raise UsageError(f"{text} {ADVICE}")
