"""Break the library's own logic in thousands of small ways: its tests must notice (`make mutants`).

    python tools/mutants.py run [--sample N] [ROOM ...]   in build/mutants/, continued where it was stopped
    python tools/mutants.py report [--write FILE]         killed and tried by room, and the survivors

mutmut changes one expression at a time and leaves out decorated functions; the functions of the ledger
are decorated, so the copy that it works on registers them after their definition instead. A sample is
drawn with a fixed seed, and a larger one holds every smaller one.
"""

import argparse
import ast
import collections
import importlib.metadata
import json
import math
import os
import platform
import random
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from nbproof.pipeline import recorded
from nbproof.study import Study

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutants"
# What a test may read, beside the library and the tests
COPIED = ["data", "notebooks", "figures", "README.md", "README.tr.md", "CITATION.cff"]
BAR = 0.85


def plotting() -> str:
    """Pattern of the functions that make what figures plot: each `table()`, and what it calls there."""
    patterns = [r"totals\.x_(rows|region_of)__"]
    for path in sorted((ROOT / "src").glob("*/figures/*.py")):
        functions = {
            node.name: {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
        }
        found, waiting = set(), {"table"} & set(functions)
        while waiting:
            found |= waiting
            waiting = set().union(*(functions[name] for name in waiting)) & set(functions) - found
        if found:
            patterns.append(rf"{path.stem}\.x_({'|'.join(sorted(found))})__")
    return rf"(?:diplolib|ankara)\.figures\.({'|'.join(patterns)})"


# The logic behind every number, as patterns of mutmut's names; figures count by what they plot.
ROOMS = {
    "regions": r"diplolib\.regions\.",
    "panel": r"diplolib\.panel\.",
    "figures": plotting(),
    "cleaning": r"ankara\.cleaning\.",
    "claims": r"ankara\.claims\.",
}
SETTINGS = f"""
[tool.mutmut]
source_paths = ["src"]
only_mutate = [
    "src/ankara/cleaning/*.py", "src/diplolib/regions.py", "src/diplolib/panel.py",
    "src/ankara/claims/*.py", "src/*/figures/*.py",
]
also_copy = {json.dumps(COPIED)}
use_git_change_detection = false
process_isolation = "forkserver"
preload_modules_file = "preload.txt"
timeout_constant = 10.0
timeout_multiplier = 4.0
pytest_add_cli_args = [
    "-p", "tests.mutants.shared", "-p", "no:nbval", "-p", "no:cacheprovider", "--assert=plain", "--tb=no",
    # They collect garbage three times at the end of a run, which takes longer than most tests.
    "-p", "no:unraisableexception", "-p", "no:threadexception",
]
pytest_add_cli_args_test_selection = [
    "tests/mutants", "tests/cleaning", "tests/figures", "tests/test_regions.py", "tests/test_panel.py",
    "tests/test_claims.py", "tests/test_claims_made.py", "tests/test_claims_command.py",
    "tests/test_data.py",
]
"""
PRELOADED = [
    "pandas",
    "seaborn",
    "geopandas",
    "scipy.stats",
    "statsmodels.api",
    "hypothesis",
    "IPython",
]
# The ledger is built on import: there each mutant imports the library anew, elsewhere all share it.
WARMUP = {"claims": "import"}
BATCH = 500
# Exit codes of a mutant's tests that mean it was noticed: a test failed, pytest broke, time ran out
TIMED_OUT = {24, -24, 36, 152}
KILLED = {1, 3, 255, *TIMED_OUT}


def prepare(room: str) -> None:
    """Bring the copy up to date; what mutmut has found so far stays, and it sees what has changed."""
    # Python looks for the library here from its start and would remember that there was nothing.
    mutated = COPY / "mutants" / "src"
    mutated.mkdir(parents=True, exist_ok=True)
    for name in [*COPIED, "src", "tests"]:
        source, target = ROOT / name, COPY / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    for path in (COPY / "src" / "ankara" / "claims").glob("*.py"):
        times = path.stat()
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    # mutmut copies what is not there yet, and neither changes nor deletes what is.
    shutil.copytree(
        COPY / "src", mutated, ignore=shutil.ignore_patterns("*.py"), dirs_exist_ok=True
    )
    shutil.rmtree(COPY / "mutants" / "tests", ignore_errors=True)
    (COPY / "preload.txt").write_text("\n".join(PRELOADED), encoding="utf-8")
    pytest = re.search(r"\[tool\.pytest.*?(?=\n\[|\Z)", (ROOT / "pyproject.toml").read_text(), re.S)
    warmup = f'forkserver_warmup = "{WARMUP.get(room, "collect")}"\n'
    (COPY / "pyproject.toml").write_text(pytest.group() + SETTINGS + warmup, encoding="utf-8")


def undecorated(source: str) -> str:
    """Each `@decorator` of a module's own functions, called after the function instead."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        calls = [
            f"{node.name} = ({ast.unparse(decorator)})({node.name})"
            for decorator in reversed(node.decorator_list)
        ]
        first = min(decorator.lineno for decorator in node.decorator_list) - 1
        lines[first : node.end_lineno] = [*lines[node.lineno - 1 : node.end_lineno], *calls]
    return "\n".join(lines) + "\n"


def run(rooms: list[str], sample: int | None, again: bool, children: int) -> int:
    for room in rooms or ROOMS:
        prepare(room)
        if not results():  # the first call makes all mutants
            mutmut(["diplolib.regions.*"], children)
        names = chosen(room, results())
        drawn = random.Random(room).sample(sorted(names), len(names))[:sample]
        waiting = [
            name
            for name in drawn
            if names[name] is None or (again and names[name] not in KILLED - TIMED_OUT)
        ]
        for start in range(0, len(waiting), BATCH):
            mutmut(waiting[start : start + BATCH], children)
    return 0


def mutmut(names: list[str], children: int) -> None:
    # The copy's library, not the installed one; with its mutants it is large, and compiled only once.
    given = os.environ | {"PYTHONPATH": str(COPY / "mutants" / "src")}
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    call = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
    subprocess.run(call, cwd=COPY, env=given, check=True)


def results() -> dict[str, int | None]:
    """Each mutant's exit code by its name; None: not run."""
    codes = {}
    for path in sorted((COPY / "mutants").rglob("*.meta")):
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def chosen(room: str, codes: dict) -> dict[str, int | None]:
    return {name: code for name, code in codes.items() if re.match(ROOMS[room], name)}


def interval(killed: int, tried: int, of: int) -> str:
    """Where the share of all lies, were all tried: 95 % (Wilson, narrower the more were tried)."""
    z2 = 1.96**2 * (of - tried) / max(1, of - 1)
    middle = (killed + z2 / 2) / (tried + z2)
    half = math.sqrt(z2 * killed * (tried - killed) / tried + z2**2 / 4) / (tried + z2)
    return f"{middle - half:.0%}–{middle + half:.0%}"


def report(file: Path | None) -> int:
    """Print it; exit code 1 where a room is below the bar or was not run."""
    codes = results()
    lines = [
        "| room | mutants | tried | killed | of these by time | share | 95 % interval |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    survivors = collections.defaultdict(list)
    good = True
    for room in ROOMS:
        names = chosen(room, codes)
        tried = {name: code for name, code in names.items() if code is not None}
        killed = sum(code in KILLED for code in tried.values())
        late = sum(code in TIMED_OUT for code in tried.values())
        good &= bool(tried) and killed >= BAR * len(tried)
        share = f"{killed / len(tried):.1%}" if tried else "–"
        between = "all tried" if len(tried) == len(names) else "–"
        if 0 < len(tried) < len(names):
            between = interval(killed, len(tried), len(names))
        lines.append(
            f"| {room} | {len(names)} | {len(tried)} | {killed} | {late} | {share} | {between} |"
        )
        for name in (name for name, code in tried.items() if code not in KILLED):
            function, _, number = name.partition("__mutmut_")
            survivors[function.removeprefix("diplolib.").replace(".x_", ".")].append(number)
    lines += [
        "",
        f"Bar: {BAR:.0%} in each room. Where not all mutants were tried, those that were are a random "
        "sample (seed: the room's name).",
        "",
        "Survivors by function, as mutmut numbers them:",
        "",
    ]
    lines += [f"- `{function}`: {', '.join(numbers)}" for function, numbers in survivors.items()]
    print("\n".join(lines))
    if file:
        releases = ", ".join(
            f"{name} {importlib.metadata.version(name)}" for name in ("mutmut", "pytest", "pandas")
        )
        where = (
            f"{date.today()}; {platform.system()} {platform.machine()}, {os.cpu_count()} cores; "
            f"Python {platform.python_version()}; {releases}"
        )
        state = recorded.sentence(Study(ROOT))
        text = "\n".join([f"# Mutants of the library's logic\n\n{where}\n{state}\n", *lines])
        file.write_text(text + "\n", encoding="utf-8")
    return 0 if good else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("run")
    one.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    one.add_argument("--sample", type=int, metavar="N", help="only so many mutants of a room")
    one.add_argument("--max-children", type=int, default=os.cpu_count())
    one.add_argument(
        "--again", action="store_true", help="survivors, and what ran out of time, too"
    )
    one.set_defaults(
        call=lambda options: run(options.rooms, options.sample, options.again, options.max_children)
    )
    other = commands.add_parser("report")
    other.add_argument("--write", type=Path, metavar="FILE")
    other.set_defaults(call=lambda options: report(options.write))
    options = parser.parse_args()
    return options.call(options)


if __name__ == "__main__":
    sys.exit(main())
