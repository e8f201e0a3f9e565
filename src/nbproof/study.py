"""A study is a folder with `data/`: found by walking up from the working directory."""

import functools
import os
import pkgutil
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class StudyError(ValueError):
    """Something in the study is not as it should be; the message says what, where and what to do."""

    job: Any  # the run that it ended, if it did


@dataclass(frozen=True)
class Face:
    """What a study says of itself. Code is named as "module:name", so that naming it imports nothing.

    command: what the program is called (default: as in a study without code). commands: the module of
    the commands that the study adds; what they take stands beside it, in a TOML file of its name.
    packages: the packages whose modules and labels are the study's, from general to special.
    compute: what computes the tables of data/processed, from the study: names and frames.
    pages: sources of its site by file name, from the edition: pages, `computed/<name>.md` for pages to
    include, `entries.json` for the search, `terms.json` for words to explain, `json-ld.json` for search
    engines. files: what lies beside the pages in each language, by name, from the study. companion: what
    the PDF shows of the study alone, from the edition: `tables` (title, columns, rows) and `statements` by
    verdict.
    identified: the tables whose rows are referred to by a key, and that key. shared: what a mark has in
    common with each identified row that it counts; dated: the marks for which that holds of the year.
    aliases: shorter names for columns of plotted tables. evidence: what is known of source rows, from
    the study, the rows and those of them that are identified. stored: results that no run computes
    again: their file, what says which of their inputs have changed (from study), and the command that
    computes them. live: the module of what a reader can compute in the browser: CALLS, and NOTEBOOKS.
    words: labels of what only study.toml names, from the study and its packages' labels in a language.
    """

    command: str = ""
    commands: str = ""
    packages: tuple[str, ...] = ()
    compute: str = ""
    pages: str = ""
    files: str = ""
    companion: str = ""
    identified: Mapping[str, str] = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    aliases: Mapping[str, list[str]] = field(default_factory=dict)
    evidence: str = ""
    stored: tuple[tuple[str, str, str], ...] = ()
    live: str = ""
    words: str = ""


# The face of a study that has no code of its own; a package for such studies puts its own here.
DEFAULT = ""
SETTINGS = "study.toml"
PARTS = ("data", "notebooks", "figures", "src", "site", "docs")  # what a study is read from
STRAY = "a link that leads to no file of this study: nothing elsewhere is read. Put the file itself here"
TRUSTED = "NBPROOF_TRUSTED"


@dataclass(frozen=True)
class Study:
    """The folder of one study and where its parts lie."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def figures(self) -> Path:
        return self.root / "figures"

    @property
    def build(self) -> Path:
        """What can be made again at any time; not under version control."""
        return self.root / "build"

    @property
    def face(self) -> Face:
        """What the study's code says it does; without code of its own, the default."""
        return _face(self.face_name, self.root)

    @property
    def face_name(self) -> str:
        """Where the study's face is, as "module:name"; "" if there is none."""
        return _code(self.root / SETTINGS).get("face", DEFAULT)

    @property
    def settings(self) -> dict[str, Any]:
        """What study.toml says."""
        return _settings(self.root / SETTINGS)

    def own(self, named: str) -> Any:
        """What a notebook's outputs call "module:name"; raises StudyError for a module of others.

        Outputs are data: they may not have any function called that is installed here.
        """
        if named.partition(".")[0] not in self.face.packages:
            raise StudyError(f"{named!r} is no part of this study's packages.")
        return pkgutil.resolve_name(named)

    def holds(self, name: str) -> bool:
        """Whether `name` is a file of this study, and not of a folder above or beside it."""
        path = self.root / name
        return path.is_file() and path.resolve().is_relative_to(self.root.resolve())

    def strays(self) -> list[str]:
        """Links among the study's files that lead out of it, to nothing or in a circle, by name."""
        root, found = os.path.realpath(self.root), []
        waiting = [entry for entry in os.scandir(root) if entry.name in PARTS or entry.is_file()]
        for entry in waiting:
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
                if not target.startswith(root + os.sep) or not os.path.isfile(target):
                    found.append(os.path.relpath(entry.path, root).replace(os.sep, "/"))
            elif entry.is_dir() and not entry.name.startswith(("_build", "__")):
                waiting += os.scandir(entry.path)
        return sorted(found)

    def name(self, path: Path | str) -> str:
        """`path` as people write it: relative to the study, with forward slashes."""
        # By text: a run asks more than a thousand times, and pathlib takes ten times as long.
        text, folder = str(path), str(self.root) + os.sep
        return text.removeprefix(folder).replace(os.sep, "/") if text.startswith(folder) else text


