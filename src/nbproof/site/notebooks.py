"""An executed notebook as a page: outputs as they were run, code folded, tables that can be read."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markupsafe import escape
from nbformat import NotebookNode

from nbproof.pipeline import collection
from nbproof.site import catalogues
from nbproof.site.markup import scrolling
from nbproof.site.pictures import lightened
from nbproof.study import Study, StudyError, command_line


@dataclass(frozen=True)
class Executed:
    """A notebook that has been run in one language."""

    path: Path
    content: NotebookNode

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def title(self) -> str:
        """The first heading, in the notebook's own language (English)."""
        return _prose(self.content)[0].source.splitlines()[0].lstrip("# ").strip()

    @property
    def question(self) -> str:
        """The paragraph that asks it, in the notebook's own language (English); "" if none does."""
        text = "\n\n".join(cell.source for cell in _prose(self.content))
        return next((part for part in text.split("\n\n") if part.startswith("**Question.**")), "")

    def reading(self) -> list[str]:
        """The sentences that code computed under the heading "Findings"."""
        here, said = False, []
        for cell in self.content.cells:
            if cell.cell_type == "markdown" and cell.source.lstrip().startswith("#"):
                here = bool(re.match(r"#+ Findings\b", cell.source.lstrip()))
            elif here and cell.cell_type == "code":
                outputs = (output.get("data", {}) for output in cell.outputs)
                said += [data["text/markdown"] for data in outputs if "text/markdown" in data]
        return said

    def code(self) -> str:
        return "\n".join(cell.source for cell in self.content.cells if cell.cell_type == "code")


def executed(study: Study, language: str) -> list[Executed]:
    """Every notebook of the study in its run in `language`, its prose in English: Sphinx translates it.

    Raises StudyError where a run is missing or older than the notebook: Sphinx runs nothing.
    """
    found, missing = [], []
    for path in collection.members(study):
        run = path if language == "en" else study.build / language / path.name
        if not run.is_file():
            missing.append(study.name(run))
            continue
        found.append(Executed(run, nbformat.read(run, as_version=4)))
        own, source = _prose(found[-1].content), _prose(nbformat.read(path, as_version=4))
        said = catalogues.prose(study, language, f"notebooks/{path.stem}")
        if [cell.source for cell in own] != [said(cell.source) for cell in source]:
            missing.append(f"{study.name(run)} (made from an earlier {path.name})")
        for cell, english in zip(own, source, strict=False):
            cell.source = english.source
    if missing:
        raise StudyError(
            f"The site shows executed notebooks, and these are missing: {', '.join(missing)}. "
            f"Run `make reproduce` (or `{command_line('reproduce')}`) first."
        )
    return found


def page(notebook: Executed, words) -> NotebookNode:
    """The notebook as Sphinx gets it; `words` are the labels of its language.

    An injected parameter is written into the parameters cell: what is shown is what was run.
    """
    content = nbformat.from_dict(notebook.content)
    injected = {}
    for cell in content.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            injected |= dict(re.findall(r"^(\w+) = (.*)$", cell.source, re.M))
    content.cells = [
        cell for cell in content.cells if "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    tables_shown, cards = 0, ""
    for cell in content.cells:
        if cell.cell_type != "code":
            continue
        # By what a figure can be checked says nothing of it: below everything, folded.
        cards += "".join(f"<pre>{escape(one.text)}</pre>\n" for one in cell.outputs if _card(one))
        cell.outputs = [output for output in cell.outputs if not _card(output)]
        tags = cell.metadata.setdefault("tags", [])
        if "parameters" in tags:
            for name, value in injected.items():
                cell.source = re.sub(
                    rf"(?m)^{name} = .*?(?=  #|$)", f"{name} = {value}", cell.source
                )
        elif "hide-input" not in tags:
            tags.append("hide-input")
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = lightened(output.data["image/png"])
            if "text/html" in output.get("data", {}):
                tables_shown += 1  # each region of a page needs a name of its own
                label = f"{words['site.table']} {tables_shown}"
                output.data["text/html"] = readable(output.data["text/html"], label)
    content.cells = _parameters_last(content.cells)
    if cards:
        folded = f"<details><summary>{words['site.notebook.cards']}</summary>\n{cards}</details>"
        content.cells.append(nbformat.v4.new_markdown_cell(folded, id="cards"))
    content.metadata.pop("nbproof", None)
    return content


def _card(output: NotebookNode) -> bool:
    return output.output_type == "stream" and output.text.startswith("figure    ")


def _parameters_last(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The answer comes before what can be changed: the section of the parameters goes to the end."""
    first = [i for i, one in enumerate(cells) if "parameters" in one.metadata.get("tags", [])]
    if not first:
        return cells
    heads = [
        i for i, one in enumerate(cells) if one.cell_type == "markdown" and one.source[:3] == "## "
    ]
    start = max((i for i in heads if i < first[0]), default=first[0])
    end = min((i for i in heads if i > first[0]), default=len(cells))
    return [*cells[:start], *cells[end:], *cells[start:end]]


def readable(html: str, label: str) -> str:
    """A DataFrame's HTML without its own style, without empty headings, scrolling by itself."""
    html = re.sub(r"<style.*?</style>", "", html, flags=re.S)
    html = re.sub(r"<th[^>]*>\s*</th>", "<td></td>", html)
    # The numbers of the rows say nothing.
    counted = [int(n) for n in re.findall(r"<tr>\s*<th>(\d+)</th>", html)]
    if counted and counted == list(range(len(counted))) and len(counted) == html.count("<tr>"):
        html = re.sub(r"(<tr[^>]*>\s*)(?:<th>\d+</th>|<td></td>)", r"\1", html)
    html = html.replace(' border="1"', "").replace('style="text-align: right;"', "")
    found = re.search(r"<table.*</table>", html, re.S)
    return scrolling(found[0], label) if found else html


def _prose(content: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in content.cells if cell.cell_type == "markdown"]
