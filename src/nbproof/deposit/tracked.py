"""Which files are the study's own, in which state they are, and what Software Heritage calls them."""

import fnmatch
import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbproof.pipeline.checksums import exact
from nbproof.study import Study, StudyError

MANIFEST = "manifest-sha256.txt"
PLACE = "deposit"  # the folder of what an archive holds beside the study's own files
MADE = (
    MANIFEST, "ro-crate-metadata.json", "croissant.json", "datacite.json", ".zenodo.json", "DEPOSIT.md",
)  # fmt: skip


def find(study: Study) -> tuple[dict[str, Path], str]:
    """The study's files by name, and the commit that they are; "" where git does not know it.

    Raises StudyError if they are not as committed, or in a copy without git not as their checksums say.
    """
    top = git(study, "rev-parse", "--show-toplevel")
    if top is None or not Path(top).samefile(study.root):
        return _proved(study), ""
    changed = (git(study, "status", "--porcelain") or "").splitlines()
    if changed:
        raise StudyError(
            f"{changed[0][3:]}{_more(changed)}: not as committed. Commit or put away what has changed, and "
            "run again; nothing was written."
        )
    names = (git(study, "ls-files", "-z") or "").split("\0")
    commit = git(study, "rev-parse", "HEAD") or ""
    return {name: study.root / name for name in names if name}, commit


def git(study: Study, *words: str) -> str | None:
    """What git answers; None where there is no git, or no repository."""
    try:
        done = subprocess.run(
            ["git", "-C", str(study.root), *words], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return None if done.returncode else done.stdout.rstrip("\n")


def _proved(study: Study) -> dict[str, Path]:
    """The files of a copy without git, if every checksum that it brings agrees."""
    from nbproof.verify import sums
    from nbproof.verify.finding import FAIL

    found = {name: study.root / name for name in _walk(study.root)}
    wrong = [one.where for one in sums.check(study) if one.severity == FAIL]
    if (file := study.root / MANIFEST).is_file():
        known = {name: said for name, said in listed(file.read_bytes()).items() if not made(name)}
        own = {name: exact(path) for name, path in found.items()}
        wrong += [name for name in known.keys() | own.keys() if known.get(name) != own.get(name)]
    if wrong:
        wrong = sorted(set(wrong))
        raise StudyError(
            f"{wrong[0]}{_more(wrong)}: not as the checksums of this copy say. Unpack it afresh; nothing was "
            "written."
        )
    return found


def _walk(root: Path) -> Iterator[str]:
    """All files but those that .gitignore names and those that an archive adds."""
    file = root / ".gitignore"
    lines = file.read_text(encoding="utf-8").split() if file.is_file() else []
    rules = [".git", *(line.rstrip("/") for line in lines if line[0] != "#")]
    for folder, folders, files in os.walk(root):
        inside = Path(folder).relative_to(root)
        folders[:] = sorted(name for name in folders if not _ignored(inside / name, rules))
        for path in (inside / name for name in sorted(files)):
            if not (_ignored(path, rules) or made(path.as_posix())):
                yield path.as_posix()


def _ignored(path: Path, rules: list[str]) -> bool:
    return any(fnmatch.fnmatch(path.as_posix() if "/" in one else path.name, one) for one in rules)


def made(name: str) -> bool:
    """Whether an archive adds the file of this name."""
    return name in MADE or name.startswith(f"{PLACE}/")


def listed(manifest: bytes) -> dict[str, str]:
    """Names and sums of a file that `sha256sum -c` reads; raises ValueError for another."""
    pairs = [line.split("  ", 1) for line in manifest.decode().splitlines()]
    return {name: said for said, name in pairs}


def _more(wrong: list[str]) -> str:
    return f" and {len(wrong) - 1} more" if wrong[1:] else ""


def swhid(files: Mapping[str, Path]) -> str:
    """The Software Heritage identifier of a folder with these files, computed as git names a tree."""
    tree: dict = {}
    for name, path in files.items():
        *folders, last = name.split("/")
        room = tree
        for folder in folders:
            room = room.setdefault(folder, {})
        room[last] = path
    return f"swh:1:dir:{_tree(tree)}"


def _tree(tree: dict) -> str:
    entries = []
    for name, inside in tree.items():
        if isinstance(inside, dict):
            mode, order, found = "40000", f"{name}/", _tree(inside)
        else:
            mode, order = f"100{mode_of(inside):o}", name
            found = _object("blob", inside.read_bytes())
        entries.append((order.encode(), f"{mode} {name}\0".encode() + bytes.fromhex(found)))
    return _object("tree", b"".join(entry for _, entry in sorted(entries)))


def mode_of(path: Path) -> int:
    """How git keeps a file: as one that can be executed, or not."""
    return 0o755 if path.stat().st_mode & 0o100 else 0o644


def _object(kind: str, data: bytes) -> str:
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data).hexdigest()
