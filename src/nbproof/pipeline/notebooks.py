"""An executed notebook, without what changes from run to run."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What a run or a page reads of the metadata; all else is an editor's (JupyterLab, VS Code, Colab, …).
READ = {"authors", "nbproof", "title"}
CELL_READ = {"mystnb", "tags"}


def settle(
    content: nbformat.NotebookNode, reads: Iterable[str] = (), before: bytes = b""
) -> nbformat.NotebookNode:
    """Take out run times, paths and versions, and carry alt text to where renderers look for it.

    MyST-NB reads a picture's alt text from the cell's metadata, not from the output's. reads: the
    data files that the run has opened; the next run asks whether they have changed. before: the
    notebook's file as it was; where it gives a cell no identifier of its own, nbformat draws one.
    """
    if reads:
        content.metadata.setdefault("nbproof", {})["reads"] = list(reads)
    for name in ("papermill", "widgets"):
        content.metadata.pop(name, None)
    content.metadata["kernelspec"] = dict(KERNEL)
    content.metadata["language_info"] = {"name": "python"}
    if before:
        _identify(content.cells, json.loads(before)["cells"])
    for cell in content.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"  # papermill draws a new one each time
        if not cell.metadata.get("tags", True):
            cell.metadata.pop("tags")
        for output in cell.get("outputs", []):
            alt = output.get("metadata", {}).get("image/png", {}).get("alt")
            if alt:
                cell.metadata["mystnb"] = {"image": {"alt": alt}}
    return content


def _identify(cells: list[nbformat.NotebookNode], before: list[dict]) -> None:
    """Give each cell that had no identifier, or another's, one that its text decides."""
    own = [cell for cell in cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    before = [c for c in before if "injected-parameters" not in c["metadata"].get("tags", [])]
    given = Counter(cell.get("id") for cell in before)
    taken = {name for name, n in given.items() if n == 1}
    for cell, old in zip(own, before, strict=True):
        if old.get("id") not in taken - {None}:
            texts = (f"{cell.source}\n{n}" for n in itertools.count())
            names = (hashlib.sha256(text.encode()).hexdigest()[:8] for text in texts)
            cell["id"] = next(name for name in names if name not in taken)
            taken.add(cell["id"])


def to_bytes(content: nbformat.NotebookNode) -> bytes:
    import nbformat  # takes a second and a half, and asking what has changed does without

    return (nbformat.writes(content).rstrip("\n") + "\n").encode()


def stated(content: dict) -> dict:
    """A notebook's metadata without what editors rewrite when they open or save it."""
    metadata = content["metadata"]
    kernel, language = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    kept = {name: value for name, value in metadata.items() if name in READ}
    return kept | {
        "nbformat": content.get("nbformat"),
        "kernelspec": {name: kernel.get(name, KERNEL[name]) for name in ("language", "name")},
        "language_info": language.get("name", "python"),
    }


def of_cell(cell: dict) -> dict:
    """A cell without its id and what editors note in it."""
    metadata = {k: v for k, v in cell["metadata"].items() if k in CELL_READ and v != []}
    return {**{k: v for k, v in cell.items() if k != "id"}, "metadata": metadata}


def code(content: dict) -> list[str]:
    """The source of each code cell as plain Python: IPython's own commands left out."""
    return [
        "\n".join(
            "" if line.lstrip().startswith(("%", "!", "?")) else line
            for line in "".join(cell["source"]).split("\n")
        )
        for cell in content["cells"]
        if cell["cell_type"] == "code" and not "".join(cell["source"]).startswith("%%")
    ]
