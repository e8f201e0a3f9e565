"""How to cite a study: its CITATION.cff as a sentence or as BibTeX."""

from pathlib import Path

import yaml

from nbproof.study import StudyError


def plain(file: Path) -> str:
    """The collection, then each reference, a line each."""
    entries = _entries(file)
    return "\n\n".join(
        f"{_people(e, '; ')} ({e['year']}). {e['title']}."
        + (f" {e['journal']} {e['volume']}({e['issue']}): {e['start']}–{e['end']}." if "journal" in e else "")
        + (f" Version {e['version']}." if "version" in e else "")
        + (f" https://doi.org/{e['doi']}" if "doi" in e else "")
        for e in entries
    )  # fmt: skip


def bibtex(file: Path) -> str:
    """The same as BibTeX entries."""
    return "\n\n".join(_entry(entry) for entry in _entries(file))


def literature(file: Path) -> str:
    """The works around a study, as its BibTeX file (docs/literature.bib) lists them."""
    return _read(file).rstrip()


def _entry(entry: dict) -> str:
    article = "journal" in entry
    fields = {
        "author": _people(entry, " and "),
        "title": "{" + entry["title"] + "}",
        "year": entry["year"],
        "journal": entry.get("journal"),
        "volume": entry.get("volume"),
        "number": entry.get("issue"),
        "pages": f"{entry['start']}--{entry['end']}" if article else None,
        "version": entry.get("version"),
        "doi": entry.get("doi"),
    }
    key = (entry["authors"][0].get("family-names") or "collection").split()[0] + str(entry["year"])
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{'article' if article else 'software'}{{{key},", *lines, "}"])


def _people(entry: dict, between: str) -> str:
    return between.join(
        ", ".join(filter(None, [a.get("family-names") or a.get("name"), a.get("given-names")]))
        for a in entry["authors"]
    )


def _entries(file: Path) -> list[dict]:
    cff = yaml.safe_load(_read(file))
    own = {**cff, "year": str(cff["date-released"])[:4]}
    return [own, *cff.get("references", [])]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise StudyError(f"{file.name}: cannot be read ({error.strerror}).") from None
