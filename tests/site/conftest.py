"""The site, built once; served on this machine; and a browser that may reach nothing else."""

import functools
import importlib.util
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LANGUAGES = ["en", "tr"]


def lacking(reason: str) -> None:
    """Skip, or fail where the site's tests are required (`make site-test` in .ci/run)."""
    if os.environ.get("DIPLOLIB_SITE_REQUIRED"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def html(collection) -> Path:
    """The folder of the whole site, fresh; Sphinx turns every warning into an error."""
    if importlib.util.find_spec("myst_nb") is None:
        lacking("Sphinx is not installed: make site-test")
    missing = [
        path.name
        for path in collection.notebooks.glob("[0-9]*.ipynb")
        if not (collection.build / "tr" / path.name).is_file()
    ]
    if missing:
        lacking(f"no Turkish run of {', '.join(missing)}: make reproduce")
    from diplolib.site import build

    return build.build(collection)


@pytest.fixture(scope="session")
def pages(html) -> list[str]:
    """Every page below the language's folder, such as "figures/timeline.html"."""
    return sorted(
        file.relative_to(html / "en").as_posix()
        for file in (html / "en").rglob("*.html")
        if file.name != "explorer.html"
    )


@pytest.fixture(scope="session")
def address(html):
    """The site served over HTTP on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=html))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    if importlib.util.find_spec("playwright") is None:
        lacking("playwright is not installed: make site-test")
    if CHROMIUM is None:
        lacking("no chromium: apt-get install chromium, or set CHROMIUM to its path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
