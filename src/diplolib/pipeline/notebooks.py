"""An executed notebook, without what changes from run to run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def settle(content: nbformat.NotebookNode, reads: Iterable[str] = ()) -> nbformat.NotebookNode:
    """Take out run times, paths and versions, and carry alt text to where renderers look for it.

    MyST-NB reads a picture's alt text from the cell's metadata, not from the output's. reads: the
    data files that the run has opened; the next run asks whether they have changed.
    """
    if reads:
        content.metadata.setdefault("diplolib", {})["reads"] = list(reads)
    for name in ("papermill", "widgets"):
        content.metadata.pop(name, None)
    content.metadata["kernelspec"] = dict(KERNEL)
    content.metadata["language_info"] = {"name": "python"}
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


def to_bytes(content: nbformat.NotebookNode) -> bytes:
    import nbformat  # takes a second and a half, and asking what has changed does without

    return (nbformat.writes(content).rstrip("\n") + "\n").encode()


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
