"""The last benchmark as a page: docs/benchmark.json, written by `make bench`."""

import json
import re
from datetime import date
from html import escape

from nbproof.labels import Labels
from nbproof.site.markup import attributes, day, facts, scrolling
from nbproof.study import Study

RECORD = "docs/benchmark.json"
# The whole collection, one way a bar; ours stands out.
CHART = [
    "papermill-cli", "nbconvert", "snakemake", "ploomber", "ploomber-two", "reproduce", "lower-limit",
]  # fmt: skip
OURS = "reproduce"
DIGITS = "#,##0.0##"
# How the record names a step on generated agreements, and how its time grows with them.
SIZE = re.compile(r"scale-(?P<step>.+)-(?P<n>\d+)")
GROWTH = re.compile(r"(?P<step>[\w-]+): time\((?P<more>\d+)\) / time\((?P<fewer>\d+)\)")


def has_record(study: Study) -> bool:
    return (study.root / RECORD).is_file()


def report(study: Study, words: Labels) -> str:
    """The chart, the ratios with their bars, and every median, as HTML."""
    record = json.loads((study.root / RECORD).read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in record["rows"]}
    ratios = {ratio["name"]: ratio for ratio in record["ratios"]}
    parts = [
        chart({name: rows[name]["median"] for name in CHART if name in rows}, ratios,
              record["notebooks"], words),
        f"## {words['site.bench.ratios']}",
        words["site.bench.ratios.text"],
        _ratios(ratios.values(), words),
        f"## {words['site.bench.rows']}",
        words.fill("site.bench.rows.text", rounds=record["rounds"]),
        _rows(rows.values(), words),
        f"## {words['site.verify.where']}",
        facts(
            {
                "measured": day(date.fromisoformat(record["measured"]), words.language),
                **record["machine"],
                **record["versions"],
            },
            words,
        ),
        *(f'<p{_english(words)}>{escape(note)}</p>' for note in record.get("notes", [])),
    ]  # fmt: skip
    return "\n\n".join(parts)


def chart(medians: dict[str, float], ratios: dict[str, dict], notebooks: int, words: Labels) -> str:
    """Bars of seconds, with how many times ours each takes, and a line where a ratio has to end."""
    if not medians:
        return ""
    lines = _lines(ratios, medians)
    most = max([*medians.values(), *lines.values()])
    title = words.fill("site.bench.title", n=notebooks)
    bars = "".join(
        _bar(name, seconds, medians.get(OURS), lines.get(name), most, words)
        for name, seconds in medians.items()
    )
    return (
        f'<figure class="bench"><figcaption><b>{escape(title)}</b> '
        f"{escape(words['site.bench.subtitle'])}</figcaption>\n"
        f'<div role="img" aria-label="{escape(describe(medians, notebooks, words))}">\n{bars}</div>'
        "</figure>"
    )


def describe(medians: dict[str, float], notebooks: int, words: Labels) -> str:
    """The chart in words, with every number that it shows."""
    ours = medians.get(OURS)
    said = []
    for name, seconds in medians.items():
        times = _times(name, seconds, ours, words)
        said.append(
            f"{words[f'site.bench.row.{name}']} {_seconds(seconds, words)}"
            + (f" ({times})" if times else "")
        )
    return words.fill("site.bench.alt", n=notebooks, bars="; ".join(said))


def _lines(ratios: dict[str, dict], medians: dict[str, float]) -> dict[str, float]:
    """Where on the bar of a ratio's first part the ratio meets its own bar, in seconds."""
    found = {}
    for name, ratio in ratios.items():
        first, _, second = name.partition("/")
        if {first, second} <= medians.keys():
            found[first] = ratio["bar"] * medians[second]
    return found


def _bar(name: str, seconds: float, ours: float | None, line: float | None, most, words) -> str:
    mark = f'<u style="left:{line / most:.2%}"></u>' if line else ""
    times = _times(name, seconds, ours, words)
    return (
        f"<div{attributes({'class': 'ours' if name == OURS else ''})}>"
        f"<span>{escape(words[f'site.bench.row.{name}'])}</span>"
        f'<span class="track"><i style="width:{seconds / most:.2%}"></i>{mark}</span>'
        f"<span><b>{escape(_seconds(seconds, words))}</b> {escape(times)}</span></div>\n"
    )


def _times(name: str, seconds: float, ours: float | None, words: Labels) -> str:
    if ours is None or name == OURS:
        return ""
    return words.fill("site.bench.times", n=words.number(seconds / ours, "#,##0.0"))


def _seconds(seconds: float, words: Labels) -> str:
    return words.fill("site.bench.seconds", n=words.number(seconds, "#,##0.0"))


def _ratios(ratios, words: Labels) -> str:
    # The collection first, then how it grows with the data.
    ratios = sorted(ratios, key=lambda ratio: ratio["name"].startswith("scale-"))
    body = "\n".join(
        f"<tr>{_what('ratio', ratio, words)}<td>{words.number(ratio['value'], '#,##0.00')}</td>"
        f"<td>{escape(words.fill('site.bench.' + ratio['at'], n=ratio['bar']))}</td>"
        f'<td><span class="verdict {"reproduced" if ratio["met"] else "not-reproduced"}">'
        f"{escape(words['site.bench.met' if ratio['met'] else 'site.bench.missed'])}</span></td></tr>"
        for ratio in ratios
    )
    return _table(["what", "value", "bar", "outcome"], body, "ratios", words)


def _rows(rows, words: Labels) -> str:
    body = "\n".join(
        f"<tr>{_what('row', row, words)}<td>{words.number(row['median'], DIGITS)} {escape(row['unit'])}</td>"
        f"<td>{words.number(min(row['seconds']), DIGITS)}–"
        f"{words.number(max(row['seconds']), DIGITS)}</td><td>{_memory(row, words)}</td></tr>"
        for row in rows
    )
    return _table(["what", "median", "range", "memory"], body, "rows", words)


def _memory(row: dict, words: Labels) -> str:
    """Of all processes together at their peak; nothing where it was not measured."""
    return f"{words.number(row['peak_mb'], '#,##0')} MB" if "peak_mb" in row else ""


def _table(columns: list[str], body: str, label: str, words: Labels) -> str:
    head = "".join(
        f'<th scope="col">{escape(words[f"site.bench.{name}"])}</th>' for name in columns
    )
    return scrolling(
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>",
        words[f"site.bench.{label}"],
    )


def _what(kind: str, measured: dict, words: Labels) -> str:
    """The cell that names what is measured; the record's English words for what is new to this page."""
    said = _named(kind, measured, words)
    if said:
        return f"<td>{escape(said)}</td>"
    return f"<td{_english(words)}>{escape(measured['title'])}</td>"


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


def _english(words: Labels) -> str:
    return attributes({"lang": "" if words.language == "en" else "en"})
