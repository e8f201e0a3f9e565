"""What the collection is made of: which step reads which files and runs which code.

The one place where dependencies are declared. A step depends on
- its data: what its last run has opened, here or, as a notebook's metadata say (`nbproof.reads`),
  elsewhere;
- its notebook: cells, tags and parameter rules, not outputs;
- its code: the import closure of the library modules it uses, and their labels;
- the releases of the other projects that this code imports.
"""

import ast
import functools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbproof.pipeline import checksums, collection, notebooks
from nbproof.pipeline.closure import Library, imported
from nbproof.pipeline.jobs import Job
from nbproof.pipeline.releases import installed
from nbproof.study import SETTINGS, Study, StudyError

LANGUAGES = ("en", "tr")
CLEAN = "clean"
SITE = "site"
# What renders the site: module and function; the function returns the folder.
BUILDER = "nbproof.site.build:build"
# What its pages show, beside the executed notebooks
SHOWN = (
    "build/live/*", "figures/*", "data/**/*", "docs/*", "site/**/*", "src/*/site/**/*", "*.md", "*.cff",
    "*.yml", "LICENSE*",
)  # fmt: skip
CACHE = "imports.json"  # in build/


@dataclass(frozen=True)
class Step:
    """One thing to do: `data/processed` as a whole, one notebook in one language, or the site."""

    name: str
    data: frozenset[Path]  # what it opens in data/
    code: frozenset[Path]  # the notebook, the library's modules and labels
    outside: frozenset[str]  # modules of other projects, by name
    notebook: Path | None = None
    language: str = ""
    executed: Path | None = None  # where the executed notebook goes
    after: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[Path]:
        return self.data | self.code


def steps(
    study: Study,
    kept: Callable[[str], Mapping] = lambda name: {},
    notebooks: Iterable[Path] | None = None,
) -> list[Step]:
    """Step `clean`, then `notebooks` (default: the collection's) in English and Turkish.

    kept: the values that the last run of a step has left, with the names of the files that it opened.
    Raises StudyError where two notebooks would write the same file.
    """
    library = _library(study)
    return [
        _clean(study, library, kept(CLEAN).get("reads")),
        *(
            _notebook(study, library, path, language, kept(_name(path, language)).get("reads"))
            for path in (collection.members(study) if notebooks is None else notebooks)
            for language in LANGUAGES
        ),
    ]


def site(study: Study, notebooks: Iterable[Step]) -> Step:
    """The rendered site, after the runs of `notebooks`; only the command `site` builds it."""
    library = _library(study)
    used = [BUILDER, study.face.pages, study.face.files]
    code = library.closure(filter(None, map(_module, used)))
    shown = {path for pattern in SHOWN for path in study.root.glob(pattern) if path.is_file()}
    made = {path for path in shown if "_build" in path.parts or path.suffix in (".mo", ".pyc")}
    return Step(
        SITE,
        data=frozenset(path for path in shown - made if not path.name.startswith(".")),
        code=frozenset(library.sources(code)),
        outside=frozenset(library.outside(code)),
        after=tuple(step.name for step in notebooks),
    )


def _library(study: Study) -> Library:
    return Library(study.build / CACHE, study.face.packages)


def job(study: Study, step: Step) -> Job:
    """A notebook's step as a run: English notebooks are committed, Turkish ones feed the site."""
    assert step.notebook
    assert step.executed
    parameters = {} if step.language == "en" else {"lang": step.language}
    return Job(step.notebook, parameters, step.executed, study.figures)


def _clean(study: Study, library: Library, opened: Iterable[str] | None) -> Step:
    if opened is None:
        names = ("raw", "reference", "additions", "sensitivity")
        folders = [study.data / name for name in names]
        data = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    else:
        data = _opened(study, opened, LANGUAGES)
    used = ["nbproof.processed", study.face.compute, study.face_name]
    code = library.closure(filter(None, map(_module, used)))
    return Step(
        CLEAN,
        frozenset(data),
        frozenset(_code(study, library.sources(code), LANGUAGES)),
        frozenset(library.outside(code)),
    )