def hint(said: str, known: Iterable[str], near: float = 0.6) -> str:
    """The end of a message: which known name may have been meant; empty if none is as near as `near`."""
    import difflib

    found = difflib.get_close_matches(said, list(known), 1, near)
    return f" Did you mean {found[0]}?" if found else ""


class UsageError(StudyError):
    """What was asked for is not to be had in this way; nothing has been run."""

    usage = True


def find(start: Path | str | None = None) -> Study:
    """The study that holds `start` (default: the working directory).

    Raises StudyError where neither the folder nor any above it holds `data/raw` and `data/reference`,
    and UsageError where there is no `start`, or it holds another `src/nbproof` than the one that runs.
    """
    start = Path(start or Path.cwd()).resolve()
    if not start.exists():
        raise UsageError(f"{start}: there is no such folder.")
    for folder in [start, *start.parents]:
        if (folder / "data" / "raw").is_dir() and (folder / "data" / "reference").is_dir():
            _prove_library(folder)
            return Study(folder)
    raise StudyError(
        f"{start}: no study here or in a folder above. A study is a folder with data/raw and "
        "data/reference. Change into it, or name it with --study DIR."
    )


def _prove_library(root: Path) -> None:
    """Else changes in src/ would be left out of every result, and nobody would see it."""
    for own in sorted((root / "src").glob("*/__init__.py")):
        spec = find_spec(own.parent.name)
        running = Path(spec.origin) if spec and spec.origin else own
        if not own.samefile(running) and not _alike(own.parent, running.parent):
            raise UsageError(
                f"{own.parent} is this study's library, but {running.parent} is the one that runs: give the "
                "folder an environment of its own (`make clean`, then `make reproduce`; without make: "
                "delete .venv and follow the README)."
            )


def _alike(one: Path, other: Path) -> bool:
    """Whether two folders hold the same modules, as a clone and what was built from it do."""

    def code(root: Path) -> dict[Path, bytes]:
        files = (file for file in root.rglob("*.py") if file.with_name("__init__.py").exists())
        return {file.relative_to(root): file.read_bytes() for file in files}

    return code(one) == code(other)


def around() -> Study:
    """The study around the working directory; where there is none, that folder without a file."""
    try:
        return find()
    except StudyError:
        return Study(Path.cwd())


def command_line(words: str) -> str:
    """What is typed to run `words`, such as "reproduce 02-timeline", in the study around here."""
    return f"{around().face.command} {words}"


def default() -> Face:
    """The face of a study that has no code of its own."""
    return _face(DEFAULT, Path())


def trust(study: Study) -> None:
    """Let the code that the study brings be run, by this process and by those that it starts."""
    os.environ[TRUSTED] = str(study.root)


def _code(settings: Path) -> dict[str, str]:
    """Where the study's code is (`folder`) and which face it has; empty without code of its own."""
    try:
        said = _settings(settings)
        if "code" not in said:
            return {}
        code = said["code"]
        return {"folder": "src", **code, "face": str(code["face"])}
    except (KeyError, TypeError) as error:
        raise StudyError(
            f'{settings.name}: expected [code] with face = "module:name" ({error!r}).'
        ) from None


@functools.cache
def _settings(file: Path) -> dict[str, Any]:
    """What study.toml says; empty without one."""
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(
            f'{file.name}: {error!r}. Expected key = "text", a line each; in [code] face = "module:name".'
        ) from None


@functools.cache
def _face(named: str, root: Path) -> Face:
    if not named:
        return Face(command="nbproof")
    if find_spec(named.partition(".")[0].partition(":")[0]) is None:  # it is the study's own
        code = root / _code(root / SETTINGS)["folder"]
        if os.environ.get(TRUSTED) != str(root):
            raise UsageError(
                f"This study runs code of its own, in {code}. Read it; if you trust it, add --trust."
            )
        sys.path.append(str(code))
    try:
        face = pkgutil.resolve_name(named)
        return face if face.command else replace(face, command=default().command)
    except (ImportError, AttributeError, ValueError) as error:
        raise StudyError(f"{SETTINGS}: face {named!r} cannot be loaded ({error}).") from None
