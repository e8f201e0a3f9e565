"""The collection by other ways of running notebooks and by this one, side by side; the bars, met or not.

    python tools/bench.py [--only PART …] [--notebooks NAME …] [--rounds 3] [--points 400]
                           [--rows N …] [--snakemake PATH] [--ploomber FOLDER] [--json FILE]

Everything runs in a copy of the collection with its own copy of the library. In each round every way
has its turn, since a machine that others use is now slow, now fast. A part that is run alone replaces
its rows in the file and leaves the others. Times are those of the clock, from start to end of a
command, starting Python included; memory is that of all its processes together at its highest, shared
pages counted once.
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

import psutil

from nbproof.pipeline import recorded
from nbproof.study import Study, find

RESULT = "docs/benchmark.json"
NOTEBOOK = "02-timeline"  # of the sweep, and of the rows for one notebook
CHANGE = "year_to=2010"
GRID = {
    "lang": "en,tr",
    "region_scheme": "article_inferred,un_m49",
    "min_confidence": "none,low,medium,high",
    "year_to": "1997:2021",
}
CLI_POINTS = 5  # of the sweep by the papermill command line, a round
VERSIONS = ["pandas", "matplotlib", "geopandas", "papermill", "ipykernel", "nbconvert", "doit"]

ROWS = {
    "papermill-cli": "a loop of the papermill command line",
    "nbconvert": "a loop of jupyter nbconvert --execute",
    "snakemake": "Snakemake with papermill, all cores",
    "ploomber": "ploomber-engine, all notebooks in one process, without isolation",
    "ploomber-two": "ploomber-engine, two processes at once, a language each, without isolation",
    "reproduce": "diplolib reproduce --force",
    "cells": "the cells of all notebooks, one after the other, in forked kernels",
    "import": "one import of the stack",
    "lower-limit": "lower limit: cells divided by cores, and one import",
    "kernels": "start and end of all forked kernels, one after the other",
    "share-drawing": "of the cells: matplotlib's drawing, each figure once as pixels and once as SVG",
    "share-png": "of the cells: compressing pictures",
    "share-permutations": "of the cells: the regressions of the permutation test",
    "share-other": "of the cells: everything else",
    "one-papermill": "one notebook, one parameter changed: papermill's command",
    "one-nbconvert": "one notebook, one parameter changed: jupyter nbconvert --execute",
    "one-ploomber": "one notebook, one parameter changed: ploomber-engine, in its own process",
    "one-cold": "one notebook, one parameter changed: diplolib reproduce --cold",
    "one-warm": "one notebook, one parameter changed: diplolib reproduce",
    "one-cells": "one notebook: its cells in a forked kernel",
    "one-import": "one notebook: one import of its stack",
    "one-limit": "one notebook: one import of its stack and its cells",
    "import-nbformat": "python -c 'import nbformat', which papermill and nbconvert begin with",
    "import-nbformat-plain": "the same without the grammars of rfc3987-syntax",
    "nothing-changed": "diplolib reproduce, nothing changed",
    "import-pandas": "python -c 'import pandas'",
    "one-figure-changed": "diplolib reproduce, one figure's module changed",
    "sweep-point": "diplolib sweep, a point",
    "papermill-cli-point": "a loop of the papermill command line, a point",
    "sweep-memory-100": "memory of the sweep's process at point 100",
    "sweep-memory-400": "memory of the sweep's process at its last point",
}
# numerator, denominator, bar, and whether the ratio is to be at least or at most that
RATIOS = [
    ("papermill-cli", "reproduce", 6.5, "least"),
    ("snakemake", "reproduce", 4, "least"),
    ("ploomber-two", "reproduce", 1.5, "least"),
    ("one-warm", "one-papermill", 0.6, "most"),
    ("one-warm", "one-limit", 1.3, "most"),
    ("reproduce", "lower-limit", 1.5, "most"),
    ("nothing-changed", "import-pandas", 0.45, "most"),
    ("papermill-cli-point", "sweep-point", 8, "least"),
    ("sweep-memory-400", "sweep-memory-100", 1.03, "most"),
]


class Bench:
    """A copy of the collection, and what has been measured in it: row → one value a round."""

    def __init__(self, study: Study, root: Path, options: argparse.Namespace):
        for folder in ("data", "notebooks", "src"):
            shutil.copytree(
                study.root / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy2(study.root / "study.toml", root)  # names the study's own labels
        for path in (root / "notebooks").glob("[0-9]*.ipynb"):
            if options.notebooks and path.stem not in options.notebooks:
                path.unlink()
        self.root = root
        self.options = options
        self.rows: dict[str, list[float]] = {}
        self.titles = dict(ROWS)
        self.bars: list[dict] = []
        self.memory: dict[str, float] = {}
        self.said: list[str] = []
        self.peak = 0.0
        # A student's Python keeps what it has compiled, whatever this one is told.
        kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment = {
            **kept,
            "PYTHONPATH": str(root / "src"),
            "NBPROOF_OUTPUT": str(root / "other"),
        }
        self.runs = [
            (path.stem, language)
            for path in sorted((root / "notebooks").glob("[0-9]*.ipynb"))
            for language in ("en", "tr")
        ]

    def python(self, *arguments: str) -> float:
        return self.command(sys.executable, *arguments)

    def command(self, *call: str) -> float:
        """Seconds of a command that must not fail."""
        return self.together([*call])

    def together(self, *calls: list[str]) -> float:
        """Seconds of commands that run at once and must not fail."""
        started = time.perf_counter()
        running = [
            psutil.Popen(
                call, cwd=self.root, env=self.environment,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            for call in calls
        ]  # fmt: skip
        watcher = threading.Thread(target=self._watch, args=(running,))
        watcher.start()
        said = [process.communicate()[0] for process in running]
        seconds = time.perf_counter() - started
        watcher.join()
        for call, process, text in zip(calls, running, said, strict=True):
            if process.returncode:
                sys.exit(f"{' '.join(call)}\n{text[-4000:]}")
        return seconds

    def _watch(self, running: list[psutil.Popen]) -> None:
        """The most memory that these processes and all that they have started hold together."""
        while any(process.poll() is None for process in running):
            total = 0.0
            for process in running:
                with contextlib.suppress(psutil.Error):
                    total += sum(map(_held, [process, *process.children(recursive=True)]))
            self.peak = max(self.peak, total / 1e6)
            time.sleep(0.1)

    def papermill(self, name: str, parameters: dict) -> float:
        given = [text for pair in parameters.items() for text in ("-p", *pair)]
        file = f"notebooks/{name}.ipynb"
        options = ["--cwd", "notebooks", "-k", "python3", "--no-progress-bar"]
        return self.python("-m", "papermill", file, "other/out.ipynb", *given, *options)

    def add(self, row: str, value: float) -> None:
        self.rows.setdefault(row, []).append(round(value, 3))
        if self.peak:
            self.memory[row] = round(max(self.peak, self.memory.get(row, 0)), 1)
            self.peak = 0.0
        print(f"{row:<20} {value:8.2f}", flush=True)


def _held(process: psutil.Process) -> float:
    """Bytes of memory, of shared pages its part; where the system does not say, all of them."""
    try:
        found = process.memory_full_info()
        return getattr(found, "pss", found.rss)
    except psutil.Error:  # it has ended
        return 0.0


def collection(bench: Bench) -> None:
    """All notebooks in both languages, by each way."""
    (bench.root / "other").mkdir(exist_ok=True)
    prepared = _prepared(bench, bench.runs, {}, "prepared")
    snakemake = _snakefile(bench)
    for _ in range(bench.options.rounds):
        bench.add(
            "papermill-cli",
            sum(bench.papermill(name, {"lang": language}) for name, language in bench.runs),
        )
        execute = ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb"]
        bench.add("nbconvert", sum(bench.python(*execute, path) for path in prepared))
        if snakemake:
            bench.add("snakemake", bench.command(*snakemake))
        _in_process(bench)
        bench.add("reproduce", bench.python("-m", "diplolib", "reproduce", "--force"))
        _lower_limit(bench)
    if "ploomber" in bench.rows:
        other = _other_texts(bench)
        bench.said.append(
            "ploomber-engine runs all notebooks in the process that directs them: what one has imported "
            f"or set, the next one finds, and a crash ends all. Notebooks with other texts than in a "
            f"process of their own: {len(other)} of {len(bench.runs)}."
        )


def one(bench: Bench) -> None:
    """One notebook with one parameter changed, by each way: what a student waits for."""
    bench.python("-m", "diplolib", "reproduce", NOTEBOOK)
    name, value = CHANGE.split("=")
    (prepared,) = _prepared(bench, [(NOTEBOOK, "en")], {name: int(value)}, "changed")
    (bench.root / "other").mkdir(exist_ok=True)
    execute = ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb"]
    ours = ["-m", "diplolib", "reproduce", NOTEBOOK, "-p", CHANGE, "--output", "ours"]
    hidden = "import sys; sys.modules['rfc3987_syntax'] = None; import nbformat"
    for _ in range(bench.options.rounds):
        bench.add("one-papermill", bench.papermill(NOTEBOOK, {name: value}))
        bench.add("one-nbconvert", bench.python(*execute, prepared))
        if packages := _ploomber(bench):
            call = _in_process_call(packages, [f"{NOTEBOOK}.en:{CHANGE}"])
            bench.add("one-ploomber", bench.together(call))
        bench.add("one-cold", bench.python(*ours, "--cold"))
        bench.add("one-warm", bench.python(*ours))
        found = _cells(bench, f"{NOTEBOOK}:en")
        bench.add("one-cells", found["seconds"])
        bench.add("one-import", bench.python("-c", f"import {', '.join(found['modules'])}"))
        bench.add("one-limit", bench.rows["one-cells"][-1] + bench.rows["one-import"][-1])
        bench.add("import-nbformat", bench.python("-c", "import nbformat"))
        bench.add("import-nbformat-plain", bench.python("-c", hidden))


def _ploomber(bench: Bench) -> str | None:
    """Where ploomber-engine is installed, or nothing."""
    found = sorted(Path(bench.options.ploomber).glob("lib/python*/site-packages/ploomber_engine"))
    if not found:
        print(f"no ploomber-engine in {bench.options.ploomber}: left out", file=sys.stderr)
        return None
    return str(found[0].parent.resolve())


def _in_process_call(packages: str, runs: list[str]) -> list[str]:
    script = str(Path(__file__).with_name("in_process.py"))
    return [sys.executable, script, packages, "ploomber", *runs]


def _in_process(bench: Bench) -> None:
    packages = _ploomber(bench)
    if not packages:
        return
    runs = [f"{name}.{language}" for name, language in bench.runs]
    # Last, so that the texts compared are those of one process.
    halves = [_in_process_call(packages, runs[first::2]) for first in (0, 1)]
    bench.add("ploomber-two", bench.together(*halves))
    bench.add("ploomber", bench.together(_in_process_call(packages, runs)))


def _other_texts(bench: Bench) -> list[str]:
    """The notebooks that show other texts by ploomber-engine than in a process of their own."""
    other = []
    for name, language in bench.runs:
        folder = "notebooks" if language == "en" else f"build/{language}"
        paths = [f"{folder}/{name}.ipynb", f"ploomber/{name}.{language}.ipynb"]
        own, shared = (_texts(json.loads((bench.root / path).read_bytes())) for path in paths)
        if own != shared:
            other.append(f"{name} ({language})")
    return other


def _texts(content: dict) -> list[str]:
    """What the code cells show in words, cell by cell."""
    return [
        "".join(
            "".join(text)
            for output in cell["outputs"]
            for kind, text in {"text": output.get("text", ""), **output.get("data", {})}.items()
            if kind.startswith("text") and "<Figure" not in "".join(text)
        )
        for cell in content["cells"]
        if cell["cell_type"] == "code"
        and "injected-parameters" not in cell["metadata"].get("tags", [])
    ]


def _cells(bench: Bench, *steps: str) -> dict:
    """What tools/cells.py says of the cells."""
    call = [sys.executable, str(Path(__file__).with_name("cells.py")), str(bench.root), *steps]
    done = subprocess.run(
        call, cwd=bench.root, env=bench.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _prepared(bench: Bench, runs: list[tuple], given: dict, folder: str) -> list[str]:
    """The notebooks as nbconvert can run them: it takes no parameters."""
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    paths = []
    for name, language in runs:
        content = load_notebook_node(str(bench.root / "notebooks" / f"{name}.ipynb"))
        content = parameterize_notebook(content, {"lang": language, **given})
        paths.append(f"{folder}/{name}.{language}.ipynb")
        (bench.root / folder).mkdir(exist_ok=True)
        nbformat.write(content, bench.root / paths[-1])
    return paths


def _snakefile(bench: Bench) -> list[str]:
    """What runs all of it under Snakemake, or nothing where it is not installed."""
    program = shutil.which(bench.options.snakemake)
    if not program:
        print(f"no {bench.options.snakemake}: its row is left out", file=sys.stderr)
        return []
    runs = [f"snake/{name}.{language}.ipynb" for name, language in bench.runs]
    (bench.root / "Snakefile").write_text(
        f"rule all:\n    input: {runs!r}\n"
        'rule run:\n    output: "snake/{name}.{language}.ipynb"\n'
        f'    shell: "{shlex.quote(sys.executable)} -m papermill notebooks/{{wildcards.name}}.ipynb {{output}}'
        ' -p lang {wildcards.language} --cwd notebooks -k python3 --no-progress-bar"\n'
    )
    return [os.path.abspath(program), "--cores", "all", "--forceall", "--quiet", "all"]


def _lower_limit(bench: Bench) -> None:
    found = _cells(bench)
    bench.add("cells", found["seconds"])
    bench.add("import", bench.python("-c", f"import {', '.join(found['modules'])}"))
    limit = bench.rows["cells"][-1] / os.cpu_count() + bench.rows["import"][-1]
    bench.add("lower-limit", limit)
    bench.add("kernels", found["kernels"])
    for share, seconds in found["shares"].items():
        bench.add(f"share-{share}", seconds)


def changes(bench: Bench) -> None:
    """What a change costs, and none."""
    reproduce = ["-m", "diplolib", "reproduce"]
    bench.python(*reproduce)
    figure = bench.root / "src/diplolib/figures/timeline.py"
    for _ in range(bench.options.rounds):
        bench.add("nothing-changed", bench.python(*reproduce))
        bench.add("import-pandas", bench.python("-c", "import pandas"))
        figure.write_text(figure.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
        bench.add("one-figure-changed", bench.python(*reproduce))


def sweep(bench: Bench) -> None:
    """A sweep of many points: seconds a point, and the memory of the process that directs it."""
    bench.python("-m", "diplolib", "clean")
    (bench.root / "other").mkdir(exist_ok=True)
    years = [str(year) for year in range(1997, 1997 + CLI_POINTS)]
    grid = dict(GRID)
    if bench.options.points < 400:  # 16 points a year
        grid["year_to"] = f"1997:{1996 + max(1, bench.options.points // 16)}"
    call = [sys.executable, "-m", "diplolib", "sweep", NOTEBOOK, "--output", "swept"]
    call += [f"--over={name}={values}" for name, values in grid.items()]
    for _ in range(bench.options.rounds):
        seconds = sum(bench.papermill(NOTEBOOK, {"year_to": year}) for year in years)
        bench.add("papermill-cli-point", seconds / len(years))
        shutil.rmtree(bench.root / "swept", ignore_errors=True)
        started = time.perf_counter()
        with open(bench.root / "said.txt", "w") as said:
            process = psutil.Popen(call, cwd=bench.root, env=bench.environment, stderr=said)
        memory = _memory(process, bench.root / "swept")
        if process.wait():
            sys.exit((bench.root / "said.txt").read_text())
        there = len(list((bench.root / "swept").glob("*/point.json")))
        bench.add("sweep-point", (time.perf_counter() - started) / there)
        if there > 100:
            bench.add("sweep-memory-100", memory[100])
            bench.add("sweep-memory-400", memory[max(memory)])


def _memory(process: psutil.Popen, folder: Path) -> dict[int, float]:
    """Megabytes by the number of points that are there, as first seen."""
    found: dict[int, float] = {}
    while process.poll() is None:
        there = sum("=" in name for name in os.listdir(folder)) if folder.exists() else 0
        try:
            megabytes = process.memory_info().rss / 1e6
        except psutil.Error:
            break
        # Several may come at once: what is seen at 101 stands for 100 too.
        for number in range(max(found, default=-1) + 1, there + 1):
            found[number] = megabytes
        time.sleep(0.02)
    return found


def scale(bench: Bench) -> None:
    """The rows of tools/scale.py, if this collection has it."""
    tool = Path(__file__).with_name("scale.py")
    if not tool.exists():
        print("no tools/scale.py: its rows are left out", file=sys.stderr)
        return
    result = bench.root / "scale.json"
    rows = ["--rows", *map(str, bench.options.rows)] if bench.options.rows else []
    rounds = ["--rounds", str(bench.options.rounds)]
    bench.python(str(tool), *rows, *rounds, "--json", str(result))
    found = json.loads(result.read_text())
    for step, seconds in found["seconds"].items():
        for rows, value in seconds.items():
            bench.titles[f"scale-{step}-{rows}"] = f"{step}, {int(rows):,} agreements, one core"
            bench.add(f"scale-{step}-{rows}", value)
    bench.bars += [
        {
            "name": f"scale-{number}",
            "title": bar["what"],
            "value": bar["got"],
            "bar": bar["at_most"],
            "at": "most",
            "met": bar["met"],
        }
        for number, bar in enumerate(found["bars"])
    ]


PARTS = {"collection": collection, "one": one, "changes": changes, "sweep": sweep, "scale": scale}


def report(bench: Bench, study: Study, kept: dict) -> dict:
    """What goes into the file: this run's rows in the place of the earlier ones."""
    today = datetime.date.today().isoformat()
    earlier = {"measured": kept.get("measured", today)}
    rows = {row["name"]: earlier | row for row in kept.get("rows", [])}
    for name, values in bench.rows.items():
        rows[name] = {
            "name": name,
            "title": bench.titles[name],
            "measured": today,
            "unit": "MB" if "memory" in name else "s",
            "seconds": values,
            "median": round(statistics.median(values), 3),
        }
        if name in bench.memory:
            rows[name]["peak_mb"] = bench.memory[name]
    ratios = [ratio for ratio in kept.get("ratios", []) if ratio["name"].startswith("scale")]
    ratios = bench.bars or ratios
    for over, under, bar, at in RATIOS:
        if over in rows and under in rows:
            value = rows[over]["median"] / rows[under]["median"]
            met = value >= bar if at == "least" else value <= bar
            name = f"{over}/{under}"
            title = f"{ROWS[over]} / {ROWS[under]}"
            ratios.append({"name": name, "title": title, "value": round(value, 3), "bar": bar, "at": at, "met": met})  # fmt: skip
    return {
        "state": recorded.state(study),
        "measured": today,
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        },
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in VERSIONS},
        "rounds": bench.options.rounds,
        "notebooks": len(bench.runs),
        "rows": list(rows.values()),
        "ratios": ratios,
        "notes": _notes({name: row["median"] for name, row in rows.items()}, bench),
    }


