"""The collection as one PDF a language, typeset from the executed notebooks: nothing in it is typed."""

import html
import json
import pkgutil
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from nbproof import catalogues, citation, labels
from nbproof.figures import style
from nbproof.files import own_temporary_folder, write_bytes
from nbproof.site.edition import Edition
from nbproof.site.notebooks import Executed
from nbproof.study import Study, StudyError

TEMPLATE = Path(__file__).with_name("templates") / "companion.typ"
STANDARDS = ["a-2a", "ua-1"]
INLINE = re.compile(r"\*\*(\S.*?)\*\*|\*(\w[^*]*?)\*|`(.+?)`|\[([^]]+)\]\((https?:[^)]+)\)")
KINDS = (None, "strong", "emph", "code", "link")
LITERATURE = "docs/literature.bib"


def name(language: str) -> str:
    """What the PDF of a language is called."""
    return f"companion.{language}.pdf"


def installed() -> bool:
    """Whether the typesetter is there: nothing else needs it."""
    return find_spec("typst") is not None


def write(study: Study, folder: Path) -> list[Path]:
    """A PDF in each language in `folder`; the same results give the same bytes.

    Raises StudyError if the typesetter or a run is missing, or the PDF would break PDF/A-2a or PDF/UA-1.
    """
    if not installed():
        raise StudyError("typst is not installed. Run `make pdf`, or install the extra `archive`.")
    made = {name(language): _typeset(Edition.of(study, language)) for language in labels.LANGUAGES}
    for file, data in made.items():
        write_bytes(folder / file, data)
    return [folder / file for file in made]


def _typeset(edition: Edition) -> bytes:
    import typst

    study = edition.study
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as scratch:
        root = Path(scratch)
        shutil.copy(TEMPLATE, root)
        for figure in edition.shown:
            shutil.copy(study.figures / f"{figure.name}.{edition.language}.svg", root)
        if (study.root / LITERATURE).is_file():
            # BibTeX's signs of quotation mean nothing to the typesetter.
            said = (study.root / LITERATURE).read_text(encoding="utf-8")
            said = said.replace("``", "“").replace("''", "”")
            (root / Path(LITERATURE).name).write_text(said, encoding="utf-8")
        (root / "content.json").write_text(json.dumps(content(edition)), encoding="utf-8")
        try:
            return typst.compile(
                root / TEMPLATE.name, root=root, format="pdf", pdf_standards=STANDARDS,
                font_paths=[style.FACES[400].parent], ignore_system_fonts=True,
            )  # fmt: skip
        except typst.TypstError as error:
            raise StudyError(f"{name(edition.language)}: {error.message} {error.hints}") from None


def content(edition: Edition) -> dict:
    """What the template sets: texts in pieces, figures, and the tables that the study adds."""
    words, study, entry = edition.words, edition.study, citation.about(edition.study)
    released: date = entry["released"]
    own = pkgutil.resolve_name(study.face.companion)(edition) if study.face.companion else {}
    prefix = "companion."
    return {
        "language": edition.language, "title": edition.settings.title[edition.language],
        "description": edition.settings.description[edition.language],
        "author": entry["authors"][0].get("name", ""),
        "date": [released.year, released.month, released.day], "version": f"{entry['version']}",
        "citation": citation.plain(study.root / "CITATION.cff").split("\n\n"),
        "words": {key.removeprefix(prefix): words[key] for key in words if key.startswith(prefix)},
        "notebooks": [_notebook(edition, run) for run in edition.runs],
        "figures": [asdict(figure) for figure in edition.shown],
        "literature": Path(LITERATURE).name if (study.root / LITERATURE).is_file() else "",
        "tables": [], "statements": {}, **own,
    }  # fmt: skip


def _notebook(edition: Edition, run: Executed) -> dict:
    said = catalogues.prose(edition.study, edition.language, f"notebooks/{run.name}")
    return {
        "name": run.name, "title": edition.title(run), "question": pieces(edition.question(run)),
        "findings": [pieces(text) for text in run.reading()],
        "method": [pieces(text) for text in _section(run, "Method", said)],
        "limits": [pieces(text) for text in _section(run, "Limits", said)],
    }  # fmt: skip


def _section(run: Executed, heading: str, said) -> Iterable[str]:
    """The paragraphs, or the points, of a section that a person has written, in the edition's language."""
    for cell in run.content.cells:
        if cell.cell_type == "markdown" and cell.source.startswith(f"## {heading}\n"):
            text = said(cell.source).partition("\n")[2].strip()
            yield from (part.removeprefix("- ") for part in re.split(r"\n\n|\n(?=- )", text))


def pieces(text: str) -> list[dict]:
    """Markdown as runs of plain, strong, emphasised, code and linked text, for the typesetter."""
    text = html.unescape(re.sub(r"<span>\\(.)</span>", r"\1", text.replace("\n", " ")))
    found, end = [], 0
    for match in INLINE.finditer(text):
        kind = KINDS[match.lastindex - (match.lastindex == len(KINDS))]
        found += [
            {"text": text[end : match.start()]},
            {"kind": kind, "text": match[KINDS.index(kind)]},
        ]
        if kind == "link":
            found[-1]["to"] = match[5]
        end = match.end()
    return [one for one in [*found, {"text": text[end:]}] if one["text"]]
