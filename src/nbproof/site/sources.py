"""Everything that Sphinx reads for one language, laid out in one folder.

Hand-written pages come from the study's `site/pages`, notebooks from their runs; the rest is made
from templates, tables, figures and data packages.
"""

import csv
import json
import pkgutil
import re
import shutil
from functools import partial
from pathlib import Path

import nbformat
import pandas as pd

from nbproof import citation, labels, tables
from nbproof.citation import about
from nbproof.deposit import companion
from nbproof.deposit.tracked import git
from nbproof.site import benchmark, exports, figures, notebooks, verification
from nbproof.site.edition import DOWNLOADS, LIVE, Edition
from nbproof.site.markup import day
from nbproof.study import Study, command_line

FIRST = 3  # figures on the start page
PREVIEW = 5  # rows of the first table


def lay_out(study: Study, language: str, folder: Path, *, prose: bool = False) -> None:
    """Write every page's source in `language` into `folder`, replacing what was there.

    prose: leave out what is computed, so that what is left is what has to be translated.
    """
    edition = Edition.of(study, language)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(study.root / "site" / "pages", folder)
    made = _computed(edition) | _own(edition)
    included = {name for name in made if name.startswith("computed/")}
    if prose:
        made = dict.fromkeys(included, "")
    else:
        made |= _figures(edition) | _modules(edition) | _packages(edition)
    made |= _notebooks(edition, prose) | _documents(edition, prose)
    for name, text in made.items():
        _write(folder / name, text)
    _leave_out(folder, included)
    pages = sorted(_name(page, folder) for page in folder.glob("*.md"))
    pages += sorted(_name(page, folder) for page in folder.glob("*/index.md"))
    below = [page for page in pages if page != "index"]
    _write(folder / "computed/contents.md", _toctree(edition, below))
    _write(folder / "context.json", json.dumps(_context(edition, pages), ensure_ascii=False))


def _computed(edition: Edition) -> dict[str, str]:
    """What hand-written pages include."""
    shown, study = edition.shown, edition.study
    modules = {}
    for figure in sorted(shown, key=lambda figure: figure.module):
        modules.setdefault(figure.module, []).append(figure)
    file, whole = study.root / "CITATION.cff", {exports.ARCHIVE: exports.ARCHIVE}
    if companion.installed():
        whole[edition.words["companion.link"]] = companion.name(edition.language)
    made = {
        "figures": edition.render("cards.html", shown=shown[:FIRST], folder="figures/", root="../"),
        "all-figures": edition.render("cards.html", shown=shown, folder="", root="../../"),
        "figure-cards": edition.render("figure-cards.md"),
        "figure-list": _toctree(edition, [f"/figures/{figure.name}" for figure in shown]),
        "library-list": edition.render("modules.md", modules=modules)
        + _toctree(edition, [f"/library/{module.rpartition('.')[2]}" for module in modules]),
        "notebooks": edition.render("notebooks.html"),
        "notebook-list": _toctree(edition, [f"/notebooks/{run.name}" for run in edition.runs]),
        "data-list": _toctree(
            edition, [f"/data/{name.replace('/', '-')}" for name in edition.packages]
        ),
        "preview": edition.render("preview.html", first=_first(edition), root="../../"),
        "packages": edition.render("packages.html", rows=lambda *of: _count(study, *of)),
        "verification": verification.report(edition),
        "citation": edition.render(
            "citation.md", plain=citation.plain(file).split("\n\n"), bibtex=citation.bibtex(file)
        ),
        "about": edition.render(
            "about.html",
            about=about(study),
            settings=edition.settings,
            commit=git(study, "rev-parse", "--short", "HEAD"),
        ),
        "archive": edition.render("files.html", files=whole, root="../"),
        "archive-inner": edition.render("files.html", files=whole, root="../../"),
    }
    if benchmark.has_record(study):
        made["benchmark"] = benchmark.report(edition)
    return {f"computed/{name}.md": text for name, text in made.items()}


def _own(edition: Edition) -> dict[str, str]:
    made = edition.study.face.pages
    return pkgutil.resolve_name(made)(edition) if made else {}


