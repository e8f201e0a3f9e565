"""An executed notebook, without what changes from run to run."""

import nbformat

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def settle(content: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out run times, paths and versions, and carry alt text to where renderers look for it.

    MyST-NB reads a picture's alt text from the cell's metadata, not from the output's.
    """
    for name in ("papermill", "widgets"):
        content.metadata.pop(name, None)
    content.metadata["kernelspec"] = dict(KERNEL)
    content.metadata["language_info"] = {"name": "python"}
    for cell in content.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if not cell.metadata.get("tags", True):
            cell.metadata.pop("tags")
        for output in cell.get("outputs", []):
            alt = output.get("metadata", {}).get("image/png", {}).get("alt")
            if alt:
                cell.metadata["mystnb"] = {"image": {"alt": alt}}
    return content


def to_bytes(content: nbformat.NotebookNode) -> bytes:
    return (nbformat.writes(content).rstrip("\n") + "\n").encode()
