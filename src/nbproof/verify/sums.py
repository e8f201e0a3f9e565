"""Every committed result and source against the checksums of the last complete run."""

import json
from collections.abc import Iterator
from pathlib import Path

from nbproof.pipeline import collection, recorded
from nbproof.study import STRAY, Study, StudyError, command_line
from nbproof.verify.finding import REPORT, Finding

# Where results lie; a file that is there and was made by nobody is a finding too. A module beside the
# notebooks would be imported by them.
RESULTS = ("data/processed/*", "figures/*", "notebooks/**/*")


# Published records that `make record` does not make
MADE_BY = {"benchmark": "bench", "soak-results": "soak", "mutants-results": "mutants"}


def strays(study: Study) -> Iterator[Finding]:
    """Links out of the study: nothing else is looked at before they are gone."""
    for name in study.strays():
        yield Finding("links", name, "", STRAY, f"ls -l {name}")


def check(study: Study) -> Iterator[Finding]:
    try:
        known = recorded.read(study)
    except StudyError as error:
        yield Finding("checksums", recorded.NAME, "", str(error), command_line("reproduce"))
        return
    sources = recorded.sources(study)
    beside = {study.name(path): line for path, line in collection.others(study).items()}
    for name, line in beside.items():
        if name not in known["made"]:
            said, _, command = line.removeprefix(f"{name}: ").partition("; into output/: ")
            yield Finding("notebooks", name, "", said, command, severity=REPORT)
    results = {study.name(path) for pattern in RESULTS for path in _seen(study, pattern)}
    made = recorded.current(study, (results - sources.keys() - beside.keys()) | set(known["made"]))
    yield from _compare(
        known["made"], made, "nothing makes this file", "as the last run has left it"
    )
    yield from _compare(
        known["from"], sources, "no run has read this file", "as the last complete run has read it"
    )


def records(study: Study) -> Iterator[Finding]:
    """Published records that speak of other results or of other code; those without a state say neither."""
    now = recorded.state(study)
    paths = [*(study.root / "docs").glob("*.json"), *(study.root / "tests").glob("*-results.md")]
    for path in sorted(paths):
        try:
            text = path.read_text(encoding="utf-8")
            told = [json.loads(text)["state"]] if path.suffix == ".json" else recorded.stated(text)
            other = [name for name in now if not all(now[name].startswith(of[name]) for of in told)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if other:
            names = {"checksums": recorded.NAME, "src": "src/"}
            said = f"of another state: {' and '.join(names[name] for name in other)} changed since"
            again = f"make {MADE_BY.get(path.stem, 'record')}"
            yield Finding("records", study.name(path), "", said, again, severity=REPORT)


def _seen(study: Study, pattern: str) -> Iterator[Path]:
    """The files of a pattern; those in hidden folders are the programs' that put them there."""
    for path in study.root.glob(pattern):
        folders = path.relative_to(study.root).parts[:-1]
        if recorded.visible(path) and not any(name.startswith((".", "__")) for name in folders):
            yield path


def _compare(known: dict, now: dict, unknown: str, wanted: str) -> Iterator[Finding]:
    for name in sorted(known.keys() | now.keys()):
        command = f"git status -- {name}"
        if name not in now:
            yield Finding("checksums", name, "", "the file is missing", command)
        elif name not in known:
            said = f"{unknown}: {recorded.NAME} does not list it"
            yield Finding("checksums", name, "", said, f"git status --ignored -- {name}")
        elif known[name] != now[name]:
            command = f"git diff -- {name}"
            for place in _places(known[name], now[name]):
                yield Finding("checksums", name, place, f"not {wanted}", command)


def _places(known, now) -> list[str]:
    if not (isinstance(known, dict) and isinstance(now, dict)):
        return [""]
    return [place for place in {**known, **now} if known.get(place) != now.get(place)]