def _figures(edition: Edition) -> dict[str, str]:
    titles = {run.name: edition.title(run) for run in edition.runs}
    source = citation.plain(edition.study.root / "CITATION.cff").partition("\n\n")[0]
    return {
        f"figures/{figure.name}.md": edition.render(
            "figure.md",
            figure=figure,
            title=titles[figure.notebook],
            command=command_line(f"trace {figure.name}"),
            tables=_lineage(edition, figure.name),
            cited=edition.words.fill("site.figure.cited", title=figure.title, source=source),
        )
        for figure in edition.shown
    }


def _lineage(edition: Edition, figure: str) -> list[dict]:
    """A table for each kind of mark, and one of the source rows that they name."""
    words = edition.words
    found = []
    for kind, rows in figures.marks(edition.study, figure, words.language).items():
        title = words.fill("site.figure.rows.marks", mark=_said(words, "mark", kind), n=len(rows))
        rows = rows.map(lambda code: _said(words, "value", code))
        found.append(_table(rows, title, edition.columns))
    rows = figures.rows(edition.study, figure, words.language)
    rows["confidence"] = [value and words[f"confidence.{value}"] for value in rows["confidence"]]
    rows = rows.loc[:, rows.ne("").any()]
    titles = {name: words[f"site.figure.rows.{name}"] for name in rows}
    printed = words.fill("site.figure.rows.printed", n=len(rows))
    return [*found, _table(rows, printed, titles, ["corrections", "place"])]


def _said(words, room: str, code: str) -> str:
    """A code of the plotted tables in words, where the labels have them."""
    return next((words[key] for key in [f"site.{room}.{code}"] if key in words), code)


def _table(rows: pd.DataFrame, title: str, titles: dict, english=()) -> dict:
    columns = {name: titles.get(name, name) for name in rows}
    return {
        "title": title, "columns": columns, "rows": rows.to_dict("records"), "english": english,
    }  # fmt: skip


def _modules(edition: Edition) -> dict[str, str]:
    return {
        f"library/{module.rpartition('.')[2]}.md": edition.render(
            "module.md", module=module, source=figures.source(module)
        )
        for module in {figure.module for figure in edition.shown}
    }


def _packages(edition: Edition) -> dict[str, str]:
    return {
        f"data/{name.replace('/', '-')}.md": edition.render(
            "package.md",
            folder=name,
            package=package,
            title=edition.heading(package),
            files=partial(_files, edition.study, name),
        )
        for name, package in edition.packages.items()
    }


def _files(study: Study, folder: str, resource: dict) -> dict[str, str]:
    """The forms in which a table is offered: file name → address below the downloads."""
    path = Path(resource["path"])
    forms = exports.FORMS if f"{folder}/{path.stem}" in exports.main(study) else [path.suffix]
    return {f"{path.stem}{form}": f"data/{folder}/{path.stem}{form}" for form in forms}


def _first(edition: Edition) -> dict | None:
    """The table that a reader most likely came for: the first whose rows have a key of their own."""
    for name in exports.main(edition.study):
        resource = tables.resource(edition.study, name)
        rows = tables.read(edition.study, name)
        titles = {one["name"]: edition.heading(one) for one in resource["schema"]["fields"]}
        shown = _table(rows.head(PREVIEW), edition.heading(resource), titles)
        files = _files(edition.study, name.rpartition("/")[0], resource)
        return {**shown, "n": len(rows), "files": files}
    return None


def _count(study: Study, folder: str, resource: dict) -> int | None:
    file = study.data / folder / resource["path"]
    if file.suffix != ".csv":
        return None
    with file.open(encoding="utf-8", newline="") as opened:
        return sum(1 for _ in csv.reader(opened)) - 1


def _notebooks(edition: Edition, prose: bool) -> dict[str, str]:
    made = {}
    for run in edition.runs:
        content = notebooks.page(run, edition.words)
        if prose:
            content.cells = [cell for cell in content.cells if cell.cell_type == "markdown"]
        made[f"notebooks/{run.name}.ipynb"] = nbformat.writes(content)
    return made


