"""The same bytes on every other Python that pyproject.toml names: a fresh clone for each, run and verified.

    python tools/pythons.py      # = make pythons

Ends with an error if a Python is missing, a step fails, or a run changes a committed file.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from python_bounds import allowed

ROOT = Path(__file__).parents[1]
CLONES = ROOT / "build" / "pythons"
STEPS = [
    ["make", "--silent", ".venv/.core", "PYTHON={python}"],
    [".venv/bin/diplolib", "reproduce", "--force"],
    [".venv/bin/diplolib", "verify", "--quick"],
]


def find(version: str) -> str | None:
    """A Python that runs: on the path, or among pyenv's."""
    pyenv = shutil.which("pyenv")
    root = Path.home() / ".pyenv"
    if pyenv:
        root = Path(subprocess.run([pyenv, "root"], capture_output=True, text=True).stdout.strip())
    installed = sorted((root / "versions").glob(f"{version}.*/bin/python{version}"))
    for candidate in filter(None, [shutil.which(f"python{version}"), *installed]):
        # What pyenv puts on the path is a name that may lead nowhere.
        code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
        said = subprocess.run([candidate, "-c", code], capture_output=True, text=True)
        if said.stdout.strip() == version:
            return str(candidate)
    return None


def check(version: str, python: str) -> None:
    """Ends the program if this Python gives other bytes."""
    clone = CLONES / version
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    for step in STEPS:
        command = [part.format(python=python) for part in step]
        done = subprocess.run(command, cwd=clone, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"Python {version}: {' '.join(command)} failed.\n{done.stdout}{done.stderr}")
    status = ["git", "status", "--porcelain"]
    changed = subprocess.run(status, cwd=clone, capture_output=True, text=True, check=True).stdout
    if changed:
        sys.exit(f"Python {version} gives other bytes than are committed, in {clone}:\n{changed}")


def main() -> None:
    here = sys.version_info.minor
    found = {f"3.{minor}": find(f"3.{minor}") for minor in allowed() if minor != here}
    missing = [version for version, python in found.items() if python is None]
    if missing:
        sys.exit(f"Not found, neither on the path nor in pyenv: Python {', '.join(missing)}.")
    for version, python in found.items():
        started = time.monotonic()
        check(version, python)
        seconds = time.monotonic() - started
        print(f"Python {version}: the committed bytes, verified ({seconds:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
