"""Tamper with everything in a copy of the collection, and see whether `verify` says so.

    python tests/tamper/suite.py                 every tampering, through verify --quick
    python tests/tamper/suite.py --full          outputs, and some sources, with their checksums written
                                                 anew, so that nothing but a fresh run can tell
    python tests/tamper/suite.py --record FILE   add the counts to a Markdown file

Exit code 1 if one is not caught: not seen, or not named by file and place.
"""

import argparse
import functools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from tamperings import INPUTS, Tampering, every

from nbproof import study, verify
from nbproof.pipeline import checksums, recorded
from nbproof.verify import data, figures, versions, wording

PARTS = ["data", "notebooks", "figures", "src"]
FILES = ["*.lock", "*.toml", "checksums.json", "codecheck.yml"]


def copied(here: study.Study, root: Path) -> study.Study:
    """What `verify` looks at, in another place."""
    for part in PARTS:
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(here.root / part, root / part, ignore=without)
    for pattern in FILES:
        for path in here.root.glob(pattern):
            shutil.copy(path, root / path.name)
    return study.Study(root)


@contextmanager
def changed(here: study.Study, tampering: Tampering) -> Iterator[None]:
    """The file tampered with; as it was afterwards."""
    path = here.root / tampering.file
    before = path.read_bytes() if path.exists() else None
    after = tampering.change(before)
    assert after != before, tampering.name
    path.write_bytes(after)
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_bytes(before)


@contextmanager
def signed(here: study.Study, name: str) -> Iterator[None]:
    """`checksums.json` with the file's checksum as it is now."""
    path = here.root / recorded.NAME
    before = path.read_bytes()
    recorded.write(here, recorded.current(here, [name]), complete=False)
    try:
        yield
    finally:
        path.write_bytes(before)


def caught(result: verify.Result, tampering: Tampering) -> bool:
    """Whether a failed check names the file and, where there is one, the place."""
    place = (tampering.fresh if not result.quick else "") or tampering.place
    return any(f.file == tampering.file and place in f.where for f in result.failed)


def run(
    here: study.Study,
    tamperings: list[Tampering],
    look: Callable[[study.Study], verify.Result],
    sign: bool = False,
) -> list[tuple[Tampering, bool]]:
    """Each tampering with whether it was caught; `look` verifies.

    sign: write the file's checksum anew after each change.
    """
    assert look(here).failed == [], "the collection itself is not as its last run has left it"
    results = []
    for tampering in tamperings:
        with changed(here, tampering), signed(here, tampering.file) if sign else nullcontext():
            results.append((tampering, caught(look(here), tampering)))
    return results


@contextmanager
def remembering() -> Iterator[None]:
    """What was found of the same bytes is not looked for again: of hundreds of files one is changed."""

    def kept(function, *folders):
        known = {}

        def remembered(here, *more):
            files = sorted(p for f in folders for p in here.root.glob(f) if p.is_file())
            key = (repr(more), *((path, checksums.exact(path)) for path in files))
            if key not in known:
                found = function(here, *more)
                known[key] = found if isinstance(found, tuple) else list(found)
            return known[key]

        return remembered

    def by_stamp(function):
        known = functools.lru_cache(maxsize=None)(lambda path, stamp: function(path))
        return lambda path: known(path, tuple(checksums.stamp(path)))

    tables, locks = ("data/**/*",), ("*.lock", "pyproject.toml")
    sources = ("data/raw/**/*", "data/reference/**/*", "data/processed/*.json")
    plotted = ("figures/*.csv", "data/processed/agreements.csv")
    with (
        mock.patch.object(figures, "counts", kept(figures.counts, *plotted)),
        mock.patch.object(checksums, "exact", by_stamp(checksums.exact)),
        mock.patch.object(recorded, "parts", by_stamp(recorded.parts)),
        mock.patch.object(data, "sources", kept(data.sources, *tables)),
        mock.patch.object(data, "compute", kept(data.compute, *sources)),
        mock.patch.object(wording, "check", kept(wording.check, "src/*/labels/*/*")),
        mock.patch.object(versions, "locks", kept(versions.locks, *locks)),
        mock.patch.object(versions, "installed", kept(versions.installed, *locks)),
    ):
        yield


def against_a_fresh_run(here: study.Study, folder: Path) -> Callable[[study.Study], verify.Result]:
    """A full verification whose fresh run, which outputs cannot change, is made once."""
    from nbproof.verify import fresh

    copy = fresh.copy(here, folder / "fresh")
    names = [path.stem for path in here.notebooks.glob("[0-9]*.ipynb")]
    assert fresh.run(copy, names, lambda *step: None, print) == []

    def look(tampered: study.Study) -> verify.Result:
        result = verify.quick(tampered)
        result.quick = False
        verify.compare(tampered, result, copy, folder / "differences")
        return result

    return look


