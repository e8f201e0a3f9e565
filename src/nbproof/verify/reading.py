"""The committed pictures, read back into the committed tables: see `readers`."""

import functools
import io
import re
from collections.abc import Iterator, Mapping

import pandas as pd

from nbproof import labels
from nbproof.figures import record, style
from nbproof.study import Study, StudyError
from nbproof.verify import drawing, readers, sentences
from nbproof.verify.figures import LANGUAGES
from nbproof.verify.finding import Finding, redraw, shortened

LOOK = re.compile(r"<style>.*?</style>", re.S)


def check(study: Study, names: Mapping[str, str]) -> Iterator[Finding]:
    """Each figure's SVG files, in each language: marks, title, description and colours.

    names: each figure with the notebook that draws it.
    """
    for name, notebook in names.items():
        about = record.find([study.notebooks / f"{notebook}.ipynb"], name)
        try:
            figure = study.own(f"{about['module']}:FIGURE")
        except (StudyError, TypeError, KeyError, ImportError, AttributeError):
            continue  # no card: said elsewhere
        for language in LANGUAGES:
            table = f"figures/{name}.{language}.csv"
            for file in (f"figures/{name}.{language}.svg", f"figures/{name}.{language}.phone.svg"):
                if study.holds(file) and study.holds(table):
                    see = redraw(notebook, language)
                    data = (study.root / file).read_bytes()
                    for said, *pair in differences(study, figure, data, table, language):
                        yield Finding(
                            "pictures read back", file, "", said, see, *map(shortened, pair)
                        )


def differences(
    study: Study, figure: record.Record, data: bytes, table: str, language: str, dark: bool = True
) -> Iterator[tuple[str, str, str]]:
    """What an SVG shows and the table of a figure does not give: said, shown, given."""
    try:
        rows, words, facts = _facts((study.root / table).read_bytes(), language, study)
        yield from list(told(figure, data, rows, words, dark, facts))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        yield f"cannot be read as a drawing of its table ({shortened(error)})", "", ""


@functools.lru_cache(maxsize=2)  # a figure's files share their table
def _facts(table: bytes, language: str, study: Study):
    rows, words = pd.read_csv(io.BytesIO(table)), labels.load(language, study)
    return rows, words, sentences.Facts(rows, words)


def told(
    figure: record.Record, data: bytes, rows: pd.DataFrame, words: labels.Labels, dark: bool = True,
    facts: sentences.Facts | None = None,
) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    """The same of a table that is read already. dark: look at the colours for the dark, too."""
    seen = drawing.read(data)
    for lost in readers.compare(seen, rows, figure.readings, words):
        yield lost.said, lost.picture, lost.table
    facts = facts or sentences.Facts(rows, words)
    largest = max(seen.texts, key=lambda text: text.size, default=None)
    if largest and largest.words != seen.title:
        yield "its name for screen readers is not its title", seen.title, largest.words
    labelled = [text.words for axes in seen.axes for text in axes.texts]
    for what, texts in {
        "description": [seen.alt],
        "title": [seen.title],
        "label": labelled,
    }.items():
        for pair in dict.fromkeys(pair for text in texts for pair in sentences.wrong(text, facts)):
            yield f"its {what} says what the table does not give", pair, ""
    spoken = {
        "title": [seen.title],
        "description": [seen.alt],
        "label": [t.words for t in seen.texts],
    }
    for what, texts in () if figure.joins else spoken.items():
        ticks = {label for axes in seen.axes for side in axes.ticks.values() for _, label in side}
        for said in dict.fromkeys(
            n for t in texts if t not in ticks for n in sentences.unknown(t, facts)
        ):
            yield f"its {what} says a number that the table does not give", said, ""
    for said in sentences.strange([text.said for text in seen.texts], facts):
        yield "its words are neither labels nor names of the table", said, ""
    paper = {axes.ground for axes in seen.axes} - {"", *(one.look.fill for one in seen.shapes[:1])}
    if paper:
        yield "its axes stand on other colours than paper", ", ".join(sorted(paper)), ""
    text = data.decode()
    look = LOOK.search(text)
    if dark and look and style.dark(LOOK.sub("", text, count=1)) not in look[0]:
        yield "its colours for the dark are not those that stand for the drawing's own", "", ""
