"""What is said of an archive, for people and for machines; everything comes from the study's own files."""

import hashlib
import json
import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import Path

import jinja2

from nbproof import citation, labels
from nbproof.deposit.tracked import MANIFEST, PLACE
from nbproof.figures import record
from nbproof.pipeline import checksums, collection, graph
from nbproof.site.dictionary import packages
from nbproof.site.edition import Missing
from nbproof.study import SETTINGS, Study, StudyError
from nbproof.verify import report

# Croissant's names of the types of a schema's columns; others are text.
TYPES = {"integer": "Integer", "number": "Float", "boolean": "Boolean", "date": "Date"}
TEMPLATES = {
    "ro-crate-metadata.json": "ro-crate.json", "croissant.json": "croissant.json",
    "datacite.json": "datacite.json", ".zenodo.json": "zenodo.json", "DEPOSIT.md": "DEPOSIT.md",
}  # fmt: skip
SOURCES = ("data/raw/", "data/reference/", "data/additions/", "data/sensitivity/")


def write(study: Study, content: Mapping[str, bytes], swhid: str, commit: str) -> dict[str, bytes]:
    """DEPOSIT.md and the metadata of an archive that holds `content`, by their names.

    study: the folder as the archive holds it. swhid, commit: what its own files are.
    """
    about = {**facts(study, content), "swhid": swhid, "commit": commit}
    try:
        texts = {
            name: environment().get_template(file).render(about) for name, file in TEMPLATES.items()
        }
    except jinja2.UndefinedError as error:
        raise StudyError(f"CITATION.cff: an archive needs more of it ({error}).") from None
    return {name: _proved(name, text).encode() for name, text in texts.items()}


def environment() -> jinja2.Environment:
    """What fills the templates of this folder."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")), undefined=Missing,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def _proved(name: str, text: str) -> str:
    """JSON as one writes it; a crate as the library writes it that reads it."""
    if not name.endswith(".json"):
        return text
    found = json.loads(text)
    if name.startswith("ro-crate"):
        from rocrate.rocrate import ROCrate

        crate = ROCrate(found)
        crate.metadata.extra_terms.update(found["@context"][1])
        found = crate.metadata.generate()
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def facts(study: Study, content: Mapping[str, bytes]) -> dict:
    """What the templates are filled with."""
    cff = citation.about(study)
    tables = [
        {**one, "file": f"data/{folder}/{one['path']}", "package": folder}
        for folder, package in packages(study).items()
        for one in package["resources"]
        if one["path"].endswith(".csv")
    ]
    for table in tables:
        table["sha256"] = hashlib.sha256(content[table["file"]]).hexdigest()
    stated = (
        one["name"] for found in packages(study).values() for one in found.get("licenses", [])
    )
    # The names of data packages are free; those of SPDX lead somewhere.
    licenses = {
        name: f"https://spdx.org/licenses/{name}" if name[0].isupper() else ""
        for name in sorted({cff["license"], *stated})
    }
    references = cff.get("references", [])
    steps = _steps(study, content)
    return {
        "cff": cff, "citation": citation.plain(study.root / "CITATION.cff"),
        "released": cff["released"],
        "authors": [f"#author-{number}" for number, _ in enumerate(cff["authors"], 1)],
        "references": references,
        "based": [f"https://doi.org/{one['doi']}" for one in references if "doi" in one],
        "licenses": licenses, "tables": tables,
        "described": {table["file"]: table for table in tables}, "types": TYPES,
        "kind": mimetypes.guess_type, "steps": steps,
        "makers": {name: step for step in steps for name in step["writes"]},
        "record": report.read(study), "summary": report.summary, "command": study.face.command,
        "manifest": MANIFEST, "place": PLACE,
        "names": {name: len(data) for name, data in content.items()},
        "languages": labels.LANGUAGES,
    }  # fmt: skip


def _steps(study: Study, content: Mapping[str, bytes]) -> list[dict]:
    """What was read and written, step by step; of what is read, the files that the archive holds."""
    tables = [name for name in content if name.endswith(".csv")]
    read = [name for name in tables if name.startswith(SOURCES)]
    written = [name for name in tables if name.startswith("data/processed/")]
    steps = [_step(graph.CLEAN, [SETTINGS], read, written, content)]
    for path in collection.members(study):
        own, opened = study.name(path), graph.declared(path)
        shown = record.published(checksums.notebook(path))
        figures = [f"figures/{said['name']}" for _, said in shown]
        for language in labels.LANGUAGES:
            drawn = tuple(f"{figure}.{language}." for figure in figures)
            made = [name for name in content if drawn and name.startswith(drawn)]
            # An English run stands in its notebook; that of another language is a file of its own.
            run = own if language == "en" else f"{PLACE}/notebooks/{language}/{path.name}"
            step = _step(f"{path.stem}:{language}", [own], opened, [*made, run], content)
            steps.append(step)
    return [step for step in steps if step["writes"]]


def _step(name: str, code: list, reads: Iterable, writes: list, held: Mapping) -> dict:
    ends = {"code": code, "reads": reads, "writes": writes}
    held_only = {key: sorted(set(files) & held.keys()) for key, files in ends.items()}
    return {"id": f"#{name}", "name": name, **held_only}
