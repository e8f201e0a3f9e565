"""Words and sentence templates of one language, filled with numbers in that language's form.

Each package keeps its own in `labels/`, a folder a language. What stands before the first dot of a name
is its file: "timeline.title" is `title` in the table [timeline] of timeline.toml; what has no file of its
own is in common.toml. A file is read when it is first needed, so that what asks for no word of it does
not depend on it. Those of a more special package stand in the place of a more general one's, and those
of [words.LANGUAGE] in a study's study.toml in the place of all. What only study.toml names, its face's
`words` name.
"""

import functools
import pkgutil
import string
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any, cast

from babel.numbers import format_decimal, format_percent

from nbproof import escape
from nbproof.files import toml
from nbproof.labels import turkish
from nbproof.study import Study, StudyError, around

UNKNOWN = {"nan", "<NA>", "NaT"}  # as pandas writes them
LANGUAGES = ("en", "tr")
COMMON = "common"


class _Sentence(string.Formatter):
    """Templates such as "{n} {n:row|rows} in {first:y}, {share:%}".

    A format after the colon: `y` a year (never grouped), `%` a share as a percentage, `a|b` the word
    for one and for any other number; a number without a format is grouped as the language does. After an
    apostrophe: a case of `turkish.ENDINGS`, as in "{n:'i}" for 165'i. A number that is not known is a dash.
    """

    def __init__(self, language: str):
        self.language = language

    def format_field(self, value: Any, spec: str) -> str:
        if str(value) in UNKNOWN and not isinstance(value, str):
            return "–"
        if "'" in spec:
            spec, case = spec.split("'")
            return turkish.inflect(self.format_field(value, spec), case)
        if "|" in spec:
            one, many = spec.split("|")
            return one if value == 1 else many
        if spec == "y":
            return str(int(value))
        if spec == "%":
            pattern = "%#,##0" if self.language == "tr" else "#,##0%"
            return format_percent(value, pattern, locale=self.language)
        if isinstance(value, str):
            return value
        return format_decimal(value, spec or "#,##0.##", locale=self.language)


def Markdown(text: str) -> Any:
    """IPython's Markdown of a filled template: what a name brings stays text."""
    from IPython.display import Markdown

    return Markdown(escape.sentence(text))


class Labels:
    """The labels of one language: `labels["region.Asia"]`, `labels.fill("timeline.title", n=3)`."""

    def __init__(self, language: str, texts: Mapping[str, str]):
        self.language = language
        self._texts: Any = texts
        self._sentence = _Sentence(language)

    def __getitem__(self, key: str) -> str:
        try:
            return self._texts[key]
        except KeyError:
            raise StudyError(f"labels/{self.language}/ has no entry {key!r}.") from None

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def room(self, key: str) -> dict[str, str]:
        """The texts of the file that holds `key`; what is changed there is said from then on."""
        return self._texts._room(key.partition(".")[0])

    def fill(self, key: str, /, **values: object) -> str:
        """The template `key` with `values` in this language's form."""
        try:
            return self._sentence.format(self[key], **values)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            given = ", ".join(values) or "nothing"
            raise StudyError(
                f"labels/{self.language}/, entry {key!r}: {self[key]!r} cannot be filled "
                f"({type(error).__name__}: {error}). Given: {given}. Compare it with the other language's."
            ) from None

    def say(self, key: str, /, **values: Any) -> None:
        """Show the filled template `key` in a notebook."""
        from IPython.display import display

        display(Markdown(self.fill(key, **values)))

    def number(self, value: float, digits: str = "#,##0.##") -> str:
        """A number in this language's form."""
        return format_decimal(value, digits, locale=self.language)

    def column(self, name: str) -> str:
        """The column of a table that has `name` in this language."""
        return name if self.language == "en" else f"{name}_{self.language}"

    def listing(self, items: Iterable[str]) -> str:
        """`items` as a list in prose: a, b and c."""
        items = list(items)
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + f" {self['word.and']} " + items[-1]


def load(language: str, study: Study | None = None) -> Labels:
    """The labels of `language` ("en" or "tr") in the packages of `study`.

    study: default, the one around the working directory. Raises StudyError for another language.
    """
    if language not in LANGUAGES:
        raise StudyError(f"language {language!r}: expected one of {', '.join(LANGUAGES)}.")
    study = study or around()
    own = flat(study.settings.get("words", {}).get(language, {}))
    packages = (__name__.partition(".")[0], *study.face.packages)
    if study.face.words:
        own = pkgutil.resolve_name(study.face.words)(study, _load(language, packages)) | own
    return _load(language, packages, tuple(own.items()))


@functools.cache
def _load(
    language: str, packages: tuple[str, ...], own: tuple[tuple[str, str], ...] = ()
) -> Labels:
    texts = _Texts(language, packages)
    return Labels(language, ChainMap(dict(own), cast(Any, texts)) if own else texts)


class _Texts(Mapping):
    """Texts by their whole names, from files that are read when they are needed."""

    def __init__(self, language: str, packages: tuple[str, ...]):
        self._language = language
        self._folders = {name: resources.files(name) / "labels" / language for name in packages}
        self._rooms: dict[str, dict[str, str]] = {}

    def __getitem__(self, key: str) -> str:
        room = key.partition(".")[0]
        own = self._room(room)
        return own[key] if own else self._room(COMMON)[key]

    def __iter__(self) -> Iterator[str]:
        # An editor's own files lie beside them now and then.
        names = {
            file.name.removesuffix(".toml")
            for folder in self._folders.values()
            for file in folder.iterdir()
            if file.name.endswith(".toml") and not file.name.startswith(".")
        }
        return (key for name in sorted(names) for key in self._room(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _room(self, name: str) -> dict[str, str]:
        if name not in self._rooms:
            found: dict[str, str] = {}
            for package, folder in self._folders.items():
                file = folder / f"{name}.toml"
                if name.isidentifier() and file.is_file():
                    found |= flat(toml(file, f"src/{package}/labels/{self._language}/{name}.toml"))
            self._rooms[name] = found
        return self._rooms[name]


def flat(tree: dict, prefix: str = "") -> dict[str, str]:
    """The texts of a TOML file by their whole names, such as "timeline.panel.left"."""
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = str(value)
    return found
