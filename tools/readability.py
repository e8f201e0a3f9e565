"""How long the sentences are that a reader meets: words a sentence, in English and in Turkish.

    python tools/readability.py [FOLDER]

FOLDER: a copy of this repository, such as an earlier state of it; default, this one. Code, links'
addresses, tables and headings are left out; a placeholder of a label counts as one word.
"""

import re
import statistics
import sys
import tomllib
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
ROOT = ROOT if len(sys.argv) > 1 else ROOT.parents[1]
END = re.compile(r"(?<=[.!?])[\"”’*)]*\s+(?=[\"“‘*(]*[A-ZÇĞİÖŞÜ0-9{`])")
SILENT = (r"```.*?```", r"<[^>]+>", r"^(?:\||    |#).*$", r"\]\([^)]*\)", r"^\s*(?:[-*]|\d+\.) ")


def sentences(text: str) -> list[int]:
    """The number of words of each sentence; what ends without a full stop is none."""
    for pattern in SILENT:
        text = re.sub(pattern, "\n\n" if pattern.startswith("^") else " ", text, flags=re.M | re.S
                      if pattern.startswith("`") else re.M)  # fmt: skip
    text = re.sub(r"\{[^}]*\}|`[^`]*`", "X", text)
    parts = [part.strip() for block in re.split(r"\n\s*\n", text) for part in END.split(block)]
    return [len(part.split()) for part in parts if part.endswith((".", "?", "!"))]


def catalogues(folder: str, language: str) -> str:
    texts = []
    for file in sorted((ROOT / "site/locale/tr/LC_MESSAGES").glob(folder)):
        with file.open("rb") as opened:
            found = [m for m in read_po(opened) if m.id and m.string]
        texts += [m.id if language == "en" else m.string for m in found]
    return "\n\n".join(texts)


def labels(language: str) -> str:
    texts = []
    for file in sorted(ROOT.glob(f"src/*/labels/{language}/*.toml")):
        rooms = [tomllib.loads(file.read_text(encoding="utf-8"))]
        while rooms:
            for value in rooms.pop().values():
                rooms.append(value) if isinstance(value, dict) else texts.append(str(value))
    return "\n\n".join(texts)


def documents(language: str) -> str:
    files = [file for file in sorted(ROOT.glob("docs/*.md")) if file.with_suffix(".tr.md").exists()]
    if language == "tr":
        files = [file.with_suffix(".tr.md") for file in files]
    return "\n\n".join(file.read_text(encoding="utf-8") for file in files)


def readme(language: str) -> str:
    name = "README.md" if language == "en" else "README.tr.md"
    return (ROOT / name).read_text(encoding="utf-8")


GROUPS = {
    "README": readme,
    "notebooks": lambda language: catalogues("notebooks/*.po", language),
    "labels": labels,
    "documents": documents,
    "site pages": lambda language: catalogues("[!d]*.po", language),
    "data dictionary": lambda language: catalogues("dictionary.po", language),
}

if __name__ == "__main__":
    print(f"{'words a sentence':<18}{'EN median':>11}{'EN 90%':>8}{'TR median':>11}{'TR 90%':>8}")
    whole = {"en": [], "tr": []}
    for name, group in GROUPS.items():
        cells = []
        for language, found in whole.items():
            lengths = sentences(group(language))
            found += lengths
            cells += [statistics.median(lengths), statistics.quantiles(lengths, n=10)[-1]]
        print(f"{name:<18}{cells[0]:>11g}{cells[1]:>8.0f}{cells[2]:>11g}{cells[3]:>8.0f}")
    cells = [
        (statistics.median(x), statistics.quantiles(x, n=10)[-1], len(x)) for x in whole.values()
    ]
    (a, b, n), (c, d, m) = cells
    print(f"{'all':<18}{a:>11g}{b:>8.0f}{c:>11g}{d:>8.0f}   ({n} and {m} sentences)")
