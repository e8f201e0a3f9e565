"""What doit remembers of the last run, and what it asks before a step runs again."""

import functools
from collections.abc import Mapping
from pathlib import Path

import nbproof.pipeline.tasks as doit
from nbproof.files import write_bytes
from nbproof.pipeline import checksums, recorded
from nbproof.pipeline.graph import Step
from nbproof.study import Study

STATE = "state.json"  # in build/


class Checksum(doit.FileChangedChecker):
    """doit's look at a file: by content, once a run, and by its name in the study.

    What a step is recorded to have read is what stood there when it was checked, before it ran.
    """

    def __init__(self, study: Study):
        self._path = study.root.joinpath
        self._now = functools.cache(lambda name: checksums.checksum(self._path(name)))

    def info(self, file_path: str) -> str:
        return self._now(file_path)

    def check_modified(self, file_path: str, file_stat: object, state: str) -> bool:
        return file_stat != state

    def get_state(self, dep: str, current_state: object) -> str:
        return self._now(dep)


def manager(study: Study) -> doit.Dependency:
    """doit's own manager of that memory, for this study."""
    study.build.mkdir(exist_ok=True)
    path = study.build / STATE
    checker = functools.partial(Checksum, study)
    try:
        return Memory(State, str(path), checker_cls=checker)
    except doit.DatabaseException:  # cut off or edited: as if nothing had run
        path.unlink()
        return Memory(State, str(path), checker_cls=checker)


class Memory(doit.Dependency):
    """doit's manager, but a step that fails, or waits for one that does, keeps what is known of it.

    Its earlier results are still there: where they fit again, nothing has to run.
    """

    def remove_success(self, task: object) -> None:
        pass


class State(doit.JsonDB):
    """doit's record of what has run; written whole or not at all, and only if it says something new."""

    def _load(self) -> dict:
        found = super()._load()
        tasks = found.values() if isinstance(found, dict) else [None]
        if not all(isinstance(task, dict) and self._is_of_a_run(task) for task in tasks):
            raise doit.DatabaseException(f"{self.name}: not as a run writes it")
        return found

    @staticmethod
    def _is_of_a_run(task: dict) -> bool:
        values = task.get("_values_:", {})
        made = values.get("made", {}) if isinstance(values, dict) else None
        lists = (
            [values.get(key, []) for key in ("results", "releases")] if made is not None else [0]
        )
        return (
            isinstance(made, dict)
            and all(isinstance(one, list) and len(one) == 2 for one in made.values())
            and all(isinstance(one, list) for one in [*lists, task.get("deps:", [])])
            and isinstance(values.get("parts", {}), dict)
        )

    def dump(self) -> None:
        data = self.codec.encode(self._db).encode()
        path = Path(self.name)
        if not path.exists() or path.read_bytes() != data:
            write_bytes(path, data)


class Made:
    """Whether a step's results are as its last run has left them."""

    def __init__(self, study: Study):
        self._study = study
        self.said: list[str] = []

    def __call__(self, task: object, values: Mapping) -> bool:
        self.said = []
        for name, (expected, stamp) in values.get("made", {}).items():
            path = self._study.root / name
            if not path.exists():
                self.said.append(f"{name} is missing")
            elif (
                checksums.stamp(path) != stamp
                and checksums.exact(path) != expected
                # An editor that has a notebook open saves it now and then.
                and values.get("parts", {}).get(name) != recorded.parts(path)
            ):
                self.said.append(f"{name} is not as it was written")
        return bool(values) and not self.said


class Results:
    """Whether the steps before have left what they had left when this one ran."""

    def __init__(self, kept: doit.Dependency, step: Step):
        self._before = step.after
        self._values = kept.get_values
        self.said: list[str] = []

    def now(self) -> list[str]:
        made = (self._values(name).get("made", {}) for name in self._before)
        return sorted(f"{name} {found[0]}" for files in made for name, found in files.items())

    def __call__(self, task: object, values: Mapping) -> bool:
        changed = set(self.now()) ^ set(values.get("results", []))
        self.said = sorted({f"{text.partition(' ')[0]} is another" for text in changed})
        return not changed


class Releases:
    """Whether other projects' releases are those of the last run."""

    def __init__(self, now: list[str]):
        self._now = now
        self.said: list[str] = []

    def __call__(self, task: object, values: Mapping) -> bool:
        new = sorted(set(self._now) - set(values.get("releases", [])))
        self.said = [f"{name} is installed now" for name in new]
        return self._now == values.get("releases")


def reasons(found: dict, known: bool) -> list[str]:
    """Why a step is to run, from what doit has found; known: it has run here before."""
    if not known:
        return ["not run in this folder yet"]
    changed = sorted(found.get("changed_file_dep", []))
    said = [f"{name} has changed" for name in changed]
    said += [f"{name} is new to it" for name in found.get("added_file_dep", [])]
    said += [f"{name} is no longer part of it" for name in found.get("removed_file_dep", [])]
    for check, _, _ in found.get("uptodate_false", []):
        said += [text for text in check.said if text.partition(" ")[0] not in changed]
    return said