def inputs(here: study.Study, folder: Path) -> list[tuple[Tampering, bool]]:
    """What results are made from, changed and signed: a run with the changed code has to tell."""
    results = []
    for kind, (name, one, other, named) in INPUTS.items():
        tampering = Tampering(f"{kind}, signed", name, "", _replacing(one, other), output=False)
        with changed(here, tampering), resigned(here):
            found = folder / "found.json"
            command = ["verify", "--only", "02-timeline", "--json", str(found)]
            subprocess.run(
                [sys.executable, "-m", "diplolib", *command, "--report", str(folder / "form")],
                cwd=here.root, env={**os.environ, "PYTHONPATH": str(here.root / "src")},
                capture_output=True, check=False,
            )  # fmt: skip
            failed = json.loads(found.read_text(encoding="utf-8"))["findings"]
            results.append((tampering, named in {finding["file"] for finding in failed}))
    return results


def _replacing(one: bytes, other: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(one, other, 1)


@contextmanager
def resigned(here: study.Study) -> Iterator[None]:
    """Every checksum as the files are now, those of the sources' packages too."""
    packages = list((here.data / "raw").glob("*/datapackage.json"))
    before = {path: path.read_bytes() for path in [*packages, here.root / recorded.NAME]}
    for package in packages:
        text = package.read_text(encoding="utf-8")
        for entry in json.loads(text)["resources"]:
            if "hash" in entry:
                now = "sha256:" + checksums.exact(package.parent / entry["path"])
                text = text.replace(entry["hash"], now)
        package.write_text(text, encoding="utf-8")
    recorded.write(here, recorded.current(here, recorded.read(here)["made"]), complete=True)
    try:
        yield
    finally:
        for path, data in before.items():
            path.write_bytes(data)


def table(results: list[tuple[Tampering, bool]]) -> list[str]:
    kinds = dict.fromkeys(tampering.kind for tampering, _ in results)
    lines = ["| kind | caught | tried |", "|---|---|---|"]
    for kind in kinds:
        seen = [was for tampering, was in results if tampering.kind == kind]
        lines.append(f"| {kind} | {sum(seen)} | {len(seen)} |")
    lines.append(f"| all | {sum(was for _, was in results)} | {len(results)} |")
    return lines


def record(file: Path, title: str, lines: list[str]) -> None:
    """Put a section into a Markdown file, in the place of the one with the same title."""
    text = file.read_text(encoding="utf-8") if file.exists() else "# Results of `make soak`"
    head, *sections = (part.strip() for part in text.split("\n## "))
    kept = {part.partition("\n")[0]: part for part in sections}
    kept[title] = "\n".join([title, "", *lines]).strip()
    file.write_text("\n\n## ".join([head, *kept.values()]) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--full", action="store_true", help="against a fresh run")
    parser.add_argument("--kind", action="append", default=[], help="only this kind")
    parser.add_argument("--step", type=int, default=1, help="only one of so many")
    parser.add_argument("--start", type=int, help="the first of them (default: by chance)")
    parser.add_argument("--record", type=Path, metavar="FILE", help="add the counts to this file")
    options = parser.parse_args()
    started = time.monotonic()
    start = random.randrange(options.step) if options.start is None else options.start
    here = study.find(__file__)
    with tempfile.TemporaryDirectory(prefix="diplolib-tamper-") as folder, remembering():
        copy = copied(here, Path(folder) / "study")
        chosen = [t for t in every(copy) if not options.kind or t.kind in options.kind]
        if options.full:
            look = against_a_fresh_run(copy, Path(folder))
            chosen = [tampering for tampering in chosen if tampering.output]
        else:
            look = verify.quick
        results = run(copy, chosen[start :: options.step], look, sign=options.full)
        if options.full:
            results += inputs(copy, Path(folder))
    lines = table(results)
    missed = [f"- not caught: {tampering.name}" for tampering, was in results if not was]
    how = "a fresh run alone, checksums written anew" if options.full else "`verify --quick`"
    environment = verify.versions.environment()
    facts = [
        f"Through {how}; {time.strftime('%Y-%m-%d')}, {time.monotonic() - started:.0f} s.",
        ", ".join(f"{name} {value}" for name, value in environment.items()) + ".",
        recorded.sentence(here),
        "",
    ]
    if options.step > 1:
        facts.insert(0, f"A sample: --step {options.step} --start {start} tries the same again.")
    print("\n".join([*lines, *missed, *facts]))
    if options.record:
        title = "Signed tamperings against a fresh run" if options.full else "Tamperings"
        record(options.record, title, [*facts, *lines, *missed])
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
