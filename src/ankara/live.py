"""What a reader can compute of this study in the browser: the ledger, its choices, exercises.

Nothing else imports this. Geometry and regressions are not to be had there.
"""

import functools
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd

from ankara import claims, cleaning
from ankara.ledger import shown
from ankara.specifications.subjects import Desk
from diplolib import regions
from nbproof import labels, tables
from nbproof.live.browser import sha256
from nbproof.study import Study, StudyError, hint
from nbproof.tables import csvfile

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
    verdict = words["site.verdict." + row.verdict.replace(" ", "-")]
    cells = [shown.published(row, words), shown.recomputed(row, words), verdict]
    return {"id": row.id, "cells": cells, "rows": row.rows or ""}


@functools.cache
def _desk(study: Study) -> tuple[Desk, dict, dict]:
    desk = Desk(study, claims.Evidence(study))
    names = desk.names("claim")
    defined = {name: values[0] for name, values in desk.values("claim", names[0]).items()}
    return desk, defined, {name: desk.evaluate("claim", name, defined)[0] for name in names}


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


# What a table of any city may leave out, and what stands there then; {} is the row's number.
FILLED = {
    "agreement_id": "R{}", "level": "metropolitan", "municipality": "–", "municipality_printed": "–",
    "form": "sister_city", "form_printed": "–", "partner_printed": "–", "country_printed": "",
    "place_id": "r{}", "partner": "–", "partner_tr": "–", "latitude": "", "longitude": "",
    "confidence": "high", "capital": "", "status": "listed", "source": "{}",
}  # fmt: skip


def own(study: Study, text: str, name: str, language: str) -> dict:
    """A reader's table in the place of the agreements; only year and country_code have to be in it."""
    table, given = "processed/agreements", csvfile.from_csv(text.encode(), name)
    missing = [column for column in ("year", "country_code") if column not in given]
    if missing:
        raise StudyError(f"{name}, line 1: column {', '.join(missing)} is missing.")
    schemes = tables.read(study, "reference/regions")
    if unknown := sorted({*given["country_code"]} - {*schemes["country_code"], ""}):
        raise StudyError(f"{name}, column country_code: {', '.join(unknown)}; not in regions.csv.")
    rows = [str(number) for number in range(2, len(given) + 2)]
    filled = {column: [form.format(n) for n in rows] for column, form in FILLED.items()}
    for column, scheme in (("region_article", "article_inferred"), ("region_un_m49", "un_m49")):
        codes = given["country_code"].mask(given["country_code"] == "")
        filled[column] = regions.assign(codes, scheme, schemes).fillna("").tolist()
    whole = pd.DataFrame(filled, dtype="str").assign(**given)
    whole["source"] = [f"{name}:{n}" for n in rows]
    whole = whole[tables.columns(study, table)]
    tables.check(whole, tables.resource(study, table), name)
    foot = labels.load(language, study).fill("live.own.foot", name=name)
    return {
        "tables": {table: whole.to_csv(index=False, lineterminator="\n")},
        "given": {"show_terms": "False", "show_events": "none"},
        "said": {"timeline.foot": foot},
        "name": name,
        "rows": len(whole),
    }


def exercise(study: Study, id: str, given: str, language: str) -> dict:
    """Whether an answer is right, and what to do next."""
    words = labels.load(language, study)
    if id not in EXERCISES:
        raise StudyError(f"no exercise {id!r}.{hint(id, EXERCISES, 0.1)}")
    right = given.strip().casefold() in {str(one).casefold() for one in EXERCISES[id](study)}
    return {"right": right, "hint": words[f"live.exercise.{id}.{'right' if right else 'hint'}"]}


def _agreements(study: Study) -> pd.DataFrame:
    return tables.read(study, "processed/agreements")


# Each gives the right answers, from the tables.
EXERCISES: dict[str, Callable] = {
    "europe": lambda study: [(_agreements(study)["region_un_m49"] == "Europe").sum()],
    "sure": lambda study: [(_agreements(study)["confidence"] == "high").sum()],
    "peak": lambda study: _agreements(study)["year"].mode(),
    "sofia": lambda study: [len(turn(study, "sofya", "false"))],
    "otherwise": lambda study: turn(study, "region_scheme", "un_m49"),
}


CALLS = {function.__name__: function for function in (ledger, clean, choices, turn, own, exercise)}
