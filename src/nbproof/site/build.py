"""Build the site: sources for each language, Sphinx over them, and the files that pages offer."""

import importlib.util
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbproof import catalogues, citation, labels
from nbproof.deposit import companion
from nbproof.files import own_temporary_folder, write_bytes
from nbproof.site import dictionary, exports, figures, notebooks, pictures, settings, sources
from nbproof.site.edition import DOWNLOADS, LIVE, Edition
from nbproof.study import Study, StudyError

UNUSED = (
    "webpack-macros.html", "searchtools.js", "language_data.js", "scripts/fontawesome.js",
    "scripts/fontawesome.js.map", "scripts/bootstrap.js.map", "scripts/pydata-sphinx-theme.js.map",
)  # fmt: skip


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
    _downloads(study, html / DOWNLOADS)
    shutil.rmtree(html / LIVE, ignore_errors=True)
    if (study.build / LIVE).is_dir():
        shutil.copytree(study.build / LIVE, html / LIVE)
    _front_door(study, html)
    return html


def templates(study: Study) -> dict[str, list[str]]:
    """Every English text that has to be translated, by catalogue, as Sphinx sees it."""
    _require_sphinx()
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "gettext"
        sources.lay_out(study, "en", source, prose=True)
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
    # What the theme and Sphinx leave among the files that no page names.
    for name in UNUSED:
        (out / "_static" / name).unlink(missing_ok=True)


def _run(study: Study, arguments: list[str], language: str) -> None:
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as doctrees:
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
    exports.write(study, folder)
    for language in labels.LANGUAGES:
        place = folder / "notebooks" / ("" if language == "en" else language)
        place.mkdir(parents=True, exist_ok=True)
        for run in notebooks.executed(study, language):
            shutil.copy(run.path, place)
    below = {
        study.figures / f"{figure.name}.{language}.png": figure.below[0]
        for language in labels.LANGUAGES
        for run in notebooks.executed(study, language)
        for figure in figures.shown(run)
    }
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda file: pictures.make(file, folder / "pages", below[file]), below))
    file = study.root / "CITATION.cff"
    shutil.copy(file, folder)
    for name, form in (("citation.bib", citation.bibtex), ("citation.json", citation.csl)):
        (folder / name).write_text(form(file) + "\n", encoding="utf-8")
    if companion.installed():
        companion.write(study, folder)


def _front_door(study: Study, html: Path) -> None:
    """The page above both languages, which leads on; robots.txt once the address is known."""
    edition = Edition(study, labels.load(labels.LANGUAGES[0], study), settings.read(study))
    names = {code: edition.settings.title[code] for code in labels.LANGUAGES}
    page = edition.render("front-door.html", names=names)
    (html / "index.html").write_text(page + "\n", encoding="utf-8")
    if address := edition.settings.address.rstrip("/"):
        lines = [f"Sitemap: {address}/{code}/sitemap.xml" for code in labels.LANGUAGES]
        text = "\n".join(["User-agent: *", "Allow: /", *lines]) + "\n"
        (html / "robots.txt").write_text(text, encoding="utf-8")
