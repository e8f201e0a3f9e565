"""What a reader can compute of this study in the browser: the ledger, its choices, exercises.

Nothing else imports this. Geometry and regressions are not to be had there.
"""

import functools
import sys
from types import SimpleNamespace

from ankara import claims, cleaning
from ankara.ledger import shown
from ankara.specifications.subjects import Desk
from nbproof import labels, tables
from nbproof.live.browser import sha256
from nbproof.study import Study, StudyError, hint

# The notebooks that run there
NOTEBOOKS = ("02-timeline", "04-purposes", "05-organisation", "09-claims")
# What other pages compute, and the figure that draws a reader's own table
PAGES = {"claims": "ledger", "findings": "claim", "students": "exercise"}
OWN = "timeline"
LEDGER = "processed/claims"
# Whether a point lies in its country is judged with shapely, on the command line.
if "pyodide" in sys.modules:
    sys.modules.setdefault("diplolib.points", SimpleNamespace(check=lambda *_: None))


def ledger(study: Study, language: str, published: str) -> dict:
    """The ledger, counted from the clean tables; published: the site's, as CSV.

    Returns its text, both checksums, and rows: of each claim what its page shows.
    """
    words = labels.load(language, study)
    text = tables.encode(claims.judge(study), study, LEDGER).decode()
    return {
        "csv": text,
        "sha256": sha256(text),
        "published": sha256(published),
        "rows": [_row(SimpleNamespace(**row), words) for row in shown.rows(text.encode())],
    }


def clean(study: Study) -> dict:
    """How many clean tables are computed from the printed ones, and which are not as they are stored."""
    found = {}
    for name, frame in cleaning.process(study).items():
        stored = (study.data / f"processed/{name}.csv").read_bytes()
        found[name] = tables.encode(frame, study, f"processed/{name}") == stored
    return {"tables": len(found), "differ": [name for name, same in found.items() if not same]}


def _row(row: SimpleNamespace, words: labels.Labels) -> dict:
    return {
        "id": row.id,
        "cells": [
            shown.published(row, words),
            shown.recomputed(row, words),
            words["site.verdict." + row.verdict.replace(" ", "-")],
        ],
        "rows": row.rows or "",
    }


@functools.cache
def _desk(study: Study) -> tuple[Desk, dict, dict]:
    desk = Desk(study, claims.Evidence(study))
    defined = {name: values[0] for name, values in desk.values("claim", _names(desk)[0]).items()}
    return desk, defined, {name: desk.evaluate("claim", name, defined)[0] for name in _names(desk)}


def _names(desk) -> list[str]:
    return desk.names("claim")


def choices(study: Study, language: str) -> list[dict]:
    """The documented choices of the claims: name, title and other values with theirs."""
    words, rows = labels.load(language, study), tables.read(study, "reference/choices")
    rows = rows[rows["scope"] == "claim"]
    return [
        {
            "name": name,
            "title": words[f"sensitivity.choice.{name}"],
            "values": {v: words[f"sensitivity.value.{name}.{v}"] for v in values.split(" | ")[1:]},
        }
        for name, values in zip(rows["choice"], rows["values"], strict=True)
    ]


def turn(study: Study, choice: str, value: str) -> dict[str, dict]:
    """The claims that come out otherwise if one choice is made otherwise, with value and holds."""
    desk, defined, before = _desk(study)
    if choice not in defined:
        raise StudyError(f"no choice {choice!r}.{hint(choice, defined, 0.4)}")
    allowed = {value for name in before for value in desk.values("claim", name)[choice]}
    if value not in allowed:
        near = hint(value, allowed, 0.4)
        raise StudyError(f"{choice}={value!r}; expected one of {', '.join(sorted(allowed))}.{near}")
    found = {}
    for name, old in before.items():
        if value in desk.values("claim", name)[choice]:
            new = desk.evaluate("claim", name, defined | {choice: value})[0]
            if None not in (new.holds, old.holds) and new.holds != old.holds:
                found[name] = {"value": new.value, "holds": new.holds}
    return found


CALLS = {"ledger": ledger, "clean": clean, "choices": choices, "turn": turn}
