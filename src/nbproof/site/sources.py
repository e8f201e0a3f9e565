"""Everything that Sphinx reads for one language, laid out in one folder.

Hand-written pages come from the study's `site/pages`, notebooks from their runs; the rest is made
here from tables, figures and data packages.
"""

import json
import pkgutil
import re
import shutil
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path

import nbformat
import pandas as pd
import yaml

from nbproof import citation, labels
from nbproof.labels import Labels
from nbproof.site import (
    benchmark,
    catalogues,
    dictionary,
    figures,
    notebooks,
    settings,
    verification,
)
from nbproof.site.markup import day, link, table
from nbproof.site.pictures import LARGE, size
from nbproof.study import Study

DOWNLOADS = "downloads"
CLUSTER = "docs/cluster.md"
FIRST = 3  # figures on the start page
SAID = 2  # computed sentences a notebook on the start page


def lay_out(study: Study, language: str, folder: Path) -> None:
    """Write every page's source in `language` into `folder`, replacing what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(study.root / "site" / "pages", folder)
    words = labels.load(language, study)
    runs = notebooks.executed(study, language)
    shown = [figure for run in runs for figure in figures.shown(run)]
    titles = {run.name: _title(study, run, language) for run in runs}
    configured = settings.read(study)

    for run in runs:
        _write(
            folder / "notebooks" / f"{run.name}.ipynb", nbformat.writes(notebooks.page(run, words))
        )
    for figure in shown:
        _write(folder / "figures" / f"{figure.name}.md", _figure(study, figure, titles, words))
        _write(folder / "library" / f"{_short(figure.module)}.md", _module(figure.module, words))
    say = catalogues.speaker(study, language, catalogues.DICTIONARY)
    packages = dictionary.packages(study)
    for name, package in packages.items():
        text = dictionary.page(name, package, words, say)
        _write(folder / "data" / f"{name.replace('/', '-')}.md", text)
    if (study.root / CLUSTER).is_file():
        shutil.copy(study.root / CLUSTER, folder / "cluster.md")

    own = pkgutil.resolve_name(study.face.pages)(study, words) if study.face.pages else {}
    if benchmark.has_record(study):
        own["benchmark"] = benchmark.report(study, words)
    computed = {
        **own,
        "figures": _cards(study, shown[:FIRST], words, "figures/"),
        "all-figures": _cards(study, shown, words, ""),
        "findings": _findings(shown, {run.name: run.findings() for run in runs}),
        "figure-list": _toctree([f"/figures/{figure.name}" for figure in shown]),
        "library-list": _modules(shown),
        "notebooks": _notebooks(study, runs, shown, words),
        "notebook-list": _toctree([f"/notebooks/{run.name}" for run in runs]),
        "data-list": _toctree([f"/data/{name.replace('/', '-')}" for name in packages]),
        "verification": verification.report(
            study, words, {figure.name: figure.title for figure in shown}
        ),
        "packages": _packages(packages, words, say),
        "citation": _citation(study, words),
    }
    _leave_out(folder, {*computed, "contents"})
    pages = [*_contents(folder), *(f"/{page}" for page in _more(folder))]
    computed["contents"] = _toctree(pages)
    for name, text in computed.items():
        _write(folder / "computed" / f"{name}.md", text)
    context = {
        "title": configured.title[language],
        "description": configured.description[language],
        "address": configured.address.rstrip("/"),
        "released": _released(study, language),
        "ledger": (folder / "claims.md").is_file(),
        "more": _more(folder),
        "words": {
            key.removeprefix("site.page."): words[key]
            for key in words
            if key.startswith("site.page.")
        },
        "languages": {code: labels.load(code, study)["site.language"] for code in labels.LANGUAGES},
        "launch": {
            run.name: configured.launch(study.name(study.notebooks / run.path.name)) for run in runs
        },
        "previews": {f"figures/{figure.name}": figure.name for figure in shown}
        | {f"notebooks/{figure.notebook}": figure.name for figure in reversed(shown)},
        "first_figure": shown[0].name if shown else "",
        "downloads": f"{DOWNLOADS}/notebooks/" + ("" if language == "en" else f"{language}/"),
    }
    _write(folder / "context.json", json.dumps(context, ensure_ascii=False, indent=2))


def lay_out_prose(study: Study, folder: Path) -> None:
    """The English pages without what is computed: what has to be translated."""
    lay_out(study, "en", folder)
    for made in ("figures", "library", "data"):
        for file in (folder / made).glob("*.md"):
            if not (study.root / "site" / "pages" / made / file.name).is_file():
                file.unlink()
    for file in (folder / "computed").glob("*.md"):
        file.write_text("", encoding="utf-8")
    for file in (folder / "notebooks").glob("*.ipynb"):
        content = nbformat.read(file, as_version=4)
        content.cells = [cell for cell in content.cells if cell.cell_type == "markdown"]
        nbformat.write(content, file)


def _title(study: Study, run: notebooks.Executed, language: str) -> str:
    return catalogues.speaker(study, language, f"notebooks/{run.name}")(run.title)


def _leave_out(folder: Path, computed: set[str]) -> None:
    """Delete the pages that show something computed which this study does not have."""
    for page in folder.glob("*.md"):
        shown = re.findall(r"\{include\} computed/([\w-]+)\.md", page.read_text(encoding="utf-8"))
        if not computed.issuperset(shown):
            page.unlink()


def _contents(folder: Path) -> list[str]:
    """The pages that every page links to, of those that the study has."""
    pages = ("figures/index", "notebooks/index", "data/index", "claims", "students", "known-issues")
    pages += ("cite", "library/index")
    return [f"/{page}" for page in pages if (folder / f"{page}.md").is_file()]


def _more(folder: Path) -> list[str]:
    """The pages that stand in the foot: the report of a run, and those that not every study has."""
    return [
        name
        for name in ("verification", "benchmark", "cluster")
        if (folder / f"{name}.md").is_file()
    ]


def _figure(study: Study, figure: figures.Shown, titles: dict[str, str], words: Labels) -> str:
    name, language = figure.name, words.language
    files = f"../../{DOWNLOADS}/figures/{name}.{language}"
    width, height = size(study.figures / f"{name}.{language}.png", LARGE // 2)
    downloads = "".join(
        f"<li>{link(f'{files}.{kind}', words[f'site.figure.{kind}'], 'download')}</li>"
        for kind in ("png", "svg", "phone.svg", "csv")
        if kind != "phone.svg" or (study.figures / f"{name}.{language}.{kind}").is_file()
    )
    code = link(f"../library/{_short(figure.module)}.html", figure.module)
    notebook = link(f"../notebooks/{figure.notebook}.html", titles[figure.notebook])
    parts = [
        f"# {figure.title}",
        f'<p class="lead">{escape(figure.subtitle)}</p>' if figure.subtitle else "",
        f'<figure class="large"><a href="{files}.png">'
        f'<img src="../../{DOWNLOADS}/pages/{name}.{language}.webp" width="{width}" height="{height}" '
        f'alt="{escape(figure.alt)}"></a></figure>',
        f'<ul class="files">{downloads}</ul>',
        *figure.reading,
        f"## {words['site.figure.description']}",
        f"<p>{escape(figure.alt)}</p>",
        f"## {words['site.figure.made']}",
        f'<dl class="facts"><dt>{escape(words["site.figure.notebook"])}</dt><dd>{notebook}</dd>'
        f"<dt>{escape(words['site.figure.module'])}</dt><dd>{code}</dd></dl>",
        f"## {words['site.figure.card']}",
        words["site.figure.card.text"],
        f"```text\n{figure.card}\n```",
        f"## {words['site.figure.rows']}",
        words.fill("site.figure.rows.text", figure=name),
        *_lineage(study, name, words),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lineage(study: Study, figure: str, words: Labels) -> list[str]:
    """A closed table for each kind of mark, and one of the source rows that they name."""
    kinds = figures.marks(study, figure, words.language)
    parts = [
        _closed(words.fill("site.figure.rows.marks", mark=kind, n=len(rows)), rows, {})
        for kind, rows in kinds.items()
    ]
    rows = figures.rows(study, figure, words.language)
    rows["confidence"] = [value and words[f"confidence.{value}"] for value in rows["confidence"]]
    rows = rows.loc[:, rows.ne("").any()]
    titles = {name: words[f"site.figure.rows.{name}"] for name in rows}
    said = words.fill("site.figure.rows.printed", n=len(rows))
    english = ["corrections", "place"] if words.language != "en" else []
    return [*parts, _closed(said, rows, titles, english)]


def _closed(title: str, rows: pd.DataFrame, titles: dict, english: list[str] = ()) -> str:
    return (
        f"<details><summary>{escape(title)}</summary>\n"
        f"{table(rows, titles, title, english)}\n</details>"
    )


def _short(module: str) -> str:
    return module.rpartition(".")[2]


def _module(module: str, words: Labels) -> str:
    return (
        f"# {module}\n\n{words['site.module.text']}\n\n````python\n{figures.source(module)}````\n"
    )


def _cards(study: Study, shown: list[figures.Shown], words: Labels, folder: str) -> str:
    """Each figure in small under its title; `folder`: where the figures' pages lie from here."""
    root, kind = ("../", "small") if folder else ("../../", "tiny")
    cards = []
    for figure in shown:
        picture = _picture(study, figure, kind, root, words)
        cards.append(
            f'<li><a href="{folder}{figure.name}.html"><div class="crop">{picture}</div>'
            f"<span>{escape(figure.title)}</span></a></li>"
        )
    kind = "cards" if folder else "cards all"
    return f'<ul class="{kind}">\n' + "\n".join(cards) + "\n</ul>"


