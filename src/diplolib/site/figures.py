"""What a figure's page shows: the figure, its files, its notebook, its module and the rows behind it."""

import ast
import re
from dataclasses import dataclass
from html import unescape
from importlib import resources

import pandas as pd

from diplolib import tables
from diplolib.site.notebooks import Executed
from diplolib.study import Study, StudyError


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
    tables: list[str]


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
                    tables=notebook.tables(),
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
    """The text of a figure's module."""
    file = resources.files("diplolib.figures") / f"{module}.py"
    return file.read_text(encoding="utf-8")


def rows(study: Study, table: str) -> pd.DataFrame | None:
    """The key and the printed source of each row of a processed table; None where it has no source."""
    frame = tables.read(study, table)
    if "source" not in frame:
        return None
    key = tables.resource(study, table)["schema"].get("primaryKey", [])
    key = [key] if isinstance(key, str) else list(key)
    printed = [name for name in frame.columns if name.endswith("_printed")]
    return frame[list(dict.fromkeys([*key, *printed, "source"]))]


def _module(code: str, name: str) -> str:
    """The module whose `describe` stands in the call that publishes the figure `name`."""
    modules = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "card.publish":
            drawn = [
                ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)
            ]
            modules += [call.split(".")[0] for call in drawn if call.endswith(".describe")]
            if isinstance(node.args[0], ast.Constant) and node.args[0].value == name and modules:
                return modules[-1]
    return modules[-1] if modules else name.replace("-", "_")
