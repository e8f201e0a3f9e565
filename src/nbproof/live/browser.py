"""A notebook run in a reader's browser, beside what is published of it.

There IPython and zlib-ng are not to be had: what stands in for them gathers what a notebook shows. The
code that runs is the study's own; what a page says is judged by the notebook's contract, never evaluated.
"""

import ast
import contextlib
import hashlib
import io
import json
import pkgutil
import sys
import zlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd

from nbproof import labels, study
from nbproof.pipeline import parameters
from nbproof.study import StudyError


def answer(question: str) -> str:
    """What a page asks for, {"call": …, "given": {…}} as JSON; comes back: {"value": …} or {"refused": …}."""
    asked, here = json.loads(question), study.find()
    try:
        known = {"contract": contract, "run": run} | pkgutil.resolve_name(here.face.live).CALLS
        if asked["call"] not in known:
            raise StudyError(f"{asked['call']!r}: expected one of {', '.join(known)}.")
        said = {"value": known[asked["call"]](here, **asked["given"])}
    except StudyError as error:
        said = {"refused": str(error)}
    return json.dumps(said, ensure_ascii=False)


def contract(here: study.Study, notebook: str, language: str) -> dict[str, dict]:
    """The notebook's parameters but its language: their rules, and title and values in words."""
    words = labels.load(language, here)
    found = parameters.contract(here.notebooks / f"{notebook}.ipynb")
    for name, rules in found.items():
        key = f"live.parameter.{name}"
        rules["title"] = words[key] if key in words else rules["title"]
        values = rules.get("enum", ["true", "false"] if rules["type"] == "boolean" else [])
        rules["values"] = {value: _said(words, name, value) for value in values}
    found.pop("lang", None)
    return found


def _said(words: labels.Labels, name: str, value: str) -> str:
    keys = [f"live.value.{name}.{value}", f"live.value.{value}", f"region.{value}"]
    return next((words[key] for key in keys if key in words), value)


def run(
    here: study.Study,
    notebook: str,
    given: dict[str, str],
    language: str,
    *,
    published: str = "",
    stored: Mapping[str, str] | None = None,
    narrow: bool = False,
    tables: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run a notebook; `published` is its published run, which says the same where `given` is empty.

    stored: published plotted tables as CSV, by figure. tables: CSV texts in the place of the study's own,
    by name such as "processed/people"; said: labels that say something else of these.
    Returns outputs (text, table and figure, in their order) and, beside a published run, how many it has
    and which cells say something else. Raises ParameterError as the command line does.
    """
    path = here.notebooks / f"{notebook}.ipynb"
    known = parameters.contract(path)
    checked = parameters.check(path, {**given, "lang": language}, known)
    values = {name: rules["default"] for name, rules in known.items()} | checked
    cells = [c for c in json.loads(path.read_bytes())["cells"] if c["cell_type"] == "code"]
    with contextlib.ExitStack() as stack:
        for name, text in (tables or {}).items():
            file = here.data / f"{name}.csv"
            stack.callback(file.write_bytes, file.read_bytes())
            file.write_bytes(text.encode())
        for key, text in (said or {}).items():
            room = labels.load(language, here).room(key)
            stack.callback(room.__setitem__, key, room[key])
            room[key] = text
        shown = _shown(cells, values, narrow)
    found = {"outputs": [one for cell in shown for one in cell if one["kind"] != "said"]}
    for one in found["outputs"]:
        if one["kind"] == "figure":
            one["published"] = sha256((stored or {}).get(one["name"], ""))
    if published:
        stored = [c for c in json.loads(published)["cells"] if c["cell_type"] == "code"]
        stored = [c for c in stored if "injected-parameters" not in c["metadata"].get("tags", [])]
        counted = [[one["compared"] for one in cell] for cell in shown]
        pairs = list(zip(counted, map(_stored, stored), strict=True))
        found["cells"] = sum(bool(old) for _, old in pairs)
        found["differ"] = [n for n, (new, old) in enumerate(pairs, 1) if new != old]
    return found


def _shown(cells: list[dict], values: dict, narrow: bool) -> list[list[dict]]:
    """What each cell shows."""
    shown: list[list[dict]] = []

    def show(thing: Any) -> None:
        if thing is not None:
            shown[-1].append(_output(thing))

    def publish(figure, drawn, table, words, phone=None):
        from nbproof.figures import card, record, style

        alt = figure.describe(table, words)
        svg = style.render(phone if narrow and phone else drawn, "svg", alt=alt).decode()
        text = card.canonical(table).decode()
        about = {"name": figure.name, "alt": alt, "svg": svg, "csv": text, "sha256": sha256(text)}
        shown[-1].append({"kind": "figure", "compared": alt, **about})
        print(record.card(card.said(figure, drawn, table, words, phone)))

    display = sys.modules["IPython.display"] = SimpleNamespace(display=show, Markdown=str)
    sys.modules["IPython"] = SimpleNamespace(
        display=display, get_ipython=lambda: None, version_info=(9, 0)
    )
    # What a picture's bytes are packed with; here none is packed.
    sys.modules["zlib_ng"] = SimpleNamespace(zlib_ng=zlib)
    from nbproof.figures import card

    card.publish = publish
    scope = {"__name__": "__main__", "display": show}
    for cell in cells:
        shown.append([])
        code, printed = ast.parse("".join(cell["source"])), io.StringIO()
        last = code.body.pop() if code.body and isinstance(code.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "cell", "exec"), scope)
            if last:
                show(eval(compile(ast.Expression(last.value), "cell", "eval"), scope))
        if "parameters" in cell["metadata"].get("tags", []):
            scope |= values
        if printed.getvalue():
            shown[-1].append({"kind": "said", "compared": printed.getvalue()})
    return shown


def _output(thing: Any) -> dict:
    if isinstance(thing, pd.DataFrame):
        text = thing.astype("object").where(thing.notna(), "")
        rows = [[str(index), *map(str, row)] for index, *row in text.itertuples()]
        columns = [thing.columns.name or "", *thing.columns]
        return {"kind": "table", "compared": thing._repr_html_(), "columns": columns, "rows": rows}
    plain = str(thing).replace("&lt;", "<").replace(r"<span>\$</span>", "$").replace("**", "")
    return {"kind": "text", "compared": str(thing), "text": plain}


def _stored(cell: dict) -> list[str]:
    """What is compared of a stored cell: texts, tables and alt texts, then what was printed."""
    found, printed = [], ""
    for output in cell["outputs"]:
        data = output.get("data", {})
        if output["output_type"] == "stream":
            printed += "".join(output["text"])
        elif "image/png" in data:
            found.append(output["metadata"]["image/png"]["alt"])
        else:
            kinds = ("text/html", "text/markdown", "text/plain")
            found.append("".join(next(data[kind] for kind in kinds if kind in data)))
    return found + [printed] * bool(printed)


def sha256(text: str) -> str:
    """By which a text is known to be another's equal."""
    return hashlib.sha256(text.encode()).hexdigest()
