"""The site, built once; served on this machine; and one browser that may reach nothing else.

`make site-test` requires all of it: there nothing is skipped. Elsewhere these tests are skipped.
"""

import functools
import importlib.util
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

REQUIRED = "NBPROOF_SITE_REQUIRED"
PACKAGES = ["myst_nb", "sphinx_sitemap", "xlsxwriter", "playwright", "axe_playwright_python"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    # The network is refused to every page: only this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


def pytest_configure():
    if os.environ.get(REQUIRED):
        missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
        missing += [] if CHROMIUM else ["chromium (apt-get install chromium, or set CHROMIUM)"]
        if missing:
            raise pytest.UsageError(f"The site's tests are required, but lack {', '.join(missing)}")


@pytest.fixture(scope="session")
def required():
    if not os.environ.get(REQUIRED):
        pytest.skip("`make site-test` builds the site and drives a browser over it")


@pytest.fixture(scope="session")
def html(required, collection, testrun_uid) -> Path:
    """The folder of the whole site, built once a session; Sphinx turns every warning into an error."""
    import fcntl

    from nbproof.site import build

    collection.build.mkdir(exist_ok=True)
    with (collection.build / "site-of-tests").open("a+") as built:
        fcntl.flock(built, fcntl.LOCK_EX)  # the other worker waits
        built.seek(0)
        if built.read() != testrun_uid:
            build.build(collection)
            built.truncate(0)
            built.write(testrun_uid)
    return collection.root / "site" / "_build" / "html"


@pytest.fixture(scope="session")
def pages(html) -> list[str]:
    """Every page below the language's folder, such as "figures/timeline.html"."""
    return sorted(
        file.relative_to(html / "en").as_posix()
        for file in (html / "en").rglob("*.html")
        if file.name != "explorer.html"
    )


@pytest.fixture(scope="session")
def served():
    """Serves a folder over HTTP on this machine, and gives its address."""
    servers = []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    def serve(folder: Path) -> str:
        handler = functools.partial(Quiet, directory=folder)
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield serve
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="session")
def address(html, served):
    """The site served over HTTP on this machine."""
    return served(html)


@pytest.fixture(scope="session")
def browser(required):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