def _notebook(
    study: Study, library: Library, path: Path, language: str, opened: Iterable[str] | None
) -> Step:
    names = _named(study, path, library.packages)
    # How a notebook is run is part of what comes out.
    run = {"nbproof.pipeline.engine", "nbproof.pipeline.observe", _module(study.face_name)}
    # Labels are looked for in the packages; a study without code of its own has no face.
    run = (run | library.packages) - {""}
    code = library.closure(names | run)
    executed = (study.notebooks if language == "en" else study.build / language) / path.name
    data = _opened(study, opened or declared(path), [language])
    prose = set(study.root.glob(f"site/locale/{language}/*/notebooks/{path.stem}.po"))
    return Step(
        name=_name(path, language),
        data=frozenset(data),
        code=frozenset(_code(study, library.sources(code), [language]) | {path} | prose),
        outside=frozenset(
            library.outside(library.closure(names)) | _foreign(names, library.packages)
        ),
        notebook=path,
        language=language,
        executed=executed,
        # Nothing is known of a notebook that has not run: it may need the tables.
        after=(CLEAN,) if not data or _processed(study, data) else (),
    )


def _module(named: str) -> str:
    """The module of "module:name"."""
    return named.partition(":")[0]


def _name(notebook: Path, language: str) -> str:
    return f"{notebook.stem}:{language}"


def _named(study: Study, path: Path, packages: frozenset[str]) -> frozenset[str]:
    try:
        cells = notebooks.code(checksums.notebook(path))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError(
            f"{study.name(path)}: not a notebook ({error or type(error).__name__}). Put a whole one in "
            "its place, or take the file out of the folder."
        ) from None
    return frozenset(
        name for code in cells if "import" in code for name in imported(_tree(code), packages)
    )


@functools.lru_cache  # for the second language: taking code apart takes long
def _tree(code: str) -> ast.AST:
    """Code that is no Python imports nothing; that it is none, its run will say."""
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module([], [])


def declared(notebook: Path) -> list[str]:
    """The data that an executed notebook has opened, by their names in the study."""
    try:
        content = checksums.notebook(notebook)
    except (OSError, ValueError):
        return []
    return content["metadata"].get("nbproof", {}).get("reads", [])


def _opened(study: Study, names: Iterable[str], languages: Iterable[str]) -> set[Path]:
    """The files of these names, and the labels of `languages` where those of any language are named.

    A file that is gone is no longer part of the step: the change itself makes the step run again. Labels
    count with those that another package has put, or may put, in their place.
    """
    # By text, as in `Study.name`.
    places = [study.name(labels) for labels in study.root.glob("src/*/labels")]
    folders = [f"{place}/{language}/" for place in places for language in languages]
    found = []
    for name in names:
        data, file = name.startswith("data/"), name.rpartition("/")[2]
        found += [name] if data else [folder + file for folder in folders]
    return {_path(study.root, name) for name in found if os.path.exists(f"{study.root}/{name}")}


_path = functools.lru_cache(maxsize=4096)(Path)  # most notebooks open the same files


def _code(study: Study, files: Iterable[Path], languages: Iterable[str]) -> set[Path]:
    """The library's files and the study's settings, without the labels that a step says it opens.

    Labels of packages that are installed elsewhere are part of the code, in their language.
    """
    found = {path for path in (study.root / SETTINGS,) if path.is_file()}
    here = f"{study.root}{os.sep}"
    for file in files:
        own = str(file).startswith(here)
        if not str(file).endswith(".toml") or (not own and file.parent.name in languages):
            found.add(file)
    return found


def _processed(study: Study, data: Iterable[Path]) -> bool:
    return any(file.is_relative_to(study.data / "processed") for file in data)


def _foreign(names: Iterable[str], packages: Collection[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] not in packages}


def releases(outside: Iterable[str]) -> list[str]:
    """The installed releases of the projects that `outside` belongs to, such as "pandas-3.1.1"."""
    wanted = {name.partition(".")[0].lower() for name in outside} | {
        "numpy",
        "ipython",
        "ipykernel",
    }
    python = f"python-{sys.version_info.major}.{sys.version_info.minor}"
    found = sorted(installed().values())
    return [python, *(name for name in found if name.partition("-")[0].lower() in wanted)]


def outside(study: Study, notebooks: Iterable[Path]) -> set[str]:
    """Modules of other projects that `notebooks` use, by themselves or through the library."""
    library = _library(study)
    names = {name for path in notebooks for name in _named(study, path, library.packages)}
    return library.outside(library.closure(names)) | _foreign(names, library.packages)
