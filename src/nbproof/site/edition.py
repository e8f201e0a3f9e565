"""A study's site in one language: what its pages are made from, and the templates that make them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from nbproof import catalogues, escape, labels
from nbproof.labels import Labels
from nbproof.site import dictionary, figures, markup, notebooks, pictures
from nbproof.site.settings import Settings, read
from nbproof.study import Study

DOWNLOADS = "downloads"
LIVE = "live"  # what pages compute with in the reader's browser, where it has been built


class Missing(jinja2.StrictUndefined):
    """May be asked for, as in `if field.pattern`, but never printed."""

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Edition:
    """One language of the site. `runs`: its executed notebooks; `shown`: its figures, in their order."""

    study: Study
    words: Labels
    settings: Settings | None = None
    runs: list[notebooks.Executed] = field(default_factory=list)
    shown: list[figures.Shown] = field(default_factory=list)
    packages: dict[str, dict] = field(default_factory=dict)

    @classmethod
    def of(cls, study: Study, language: str) -> "Edition":
        """Raises StudyError where a run, a setting or a label is missing."""
        runs = notebooks.executed(study, language)
        shown = [figure for run in runs for figure in figures.shown(run)]
        words = labels.load(language, study)
        return cls(study, words, read(study), runs, shown, dictionary.packages(study))

    @property
    def language(self) -> str:
        return self.words.language

    def say(self, text: str, catalogue: str = catalogues.DICTIONARY) -> str:
        """An English text in the edition's language, or itself where it is untranslated."""
        return self._speaker(catalogue)(text)

    @cached_property
    def _speaker(self) -> Callable[[str], Callable[[str], str]]:
        return cache(partial(catalogues.speaker, self.study, self.language))

    def title(self, run: notebooks.Executed) -> str:
        return self.say(run.title, f"notebooks/{run.name}")

    def question(self, run: notebooks.Executed) -> str:
        return self.say(run.question, f"notebooks/{run.name}").partition("** ")[2]

    def heading(self, thing: dict) -> str:
        """The title of a package, table or column in the edition's language."""
        return thing.get(f"title_{self.language}") or self.say(thing.get("title") or thing["name"])

    def size(self, figure: figures.Shown, width: int) -> tuple[int, int]:
        file = self.study.figures / f"{figure.name}.{self.language}.png"
        return pictures.size(file, width, figure.below[0])

    @cached_property
    def columns(self) -> dict[str, str]:
        """What the data dictionary calls a column of this name, computed tables first."""
        fields = [
            column
            for package in self.packages.values()
            for table in package["resources"]
            for column in table.get("schema", {}).get("fields", [])
        ]
        return {column["name"]: self.heading(column) for column in reversed(fields)}

    def drawings(self, figure: figures.Shown) -> list[dict]:
        """A figure's SVG, and its SVG for a phone where there is one: address, width and height."""
        endings = [kind for kind in ("svg", "phone.svg") if kind in figure.files]
        found = []
        for ending, below in zip(endings, figure.below, strict=True):
            name = f"{figure.name}.{self.language}.{ending}"
            part, width, height = pictures.drawing(self.study.figures / name, below)
            found.append({"address": name + part, "width": width, "height": height})
        return found

    def render(self, template: str, **values) -> str:
        """A template of the study's packages, the most special one first; HTML comes in one block."""
        text = self._templates.get_template(template).render(**values)
        # To Markdown an empty line ends a block of HTML, and an indented one after it is code.
        return text if template.endswith(".md") else re.sub(r"\n\s*", "\n", text).strip()

    @cached_property
    def _templates(self) -> jinja2.Environment:
        packages = (*reversed(self.study.face.packages), __package__.partition(".")[0])
        folders = [Path(str(resources.files(name))) / "site" / "templates" for name in packages]
        made = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=lambda name: name is None or name.endswith(".html"),
            undefined=Missing,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        words = self.words
        made.globals |= {
            "site": self, "words": words, "fill": words.fill, "number": words.number,
            "downloads": DOWNLOADS, "foreign": "en" if self.language != "en" else None,
            "heading": self.heading, "anchor": dictionary.anchor,
            "part": lambda template, **values: Markup(self.render(template, **values)),
        }  # fmt: skip
        made.filters |= {
            "text": escape.markdown,
            "cell": markup.cell,
            "day": lambda when: markup.day(when, self.language),
        }
        return made
