"""Run one part of `make soak` and record what it found in tests/soak-results.md.

    python tools/soak.py NAME COMMAND [ARGUMENT ...]

The part's section holds date, machine and versions, the command, how long it took, its exit code, every
line of its output that begins with "- ", and its last line. It takes the place of an earlier section of
that name. The exit code is the command's.
"""

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from nbproof.pipeline import recorded
from nbproof.study import Study

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "soak-results.md"
HEAD = "# What `make soak` has found\n\nEach part replaces its section when it is run again.\n"
RELEASES = ["pandas", "matplotlib", "papermill", "doit", "hypothesis", "pytest"]


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"


def section(name: str, command: list[str], code: int, seconds: float, output: list[str]) -> str:
    found = [line for line in output if line.startswith("- ")]
    last = next((line for line in reversed(output) if line.strip()), "no output")
    releases = ", ".join(f"{name} {version(name)}" for name in RELEASES)
    return "\n".join(
        [
            f"## {name}\n",
            f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; Python {platform.python_version()}, {releases}.",
            f"{recorded.sentence(Study(ROOT))}\n",
            f"`{' '.join(command)}`: {seconds / 60:.1f} minutes, exit code {code}.\n",
            *found,
            *(["", f"    {last.strip('= ')}"]),
            "",
        ]
    )


def record(name: str, text: str) -> None:
    """Put a section in its place, other parts' sections untouched."""
    content = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    parts = re.split(r"(?m)^(?=## )", content)
    parts = [part for part in parts if part.partition("\n")[0] != f"## {name}"]
    RESULTS.write_text("\n".join(part.rstrip("\n") + "\n" for part in [*parts, text]), "utf-8")


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    name, *command = sys.argv[1:]
    started = time.monotonic()
    output = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as call:
        for line in call.stdout:
            print(line, end="", flush=True)
            output.append(line.rstrip())
    shown = [Path(word).name if word.startswith(str(RESULTS.anchor)) else word for word in command]
    record(name, section(name, shown, call.returncode, time.monotonic() - started, output))
    return call.returncode


if __name__ == "__main__":
    sys.exit(main())