def _notes(medians: dict[str, float], bench: Bench) -> list[str]:
    load = bench.options.load
    notes = [
        f"Load of the machine before the last run, other work included: {load:.1f}.",
        *bench.said,
    ]
    if "lower-limit" in medians:
        said = [
            f"{ROWS[name]} / lower limit: {medians[name] / medians['lower-limit']:.1f}"
            for name in ("papermill-cli", "snakemake")
            if name in medians
        ]
        notes.append(
            f"What no way of running can go beyond, with these notebooks' own work: {'; '.join(said)}."
        )
    if {"papermill-cli", "reproduce", "import-nbformat"} <= medians.keys():
        grammars = medians["import-nbformat"] - medians["import-nbformat-plain"]
        loop = medians["papermill-cli"] - len(bench.runs) * grammars
        notes.append(
            f"Each of papermill's commands compiles grammars of web addresses for {grammars:.1f} s "
            "(rfc3987-syntax, which the locks hold; an environment without it does not). Without that its "
            f"loop would take {loop:.0f} s, {loop / medians['reproduce']:.1f} times as long as here."
        )
    return notes


def show(found: dict) -> None:
    print("\n" + "  ".join(f"{name} {value}" for name, value in found["machine"].items()))
    print("  ".join(f"{name} {value}" for name, value in found["versions"].items()) + "\n")
    for row in found["rows"]:
        memory = f"{row['peak_mb']:7.0f} MB" if "peak_mb" in row else " " * 10
        print(f"{row['median']:9.2f} {row['unit']:<3} {memory}  {row['title']}")
    print()
    for ratio in found["ratios"]:
        bar = f"at {ratio['at']} {ratio['bar']}"
        said = "met" if ratio["met"] else "NOT MET"
        print(f"{ratio['value']:9.2f} {bar:<14} {said:<8} {ratio['title']}")
    print("\n".join(["", *found["notes"]]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=PARTS, help="default: every part")
    parser.add_argument("--notebooks", nargs="+", help="of the collection: only these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=400, help="of the sweep")
    parser.add_argument("--rows", type=int, nargs="+", help="of the data-scale rows")
    parser.add_argument("--snakemake", default="snakemake", help="the program (default: found)")
    parser.add_argument("--ploomber", default="build/bench", help="ploomber-engine's environment")
    parser.add_argument("--json", type=Path, help=f"default: {RESULT}")
    options = parser.parse_args()
    study = find(__file__)
    options.load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    file = options.json or study.root / RESULT
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(study, Path(folder).resolve(), options)
        for name in options.only or PARTS:
            PARTS[name](bench)
        found = report(bench, study, json.loads(file.read_text()) if file.exists() else {})
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    show(found)


if __name__ == "__main__":
    main()
