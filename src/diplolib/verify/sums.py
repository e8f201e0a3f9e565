"""Every committed result and source against the checksums of the last complete run."""

from collections.abc import Iterator

from diplolib.pipeline import recorded
from diplolib.study import Study, StudyError
from diplolib.verify.finding import Finding

# Where results lie; a file that is there and was made by nobody is a finding too.
RESULTS = ("data/processed/*.csv", "figures/*", "notebooks/*.ipynb")


def check(study: Study) -> Iterator[Finding]:
    try:
        known = recorded.read(study)
    except StudyError as error:
        yield Finding("checksums", recorded.NAME, "", str(error), "diplolib reproduce")
        return
    results = {
        study.name(path)
        for pattern in RESULTS
        for path in study.root.glob(pattern)
        if recorded.visible(path)
    }
    made = recorded.current(study, results | set(known["made"]))
    yield from _compare(known["made"], made, "as the last run has left it")
    sources = recorded.sources(study)
    yield from _compare(known["from"], sources, "as the last complete run has read it")


def _compare(known: dict, now: dict, wanted: str) -> Iterator[Finding]:
    for name in sorted(known.keys() | now.keys()):
        command = f"git status -- {name}"
        if name not in now:
            yield Finding("checksums", name, "", "the file is missing", command)
        elif name not in known:
            said = f"nothing makes this file: {recorded.NAME} does not list it"
            yield Finding("checksums", name, "", said, command)
        elif known[name] != now[name]:
            command = f"git diff -- {name}"
            for place in _places(known[name], now[name]):
                yield Finding("checksums", name, place, f"not {wanted}", command)


def _places(known, now) -> list[str]:
    if not (isinstance(known, dict) and isinstance(now, dict)):
        return [""]
    return [place for place in {**known, **now} if known.get(place) != now.get(place)]