def _picture(study: Study, figure: figures.Shown, kind: str, root: str, words: Labels) -> str:
    """A figure in a small size ("small", "tiny"); `root`: where downloads lie from here."""
    width, height = size(study.figures / f"{figure.name}.{words.language}.png", 900)
    address = f"{root}{DOWNLOADS}/pages/{figure.name}.{words.language}.{kind}.webp"
    return (
        f'<img src="{address}" width="{width}" height="{height}" loading="lazy" '
        f'alt="{escape(figure.alt)}">'
    )


def _notebooks(
    study: Study, runs: list[notebooks.Executed], shown: list[figures.Shown], words: Labels
) -> str:
    """Each notebook's title and question beside its first figure."""
    first = {figure.notebook: figure for figure in reversed(shown)}
    items = []
    for run in runs:
        say = catalogues.speaker(study, words.language, f"notebooks/{run.name}")
        question = say(run.question).partition("** ")[2]
        picture = ""
        if run.name in first:
            picture = _picture(study, first[run.name], "tiny", "../../", words)
            picture = f'<div class="crop">{picture}</div>'
        items.append(
            f"<li>{picture}<div><h2>{link(f'{run.name}.html', say(run.title))}</h2>"
            f"<p>{escape(question)}</p></div></li>"
        )
    return '<ol class="notebooks">\n' + "\n".join(items) + "\n</ol>"


