"""The last recorded verification as a page: docs/verification.json, written by `make record`."""

import json
from collections import Counter
from datetime import datetime

from nbproof.pipeline import recorded
from nbproof.site.edition import Edition
from nbproof.verify.report import RECORD


def report(edition: Edition) -> str:
    """The outcome, each check, each figure and where it ran, as Markdown; how to record one if none is."""
    file = edition.study.root / RECORD
    if not file.is_file():
        return edition.words["site.verify.none"]
    record = json.loads(file.read_text(encoding="utf-8"))
    failed = [finding for finding in record["findings"] if finding["severity"] == "fail"]
    titles = {figure.name: figure.title for figure in edition.shown}
    started = datetime.fromisoformat(record["started"])
    return edition.render(
        "verification.md",
        record=record,
        earlier=recorded.is_earlier(edition.study, record),
        failed=failed,
        when=started.date(),
        seconds=round(sum(record["seconds"].values())),
        checks=_checks(record, failed, edition.words),
        figures=[
            {
                "text": titles.get(name, name),
                "link": f"figures/{name}.html" if name in titles else "",
                "n": sum(f"figures/{name}." in finding["file"] for finding in failed),
            }
            for name in record["figures"]
        ],
        where={"start": f"{started:%Y-%m-%d %H:%M}", **record["environment"]},
    )


def _checks(record: dict, failed: list[dict], words) -> list[dict]:
    """Each check with what it compares, in the order of the labels; without what a quick run omits."""
    counts = Counter(finding["check"] for finding in failed)
    names = [key.split(".")[-1] for key in words if key.startswith("site.verify.check.")]
    lines = [
        {"text": words[f"site.verify.check.{name}"], "n": counts.pop(name.replace("-", " "), 0)}
        for name in names
        if not (record["quick"] and f"site.verify.slow.{name}" in words)
    ]
    # A check that this page does not know yet is named as it names itself.
    return lines + [{"text": name, "n": n, "unknown": True} for name, n in counts.items()]
