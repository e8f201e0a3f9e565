"""What a figure's page shows: the figure, its files, its notebook, its module and the rows behind it."""

import ast
import re
import textwrap
from dataclasses import dataclass
from html import unescape
from importlib import resources

import pandas as pd

from nbproof import lineage, references
from nbproof.site.notebooks import Executed
from nbproof.study import Study, StudyError

FEW = 12  # references of a mark that a page names
LONGEST = 200  # characters of a printed row


@dataclass(frozen=True)
class Shown:
    """One published figure in one language."""

    name: str
    notebook: str
    module: str
    title: str
    subtitle: str
    alt: str
    card: str
    reading: list[str]


def shown(study: Study, notebook: Executed, language: str) -> list[Shown]:
    """The figures that a notebook publishes, in its order."""
    found = []
    for cell in notebook.content.cells:
        if cell.cell_type != "code" or "card.publish(" not in cell.source:
            continue
        cards = "".join(out.get("text", "") for out in cell.outputs)
        alts = [
            out.metadata["image/png"]["alt"]
            for out in cell.outputs
            if "image/png" in out.get("data", {})
        ]
        texts = re.findall(r"^figure +\S+ \(.*?^sha256 +\w+$", cards, re.M | re.S)
        if len(texts) != len(alts):
            raise StudyError(f"{notebook.path.name}: {len(alts)} figures, {len(texts)} cards.")
        for card, alt in zip(texts, alts, strict=True):
            name = card.split()[1]
            title, subtitle = headings(
                (study.figures / f"{name}.{language}.svg").read_text(encoding="utf-8")
            )
            found.append(
                Shown(
                    name=name,
                    notebook=notebook.name,
                    module=_module(notebook.code(), name),
                    title=title or notebook.title,
                    subtitle=subtitle,
                    alt=alt,
                    card=card,
                    reading=notebook.reading(),
                )
            )
    return found


def headings(svg: str) -> tuple[str, str]:
    """The title and subtitle that stand in the figure (`style.head`), or "" where there is none."""
    found = []
    for size in (15, 10):
        pattern = rf'<text style="[^"]*font-size: {size}px[^"]*"[^>]*>([^<]*)</text>'
        texts = [unescape(text) for text in re.findall(pattern, svg)]
        found.append(texts)
    title = found[0][0] if found[0] else ""
    # Panels' titles have the subtitle's size, but are bold and drawn before it.
    return title, found[1][-1] if title and found[1] else ""


def source(module: str) -> str:
    """The text of a figure's module, such as "a.figures.b"."""
    package, _, name = module.rpartition(".")
    return (resources.files(package) / f"{name}.py").read_text(encoding="utf-8")


def marks(study: Study, figure: str, language: str) -> dict[str, pd.DataFrame]:
    """Each kind of mark: the columns that say something of it, and the rows behind each mark.

    A long list of references is cut; their number stands after it.
    """
    found = _own(study, figure, language)
    other = "_tr" if language == "en" else ""
    twice = {name for name in found if f"{name}_tr" in found}
    hidden = {"mark", *(name + other for name in twice)}
    kinds = {}
    for mark, some in found.groupby("mark", sort=False):
        told = [name for name in some if name not in hidden and some[name].ne("").any()]
        some = some[told]
        cut = {name: some[name].map(_few) for name in told if name.endswith("rows")}
        kinds[mark] = some.assign(**cut)
    return kinds


def rows(study: Study, figure: str, language: str) -> pd.DataFrame:
    """The source rows of all marks, in the order of file and line, each once.

    Columns reference (where it is not the source itself), source (file and line), cells, corrections,
    place and confidence.
    """
    found = _own(study, figure, language)
    cells = pd.concat([found[name] for name in found if name.endswith("rows")])
    named = cells[cells != ""].str.split(references.SEPARATOR).explode()
    printed = lineage.rows(study, named).sort_values(["file", "line"])
    source = printed["file"] + ":" + printed["line"].astype("str")
    return pd.DataFrame(
        {
            "reference": printed["reference"].where(printed["reference"] != source, ""),
            "source": source,
            "cells": [
                textwrap.shorten(text, LONGEST, placeholder=" …") for text in printed["cells"]
            ],
            "corrections": printed["corrections"],
            "place": printed["place"],
            "confidence": printed["confidence"],
        }
    ).reset_index(drop=True)


def _own(study: Study, figure: str, language: str) -> pd.DataFrame:
    """The committed table; the ledger's statements have a page of their own."""
    found = lineage.marks(study, figure, language)
    return found[found["mark"] != "claim"]


def _few(cell: str) -> str:
    single = cell.split(references.SEPARATOR)
    if len(single) <= FEW:
        return " ".join(single)
    return f"{' '.join(single[:FEW])} … ({len(single)})"


def _module(code: str, name: str) -> str:
    """The module whose `describe` stands in the call that publishes the figure `name`."""
    modules, homes = [], {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            homes |= {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "card.publish":
            drawn = [
                ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)
            ]
            modules += [call.split(".")[0] for call in drawn if call.endswith(".describe")]
            if isinstance(node.args[0], ast.Constant) and node.args[0].value == name and modules:
                break
    module = modules[-1] if modules else name.replace("-", "_")
    return homes.get(module, module)
