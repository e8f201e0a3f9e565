"""Label files: the same keys and the same places for numbers in every language."""

import string
import tomllib
from collections.abc import Iterator

from nbproof.labels import flat
from nbproof.study import Study
from nbproof.verify.finding import Finding

FOLDERS = "src/*/labels"


def check(study: Study) -> Iterator[Finding]:
    """A study whose library lies elsewhere has no label files of its own."""
    files = study.root.glob(f"{FOLDERS}/*/*.toml")
    for folder, room in sorted({(path.parent.parent, path.name) for path in files}):
        texts = {}
        for language in ("en", "tr"):
            path = folder / language / room
            file = study.name(path)
            try:
                texts[file] = flat(tomllib.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError) as error:
                yield Finding(
                    "labels", file, "", f"cannot be read ({error})", f"git diff -- {file}"
                )
        if len(texts) == 2:
            yield from _compare(texts)


def _compare(texts: dict[str, dict[str, str]]) -> Iterator[Finding]:
    (one, first), (other, second) = texts.items()
    see = f"git diff -- {one} {other}"
    for key in sorted(first.keys() | second.keys()):
        if key not in first or key not in second:
            file, there = (one, other) if key not in first else (other, one)
            yield Finding("labels", file, key, f"missing; {there} has it", see)
            continue
        places = [_places(text) for text in (first[key], second[key])]
        if None in places:
            file = one if places[0] is None else other
            said = "not a template: a brace that is not closed, or a value that is no text"
            yield Finding("labels", file, key, said, f"git diff -- {file}")
        elif places[0] != places[1]:
            said = "the two languages fill in other values"
            yield Finding("labels", other, key, said, see, second[key], first[key])


def _places(text: str) -> set[str] | None:
    """The names in a template; None if it is none."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except (TypeError, ValueError):
        return None
