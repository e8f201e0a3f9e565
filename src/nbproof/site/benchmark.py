"""The last benchmark as a page: docs/benchmark.json, written by `make bench`."""

import json
import re
from datetime import date

from nbproof.labels import Labels
from nbproof.pipeline import recorded
from nbproof.site.edition import Edition
from nbproof.site.markup import day
from nbproof.study import Study

RECORD = "docs/benchmark.json"
# The whole collection, one way a bar; ours stands out.
CHART = [
    "papermill-cli", "nbconvert", "snakemake", "ploomber", "ploomber-two", "reproduce", "lower-limit",
]  # fmt: skip
OURS = "reproduce"
# How the record names a step on generated rows, and how its time grows with them.
SIZE = re.compile(r"scale-(?P<step>.+)-(?P<n>\d+)")
GROWTH = re.compile(r"(?P<step>[\w-]+): time\((?P<more>\d+)\) / time\((?P<fewer>\d+)\)")


def has_record(study: Study) -> bool:
    return (study.root / RECORD).is_file()


def report(edition: Edition) -> str:
    """The chart, the ratios with their bars, and every median, as Markdown."""
    record = json.loads((edition.study.root / RECORD).read_text(encoding="utf-8"))
    words = edition.words
    rows = {row["name"]: row for row in record["rows"]}
    ratios = {ratio["name"]: ratio for ratio in record["ratios"]}
    medians = {name: rows[name]["median"] for name in CHART if name in rows}
    measured = day(date.fromisoformat(record["measured"]), words.language)
    # The collection first, then how it grows with the data.
    ordered = sorted(ratios.values(), key=lambda one: one["name"].startswith("scale-"))
    return edition.render(
        "benchmark.md",
        record=record,
        earlier=recorded.is_earlier(edition.study, record),
        bars=_bars(medians, _lines(ratios, medians), words),
        ratios=[ratio | _what("ratio", ratio, words) for ratio in ordered],
        rows=[row | _what("row", row, words) for row in rows.values()],
        where={"measured": measured, **record["machine"], **record["versions"]},
    )


def _bars(medians: dict[str, float], lines: dict[str, float], words: Labels) -> list[dict]:
    """Bars of seconds, with how many times ours each takes, and a line where a ratio has to end."""
    most, ours = max([*medians.values(), *lines.values()], default=0), medians.get(OURS)
    bars = []
    for name, seconds in medians.items():
        title = words[f"site.bench.row.{name}"]
        took = words.fill("site.bench.seconds", n=words.number(seconds, "#,##0.0"))
        more = "" if name == OURS or not ours else words.number(seconds / ours, "#,##0.0")
        times = more and words.fill("site.bench.times", n=more)
        line = f"{lines[name] / most:.2%}" if name in lines else ""
        bars.append({
            "name": title, "ours": name == OURS, "width": f"{seconds / most:.2%}", "line": line,
            "seconds": took, "times": times, "said": f"{title} {took}" + (f" ({times})" if times else ""),
        })  # fmt: skip
    return bars


def _lines(ratios: dict[str, dict], medians: dict[str, float]) -> dict[str, float]:
    """Where on the bar of a ratio's first part the ratio meets its own bar, in seconds."""
    found = {}
    for name, ratio in ratios.items():
        first, _, second = name.partition("/")
        if {first, second} <= medians.keys():
            found[first] = ratio["bar"] * medians[second]
    return found


def _what(kind: str, measured: dict, words: Labels) -> dict:
    """What is measured; in the record's English words where it is new to this page."""
    said = _named(kind, measured, words)
    return {"what": said or measured["title"], "foreign": words.language != "en" and not said}


def _named(kind: str, measured: dict, words: Labels) -> str | None:
    for name in (measured["name"], measured["title"]):
        if f"site.bench.{kind}.{name}" in words:
            return words[f"site.bench.{kind}.{name}"]
    for template, text in ((SIZE, measured["name"]), (GROWTH, measured["title"])):
        found = template.fullmatch(text)
        if found and f"site.bench.step.{found['step']}" in words:
            numbers = {k: words.number(int(n)) for k, n in found.groupdict().items() if k != "step"}
            scale = "row" if "n" in numbers else "growth"
            what = words[f"site.bench.step.{found['step']}"]
            return words.fill(f"site.bench.scale.{scale}", what=what, **numbers)
    return None
