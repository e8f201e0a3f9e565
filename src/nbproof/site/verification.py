"""The last recorded verification as a page: docs/verification.json, written by `make record`."""

import json
from collections import Counter
from datetime import datetime
from html import escape

from nbproof.labels import Labels
from nbproof.site.markup import day, facts, link, scrolling
from nbproof.study import Study

RECORD = "docs/verification.json"


def report(study: Study, words: Labels, titles: dict[str, str]) -> str:
    """The outcome, each check, each figure and where it ran, as HTML; how to record one if none is.

    titles: of each figure that has a page.
    """
    file = study.root / RECORD
    if not file.is_file():
        return words["site.verify.none"]
    record = json.loads(file.read_text(encoding="utf-8"))
    failed = [finding for finding in record["findings"] if finding["severity"] == "fail"]
    parts = [
        _outcome(record, failed, words),
        f"## {words['site.verify.checks']}",
        _checks(record, failed, words),
        *_findings(record["findings"], words),
        f"## {words['site.verify.figures']}",
        _figures(record, failed, words, titles),
        f"## {words['site.verify.where']}",
        facts({"start": record["started"][:16].replace("T", " "), **record["environment"]}, words),
    ]
    return "\n\n".join(parts)


def _outcome(record: dict, failed: list[dict], words: Labels) -> str:
    kind = "differs" if failed else "stored" if record["quick"] else "agrees"
    said = words.fill(f"site.verify.{kind}", n=len(failed))
    run = words.fill(
        f"site.verify.{'quick' if record['quick'] else 'full'}",
        day=day(datetime.fromisoformat(record["started"]).date(), words.language),
        notebooks=len(record["notebooks"]),
        figures=len(record["figures"]),
        claims=sum(record["claims"].values()),
        seconds=round(sum(record["seconds"].values())),
    )
    return f'<div class="outcome {kind}"><strong>{escape(said)}</strong><p>{escape(run)}</p></div>'


def _checks(record: dict, failed: list[dict], words: Labels) -> str:
    """Each check with what it compares, in the order of the labels; without what a quick run omits."""
    counts = Counter(finding["check"] for finding in failed)
    names = [key.split(".")[-1] for key in words if key.startswith("site.verify.check.")]
    lines = []
    for name in names:
        if record["quick"] and f"site.verify.slow.{name}" in words:
            continue
        n = counts.pop(name.replace("-", " "), 0)
        lines.append((escape(words[f"site.verify.check.{name}"]), n))
    # A check that this page does not know yet is named as it names itself.
    lines += [(f'<span lang="en">{escape(name)}</span>', n) for name, n in counts.items()]
    return _table(lines, ["compared", "outcome"], words, "checks")


def _figures(record: dict, failed: list[dict], words: Labels, titles: dict[str, str]) -> str:
    lines = []
    for name in record["figures"]:
        shown = link(f"figures/{name}.html", titles[name]) if name in titles else escape(name)
        found = [finding for finding in failed if f"figures/{name}." in finding["file"]]
        lines.append((shown, len(found)))
    return _table(lines, ["figure", "outcome"], words, "figures")


def _table(lines: list[tuple[str, int]], columns: list[str], words: Labels, label: str) -> str:
    head = "".join(
        f'<th scope="col">{escape(words[f"site.verify.{name}"])}</th>' for name in columns
    )
    body = "\n".join(
        f'<tr><td>{said}</td><td><span class="verdict '
        f'{"not-reproduced" if n else "reproduced"}">'
        f"{escape(words.fill('site.verify.count', n=n) if n else words['site.verify.same'])}"
        "</span></td></tr>"
        for said, n in lines
    )
    return scrolling(
        f'<table class="checks"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>',
        words[f"site.verify.{label}"],
    )


def _findings(findings: list[dict], words: Labels) -> list[str]:
    if not findings:
        return []
    items = []
    for finding in findings:
        place = f", {finding['place']}" if finding["place"] else ""
        values = "".join(
            f"<dt>{escape(words[f'site.verify.{name}'])}</dt><dd><code>{escape(finding[name])}</code></dd>"
            for name in ("committed", "fresh", "command")
            if finding[name]
        )
        items.append(
            f'<li lang="en"><p><code>{escape(finding["file"])}</code>{escape(place)}: '
            f"{escape(finding['said'].rstrip('.'))}.</p>"
            f'<dl class="facts" lang="{words.language}">{values}</dl></li>'
        )
    return [
        f"## {words['site.verify.found']}",
        '<ul class="differences">\n' + "\n".join(items) + "\n</ul>",
    ]