def _documents(edition: Edition, prose: bool) -> dict[str, str]:
    """What the study shows of its docs/; a document that is kept in both languages needs no catalogue."""
    made = {}
    for name in edition.settings.documents:
        file = edition.study.root / "docs" / f"{name}.md"
        own = {code: file.with_suffix(f".{code}.md") for code in labels.LANGUAGES}
        kept = any(other.is_file() for other in own.values())
        if own[edition.language].is_file():
            file = own[edition.language]
        text = file.read_text(encoding="utf-8")
        if prose and kept:
            text = text.partition("\n")[0] + "\n"
        # Its other language is one click away on every page.
        made[f"{name}.md"] = re.sub(rf"(?m)^.*\]\({name}(\.\w\w)?\.md\)\.?\n", "", text)
    return made


def _leave_out(folder: Path, computed: set[str]) -> None:
    """Delete the pages that show something computed which this study does not have."""
    for page in folder.glob("*.md"):
        shown = re.findall(r"\{include\} (computed/[\w-]+\.md)", page.read_text(encoding="utf-8"))
        if not {*computed, "computed/contents.md"}.issuperset(shown):
            page.unlink()


def _context(edition: Edition, pages: list[str]) -> dict:
    """What the pages' frame says and links."""
    words, settings, study = edition.words, edition.settings, edition.study
    language, prefix, kinds = edition.language, "site.page.", "site.search."
    entry = about(study)
    return {
        "title": settings.title[language],
        "description": settings.description[language],
        "address": settings.address.rstrip("/"),
        "released": f"{entry['version']}, {day(entry['released'], language)}",
        "pages": [*pages, *(f"notebooks/{run.name}" for run in edition.runs)],
        "words": {key.removeprefix(prefix): words[key] for key in words if key.startswith(prefix)},
        "kinds": {
            key.removeprefix(kinds): words[key]
            for key in words
            if key.count(".") == 2 and key.startswith(kinds)
        },
        "dataset": _dataset(edition, entry),
        "languages": {code: labels.load(code, study)["site.language"] for code in labels.LANGUAGES},
        "launch": {
            run.name: settings.launch(study.name(study.notebooks / run.path.name))
            for run in edition.runs
        },
        "previews": {f"figures/{figure.name}": figure.name for figure in edition.shown}
        | {f"notebooks/{figure.notebook}": figure.name for figure in reversed(edition.shown)},
        "first_figure": edition.shown[0].name if edition.shown else "",
        "beside": bool(study.face.files),
        "live": _live(edition),
        "downloads": f"{DOWNLOADS}/notebooks/" + ("" if language == "en" else f"{language}/"),
    }


def _live(edition: Edition) -> dict[str, dict]:
    """What a page computes in the browser and the words before that, by page; none where it is not built."""
    study, words = edition.study, edition.words
    file = study.build / LIVE / "manifest.json"
    if not file.is_file():
        return {}
    listed = json.loads(file.read_bytes())["files"]
    said = {name: words[f"live.{name}"] for name in ("button", "check", "answer", "file")}

    def loading(*parts: str) -> dict:
        size = sum(one["bytes"] for one in listed if one["part"] in parts) / 1e6
        return {
            **said,
            "before": words.fill("live.before", mb=round(size)),
            "address": f"{LIVE}/page.mjs",
        }

    own = pkgutil.resolve_name(study.face.live)
    tables, figures = loading("core", "tables"), loading("core", "tables", "figures")
    found = {page: tables | {"kind": kind} for page, kind in own.PAGES.items()}
    for figure in edition.shown:
        if figure.notebook in own.NOTEBOOKS:
            about = {"kind": "figure", "figure": figure.name, "notebook": figure.notebook}
            found[f"figures/{figure.name}"] = (
                figures | about | {"command": command_line("reproduce")}
            )
    return found


def _dataset(edition: Edition, entry: dict) -> dict | None:
    """The collection as schema.org's Dataset; nothing while no address is known."""
    address = edition.settings.address.rstrip("/")
    if not address:
        return None
    files = {
        f"data/{name}{form}": kind
        for name in exports.main(edition.study)
        for form, kind in exports.FORMS.items()
    }
    files[exports.ARCHIVE] = "application/zip"
    return json.loads(edition.render("dataset.json", address=address, entry=entry, files=files))


def _toctree(edition: Edition, pages: list[str]) -> str:
    return edition.render("toctree.md", pages=[f"/{page.lstrip('/')}" for page in pages])


def _name(page: Path, folder: Path) -> str:
    return page.relative_to(folder).with_suffix("").as_posix()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
