"""Nothing is fetched at run time: a run in which only this machine itself can be reached."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SHARE = float(os.environ.get("NBPROOF_FAULTS", "0.1"))
SOME = [] if SHARE >= 1 else ["02-timeline", "03-world-map"]

# Python imports this by itself in every process that has its folder in PYTHONPATH: kernels too.
REFUSING = """
import os, socket, sys

def watch(event, arguments):
    if event not in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        return
    if event in ("socket.connect", "socket.sendto"):
        inner, address = arguments
        if inner.family == socket.AF_UNIX or str(address[0]).startswith(("127.", "::1", "localhost")):
            return
    elif str(arguments[0]) in ("localhost", "127.0.0.1", "::1", "None", ""):
        return
    with open(os.environ["REFUSED"], "a") as log:
        log.write(f"{event} {arguments[1:]}\\n")
    raise PermissionError(f"no network: {event} {arguments}")

sys.addaudithook(watch)
with open(os.environ["REFUSED"] + ".started", "a") as log:
    log.write(f"{os.getpid()}\\n")
"""


@pytest.fixture
def refusing(tmp_path):
    place = tmp_path / "refusing"
    place.mkdir()
    (place / "sitecustomize.py").write_text(REFUSING)
    source = os.path.dirname(os.path.dirname(os.path.abspath(__import__("diplolib").__file__)))
    return {
        "PYTHONPATH": f"{place}{os.pathsep}{source}",
        "REFUSED": str(tmp_path / "refused"),
    }


def test_a_refused_address_is_noticed(refusing):
    code = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    done = subprocess.run(
        [shutil.which("python3") or "python3", "-c", code], env={**os.environ, **refusing},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    got = done.returncode, "no network" in done.stderr, os.path.exists(refusing["REFUSED"])
    expected = 1, True, True
    assert got == expected


@pytest.mark.parametrize("how", [[], ["--cold"]] if SHARE >= 1 else [[]])
def test_a_run_asks_for_nothing_from_elsewhere(make, tmp_path, refusing, how):
    folder = make(tmp_path / "study", *SOME)
    code, _, error = folder.run("reproduce", *how, environment=refusing)
    got = code, os.path.exists(refusing["REFUSED"])
    expected = 0, False
    assert got == expected, error
    assert (
        len(Path(refusing["REFUSED"] + ".started").read_text().split()) > 1
    )  # kernels had the watch too


alone = [
    "unshare",
    "--map-root-user",
    "--net",
    "sh",
    "-ec",
    'ip link set lo up 2>/dev/null || true; exec "$@"',
    "sh",
]


@pytest.mark.skipif(
    not shutil.which("unshare")
    or not shutil.which("ip")
    or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0,
    reason="may not leave the network",
)
def test_a_run_without_any_network(make, tmp_path):
    folder = make(tmp_path / "study", *SOME)
    code, _, error = folder.run("reproduce", before=alone)
    got = code
    expected = 0
    assert got == expected, error