def _modules(shown: list[figures.Shown]) -> str:
    """Each module with the figures that it draws, and the list that the menu needs."""
    drawn = {}
    for figure in sorted(shown, key=lambda figure: figure.module):
        drawn.setdefault(figure.module, []).append(f"[{figure.title}](/figures/{figure.name}.md)")
    lines = [
        f"- [`{module}`](/library/{_short(module)}.md): {', '.join(titles)}"
        for module, titles in drawn.items()
    ]
    return "\n".join(lines) + "\n\n" + _toctree([f"/library/{_short(module)}" for module in drawn])


def _findings(shown: list[figures.Shown], found: dict[str, list[str]]) -> str:
    """What each notebook found, under the title of its first figure."""
    parts, said = [], set()
    for figure in shown:
        if figure.notebook not in said and found[figure.notebook]:
            parts.append(f"**[{figure.title}](/figures/{figure.name}.md)**")
            parts += found[figure.notebook][:SAID]
        said.add(figure.notebook)
    return "\n\n".join(parts)


def _packages(packages: dict[str, dict], words: Labels, say: Callable[[str], str]) -> str:
    items = []
    for name, package in packages.items():
        page = f"{name.replace('/', '-')}.html"
        title = dictionary.heading(package, words, say)
        foreign = ' lang="en"' if title == package["title"] and words.language != "en" else ""
        resources = [
            link(f"{page}#{dictionary.anchor(name, resource)}", dictionary.title(resource, words))
            for resource in package["resources"]
        ]
        items.append(
            f'<dt><a{foreign} href="{page}">{escape(title)}</a> <code>data/{escape(name)}</code></dt>'
            f"<dd>{' · '.join(resources)}</dd>"
        )
    return '<dl class="packages">\n' + "\n".join(items) + "\n</dl>"


def _citation(study: Study, words: Labels) -> str:
    file = study.root / "CITATION.cff"
    plain = citation.plain(file).split("\n\n")
    # The collection's own entry is English; the works that it cites keep their language.
    quotes = "\n\n".join(f"> {entry}" for entry in plain)
    files = "".join(
        f"<li>{link(f'../{DOWNLOADS}/{name}', name, 'download')}</li>"
        for name in ("citation.bib", "CITATION.cff")
    )
    return f'{quotes}\n\n```bibtex\n{citation.bibtex(file)}\n```\n\n<ul class="files">{files}</ul>'


def _released(study: Study, language: str) -> str:
    entry = yaml.safe_load((study.root / "CITATION.cff").read_text(encoding="utf-8"))
    return f"{entry['version']}, {day(date.fromisoformat(str(entry['date-released'])), language)}"


def _toctree(pages: list[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", "", *pages, "```"])


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
