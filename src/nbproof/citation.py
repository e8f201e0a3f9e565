"""How to cite a study, a figure or a statement of it: CITATION.cff as a sentence, BibTeX or CSL-JSON."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import yaml

from nbproof.study import Study, StudyError, UsageError, hint

# What starts a command of LaTeX, or a comment.
SPECIAL = re.compile(r"([%&#_$])")
FORMS = {
    "article": "article-journal",
    "software": "software",
    "figure": "figure",
    "statement": "entry",
}


def plain(file: Path, *parts: dict) -> str:
    """The collection, then each reference, a line each. parts: see `bibtex`."""
    return "\n\n".join(
        f"{_people(e, '; ')} ({e['year']}). {e['title']}."
        + (f" {e['part']}, in: {e['within']}." if "part" in e else "")
        + (f" {e['journal']} {e['volume']}({e['issue']}): {e['start']}–{e['end']}." if "journal" in e else "")
        + (f" Version {e['version']}." if "version" in e else "")
        + (f" https://doi.org/{e['doi']}" if "doi" in e else "")
        for e in _entries(file, parts)
    )  # fmt: skip


def bibtex(file: Path, *parts: dict) -> str:
    """The same as BibTeX entries.

    parts: of the collection (see `figure`, `statement`), cited after collection and references; one alone
    stands in the place of the collection.
    """
    return "\n\n".join(_entry(entry) for entry in _entries(file, parts))


def csl(file: Path, *parts: dict) -> str:
    """The same as CSL-JSON, which Zotero, Mendeley and pandoc read."""
    return json.dumps([_item(e) for e in _entries(file, parts)], ensure_ascii=False, indent=2)


def about(study: Study) -> dict:
    """CITATION.cff, with its day as `released` and the work that the study reproduces as `article`."""
    entry = yaml.safe_load(_read(study.root / "CITATION.cff"))
    released = date.fromisoformat(str(entry["date-released"]))
    return {**entry, "released": released, "article": next(iter(entry.get("references", [])), None)}


def literature(file: Path) -> str:
    """The works around a study, as its BibTeX file (docs/literature.bib) lists them."""
    return _read(file).rstrip()


def figures(study: Study) -> list[dict]:
    """Every figure that the collection's notebooks show, as parts to cite."""
    from nbproof.figures import record
    from nbproof.pipeline import checksums, collection

    shown = {
        said["name"]: said["title"]
        for path in collection.members(study)
        for _, said in record.published(checksums.notebook(path))
    }
    return [
        {"type": "figure", "id": name, "title": title or name, "part": f"Figure {name}"}
        for name, title in shown.items()
    ]


def figure(study: Study, name: str) -> dict:
    """One figure as a part to cite; raises UsageError for an unknown one."""
    return _one(figures(study), "figure", name)


def statement(study: Study, name: str) -> dict:
    """A statement that the study has checked (data/processed/claims.csv) as a part, with its verdict."""
    file = study.data / "processed" / "claims.csv"
    rows = csv.DictReader(_read(file).splitlines(keepends=True))
    found = [
        {"type": "statement", "id": row["id"], "title": row["claim"].rstrip("."),
         "part": f"Statement {row['id']} ({row['verdict']})"}
        for row in rows
    ]  # fmt: skip
    return _one(found, "claim", name)


def _one(found: list[dict], kind: str, name: str) -> dict:
    named = {entry["id"]: entry for entry in found}
    if name not in named:
        near = hint(name, named, 0.4) or f" The first of {len(named)}: {', '.join([*named][:5])}."
        raise UsageError(f"--{kind} {name!r}: there is none.{near}")
    return named[name]


def _entry(entry: dict) -> str:
    article = "journal" in entry
    fields = {
        "author": _people(entry, " and "),
        "title": "{" + SPECIAL.sub(r"\\\1", entry["title"]) + "}", "year": entry["year"],
        "journal": entry.get("journal"), "volume": entry.get("volume"),
        "number": entry.get("issue"),
        "pages": f"{entry['start']}--{entry['end']}" if article else None,
        "note": f"{entry['part']}, in: {entry['within']}" if "part" in entry else None,
        "version": entry.get("version"), "doi": entry.get("doi"),
    }  # fmt: skip
    kind = "article" if article else "misc" if "part" in entry else "software"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{_key(entry)},", *lines, "}"])


def _item(entry: dict) -> dict:
    item = {
        "id": _key(entry), "type": FORMS.get(entry.get("type", ""), "document"),
        "title": entry["title"],
        "author": [
            {"literal": one["name"]} if "name" in one
            else {"family": one["family-names"], "given": one["given-names"]}
            for one in entry["authors"]
        ],
        "issued": {"date-parts": [[int(entry["year"])]]},
        "container-title": entry.get("journal") or entry.get("within"),
        "volume": entry.get("volume"), "issue": entry.get("issue"),
        "page": f"{entry['start']}-{entry['end']}" if "start" in entry else None,
        "note": entry.get("part"), "version": entry.get("version"), "DOI": entry.get("doi"),
    }  # fmt: skip
    return {
        key: value if isinstance(value, dict | list) else str(value)
        for key, value in item.items()
        if value
    }


def _key(entry: dict) -> str:
    first = (entry["authors"][0].get("family-names") or "collection").split()[0]
    return first + str(entry["year"]) + (f"-{entry['id']}" if "part" in entry else "")


def _people(entry: dict, between: str) -> str:
    return between.join(
        ", ".join(filter(None, [a.get("family-names") or a.get("name"), a.get("given-names")]))
        for a in entry["authors"]
    )


def _entries(file: Path, parts: tuple[dict, ...] = ()) -> list[dict]:
    cff = yaml.safe_load(_read(file))
    own = {**cff, "year": str(cff["date-released"])[:4]}
    made = [{**own, **part, "within": own["title"]} for part in parts]
    references = cff.get("references", [])
    return [*made, *references] if len(made) == 1 else [own, *references, *made]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{file.name}: cannot be read ({error.strerror}).") from None
