"""Faults: what may go wrong around a run, provoked. Not part of `make test`.

NBPROOF_FAULTS is the share of the full number of tries: 0.1 in continuous integration (`make
faults`), 1 in `make soak`.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import hypothesis
import pytest

from ankara.specifications import inputs
from nbproof import study
from nbproof.study import Study

SHARE = float(os.environ.get("NBPROOF_FAULTS", "0.1"))
# They take minutes: without the variable they are not collected.
collect_ignore_glob = [] if "NBPROOF_FAULTS" in os.environ else ["test_*.py"]
SOURCE = Path(study.__file__).parents[1]
MARK = "NBPROOF_FAULTS_RUN"  # every process of a run inherits it
LONGEST = 600  # seconds; a run takes a few, so that no load alone makes it that long

# A shell in the background has its children ignore the interrupt key, and they have theirs.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The tenth, in continuous integration, fails only when the code has changed; more looks for new failures.
hypothesis.settings.register_profile(
    "faults",
    max_examples=round(20_000 * SHARE),
    derandomize=SHARE <= 0.1,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


NUMBERS = []


@pytest.fixture(scope="session")
def record():
    """record(text): a line for the end of the output, and for tests/soak-results.md."""
    return NUMBERS.append


def pytest_terminal_summary(terminalreporter):
    for text in NUMBERS:
        terminalreporter.write_line(f"- {text}")


@pytest.fixture(scope="session")
def share():
    """How many of `full` tries to make."""
    return lambda full: max(1, round(full * SHARE))


def write(path: Path, data: bytes) -> None:
    """A data file, with its checksum brought up to date."""
    path.write_bytes(data)
    package = path.parent / "datapackage.json"
    content = json.loads(package.read_bytes())
    for resource in content["resources"]:
        if resource["path"] == path.name and "hash" in resource:
            resource["hash"] = "sha256:" + hashlib.sha256(data).hexdigest()
            resource["bytes"] = len(data)
    package.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


@pytest.fixture(scope="session", name="write")
def _write():
    return write


class Folder:
    """A study in a folder of its own, run as a user runs it."""

    RESULTS = ("data/processed", "notebooks", "build/tr", "figures")

    def __init__(self, root: Path):
        self.root = root
        self.mark = uuid.uuid4().hex
        # Short, since the path of a socket may not be long
        self.temporary = Path(tempfile.gettempdir()) / f"faults-{self.mark[:8]}"

    def copy(self, root: Path) -> "Folder":
        shutil.copytree(self.root, root, symlinks=True)
        return Folder(root)

    def write(self, name: str, data: bytes) -> None:
        """A data file, with its checksum brought up to date."""
        write(self.root / name, data)

    def results(self) -> dict[str, str]:
        """sha256 of every result by its name; `unfinished` says what is no result."""
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in self.RESULTS
            for path in sorted((self.root / folder).glob("[!.]*"))
            if path.is_file() and path.name != "datapackage.json"
        }

    def unfinished(self) -> list[Path]:
        return [path for folder in self.RESULTS for path in (self.root / folder).glob(".*")]

    def start(self, *arguments, environment=None, before=(), setup=None, **options):
        """Start `diplolib`; `before` is a command that starts it, `setup` runs in the child."""
        self.temporary.mkdir(exist_ok=True)
        return subprocess.Popen(
            [*before, sys.executable, "-m", "diplolib", *arguments],
            cwd=self.root,
            env={
                **os.environ,
                "PYTHONPATH": str(SOURCE),
                MARK: self.mark,
                "TMPDIR": str(self.temporary),
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=setup,
            **options,
        )

    def run(self, *arguments, **options) -> tuple[int, str, str]:
        return self.end(self.start(*arguments, **options))

    def end(self, call) -> tuple[int, str, str]:
        """Wait for the end of a run and of its children, which hold its streams: code, output, error."""
        try:
            out, error = call.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            there = self.processes()
            for pid in there:
                os.kill(pid, signal.SIGKILL)
            error = call.communicate()[1]
            raise AssertionError(
                f"not ended after {LONGEST} seconds: {list(there.values())}\n{error}"
            ) from None
        return call.returncode, out, error

    def processes(self) -> dict[int, str]:
        """Every process that this folder's runs have started and that is still there: its command."""
        mark = f"{MARK}={self.mark}".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                alive = b") Z " not in (entry / "stat").read_bytes()
                if alive and mark in (entry / "environ").read_bytes().split(b"\0"):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(entry.name)] = command.decode(errors="replace")
            except OSError:
                continue
        return found

    def left(self, seconds: float = LONGEST / 5) -> list[str]:
        """The processes that are still there after a while: one that imports sees its parent's end afterwards."""
        until = time.monotonic() + seconds
        while (found := self.processes()) and time.monotonic() < until:
            time.sleep(0.05)
        return list(found.values())


@pytest.fixture(scope="session")
def make(collection):
    """make(root, *notebooks): a copy of the collection with these notebooks (default: all)."""

    def make(root: Path, *notebooks: str) -> Folder:
        shutil.copytree(collection.data, root / "data")
        shutil.copy(collection.root / "study.toml", root)
        for name in ("README.md", "CITATION.cff"):
            shutil.copy(collection.root / name, root)
        ignored = shutil.ignore_patterns("_build", "tests")
        shutil.copytree(collection.root / "site", root / "site", ignore=ignored)
        (root / "notebooks").mkdir()
        for path in collection.notebooks.glob("[0-9]*.ipynb"):
            if not notebooks or path.stem in notebooks:
                shutil.copy(path, root / "notebooks")
        return Folder(root)

    return make


# A year that turns no recount of a claim: the results under other choices hold for both folders.
TABLE, YEARS = "raw/article/table-04.csv", (b"2005,Kin", b"2006,Kin")


@pytest.fixture(scope="session")
def pair(make, tmp_path_factory):
    """pair(name, *notebooks): two settled folders that differ in one printed year, and their results."""
    kept = {}

    def pair(name: str, *notebooks: str) -> dict[str, tuple[Folder, dict[str, str]]]:
        if name not in kept:
            root = tmp_path_factory.mktemp(name)
            first = make(root / "first", *notebooks)
            code, _, error = first.run("reproduce")
            assert code == 0, error
            second = first.copy(root / "second")
            table = (second.root / "data" / TABLE).read_bytes()
            second.write(f"data/{TABLE}", table.replace(*YEARS))
            inputs.write(Study(second.root), inputs.current(Study(second.root)))
            code, _, error = second.run("reproduce")
            assert code == 0, error
            kept[name] = {
                "first": (first, first.results()),
                "second": (second, second.results()),
            }
        return kept[name]

    return pair
