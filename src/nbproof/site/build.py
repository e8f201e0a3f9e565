"""Build the site: sources for each language, Sphinx over them, and the files that pages offer."""

import importlib.util
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from nbproof import citation, labels
from nbproof.files import write_bytes
from nbproof.site import catalogues, dictionary, notebooks, pictures, settings, sources
from nbproof.study import Study, StudyError

HIDDEN = {"search", "genindex"}


class BuildError(StudyError):
    """Sphinx refused or warned; its own words follow."""


def build(study: Study) -> Path:
    """Write site/_build/html with a folder a language; returns it. Raises BuildError on any warning."""
    _require_sphinx()
    place = study.root / "site" / "_build"
    html = place / "html"
    for language in labels.LANGUAGES:
        sources.lay_out(study, language, place / "source" / language)
    beside = pkgutil.resolve_name(study.face.files)(study) if study.face.files else {}
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda language: _sphinx(study, language, html), labels.LANGUAGES))
    for language in labels.LANGUAGES:
        for name, data in beside.items():
            write_bytes(html / language / name, data)
    # Copies of the pictures that MyST-NB leaves; no page names them.
    shutil.rmtree(html / "jupyter_execute", ignore_errors=True)
    _downloads(study, html / sources.DOWNLOADS)
    _front_door(study, html)
    _sitemap(study, html)
    return html


def templates(study: Study) -> dict[str, list[str]]:
    """Every English text that has to be translated, by catalogue, as Sphinx sees it."""
    _require_sphinx()
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "gettext"
        sources.lay_out_prose(study, source)
        # The lists of pages are computed, so they are empty here.
        quiet = ["-D", "suppress_warnings=toc.not_included,toc.empty_glob,myst.header"]
        _run(study, ["-b", "gettext", *quiet, str(source), str(made)], "en")
        found = {
            file.relative_to(made).with_suffix("").as_posix(): [
                message.id for message in catalogues.read_file(file) if message.id
            ]
            for file in sorted(made.rglob("*.pot"))
        }
    return {**found, catalogues.DICTIONARY: dictionary.texts(study)}


def translate(study: Study) -> dict[str, int]:
    """Bring every catalogue to today's texts; returns how many lack a translation, by language."""
    found = templates(study)
    missing = {}
    for language in labels.LANGUAGES[1:]:
        catalogues.update(study, language, found)
        missing[language] = sum(
            len(texts) for texts in catalogues.untranslated(study, language, found).values()
        )
    return missing


def _require_sphinx() -> None:
    if importlib.util.find_spec("myst_nb") is None:
        raise StudyError(
            "Sphinx is not installed. Run `make site`, or "
            "`python -m pip install --require-hashes -r requirements-site.lock`."
        )


def _sphinx(study: Study, language: str, html: Path) -> None:
    source = study.root / "site" / "_build" / "source" / language
    # Whole, so that no page of an earlier build is left over.
    out = html / language
    shutil.rmtree(out, ignore_errors=True)
    _run(study, ["-b", "html", str(source), str(out)], language)
    # A template that the theme leaves among its files is no page.
    (out / "_static" / "webpack-macros.html").unlink(missing_ok=True)


def _run(study: Study, arguments: list[str], language: str) -> None:
    with tempfile.TemporaryDirectory() as doctrees:
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-d", doctrees,
             "-c", str(study.root / "site"), "-D", f"language={language}", *arguments],
            capture_output=True, text=True, check=False, cwd=study.root,
            env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
        )  # fmt: skip
    if done.returncode:
        raise BuildError(f"Sphinx ({language}):\n{done.stderr.strip() or done.stdout.strip()}")


def _downloads(study: Study, folder: Path) -> None:
    """Copies of what pages offer, once for both languages."""
    shutil.rmtree(folder, ignore_errors=True)
    ignore = shutil.ignore_patterns(".*")
    shutil.copytree(study.figures, folder / "figures", ignore=ignore)
    shutil.copytree(study.data, folder / "data", ignore=ignore)
    for language in labels.LANGUAGES:
        place = folder / "notebooks" / ("" if language == "en" else language)
        place.mkdir(parents=True, exist_ok=True)
        for run in notebooks.executed(study, language):
            shutil.copy(run.path, place)
    with ThreadPoolExecutor() as pool:
        list(
            pool.map(
                lambda file: pictures.make(file, folder / "pages"), study.figures.glob("*.png")
            )
        )
    file = study.root / "CITATION.cff"
    shutil.copy(file, folder)
    (folder / "citation.bib").write_text(citation.bibtex(file) + "\n", encoding="utf-8")


def _front_door(study: Study, html: Path) -> None:
    """The page above both languages: it leads on, and without that offers both."""
    configured = settings.read(study)
    links = "".join(
        f'<li><a href="{language}/index.html" lang="{language}">{escape(configured.title[language])}'
        "</a></li>"
        for language in labels.LANGUAGES
    )
    (html / "index.html").write_text(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(configured.title['en'])}</title>"
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="refresh" content="0; url=en/index.html"></head>'
        f"<body><main><h1>{escape(configured.title['en'])}</h1><ul>{links}</ul></main></body></html>\n",
        encoding="utf-8",
    )


def _sitemap(study: Study, html: Path) -> None:
    """Every page with its other language, and robots.txt that names the list.

    The protocol (sitemaps.org) wants whole addresses. Until `address` is set in site/settings.toml
    nobody knows them: the list is written all the same, relative, says so, and is announced nowhere.
    """
    address = settings.read(study).address.rstrip("/")
    root = f"{address}/" if address else ""
    note = "" if address else "<!-- Relative: set address in site/settings.toml. -->\n"
    entries = []
    for file in sorted((html / "en").rglob("*.html")):
        page = file.relative_to(html / "en").as_posix()
        if page.removesuffix(".html") in HIDDEN or page.startswith("_"):
            continue
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(f"{root}{code}/{page}")}"/>'
            for code in labels.LANGUAGES
        )
        entries += [
            f"<url><loc>{escape(f'{root}{code}/{page}')}</loc>{others}</url>"
            for code in labels.LANGUAGES
        ]
    (html / "sitemap.xml").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{note}'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(entries) + "\n</urlset>\n",
        encoding="utf-8",
    )
    if address:
        (html / "robots.txt").write_text(f"Sitemap: {root}sitemap.xml\n", encoding="utf-8")
