"""Translations of the study's prose: gettext catalogues in site/locale, one a page.

Sphinx fills them into the site's pages, a run into the notebook that it leaves; the data packages'
descriptions have one of their own, `dictionary.po`, read here.
"""

import re
from collections.abc import Callable
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from nbproof.study import Study

DICTIONARY = "dictionary"
# A heading, an item or a paragraph of Markdown, with the sign before it; Sphinx calls each a message.
MESSAGE = re.compile(r"(?m)^( *(?:#+ |[-*] |\d+\. )?)(\S.*(?:\n(?! *(?:#+ |[-*] |\d+\. |$)).+)*)")


def folder(study: Study, language: str) -> Path:
    return study.root / "site" / "locale" / language / "LC_MESSAGES"


def read(study: Study, language: str, name: str) -> Catalog:
    """A catalogue; an empty one where the file does not exist yet."""
    file = folder(study, language) / f"{name}.po"
    return read_file(file, language) if file.is_file() else Catalog(locale=language)


def read_file(file: Path, language: str | None = None) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def speaker(study: Study, language: str, name: str) -> Callable[[str], str]:
    """A function from an English text to its translation, or to itself where there is none."""
    catalogue = read(study, language, name)
    known = {m.id: m.string for m in catalogue if m.id and m.string and not m.fuzzy}
    return lambda text: known.get(text, text)


def prose(study: Study, language: str, name: str) -> Callable[[str], str]:
    """A function from a Markdown text to the same text with every message translated that can be."""
    say = speaker(study, language, name)

    def said(found: re.Match) -> str:
        text = found[2].replace("\n", " ")
        return found[0] if say(text) == text else found[1] + say(text)

    return lambda text: MESSAGE.sub(said, text)


def update(study: Study, language: str, templates: dict[str, list[str]]) -> None:
    """Bring the catalogues to the texts that pages have now; what fits nowhere any more goes.

    templates: the English texts of each catalogue, in the page's order. A text that stands on
    several pages is translated once.
    """
    place = folder(study, language)
    known = {}
    for file in sorted(place.rglob("*.po")):
        known |= {m.id: m.string for m in read_file(file, language) if m.id and m.string}
    for name, texts in templates.items():
        new = Catalog(locale=language, fuzzy=False)
        for text in texts:
            new.add(text, known.get(text, ""))
        file = place / f"{name}.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            write_po(opened, new, width=100, omit_header=True)


def untranslated(study: Study, language: str, templates: dict[str, list[str]]) -> dict[str, list]:
    """The texts of each catalogue that have no translation."""
    missing = {}
    for name, texts in templates.items():
        known = {m.id for m in read(study, language, name) if m.id and m.string and not m.fuzzy}
        lacking = [text for text in texts if text not in known]
        if lacking:
            missing[name] = lacking
    return missing
