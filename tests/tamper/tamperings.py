"""What can be tampered with: every output of the collection, and every kind of thing it is made from."""

import base64
import csv
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from nbproof.study import Study

BOX = 14  # pixels; about a letter of the smallest text


@dataclass(frozen=True)
class Tampering:
    """One change to one file.

    place: what a finding has to name beside the file. fresh: what it has to name after a fresh run.
    output: whether a run makes the file, so that a fresh run must differ even where the checksums were
    written anew.
    """

    kind: str
    file: str
    place: str
    change: Callable[[bytes], bytes]
    output: bool = True
    fresh: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.file}{', ' + self.place if self.place else ''}"


def every(study: Study) -> Iterator[Tampering]:
    """All tamperings of a study, kind by kind."""
    for path in sorted((study.data / "raw").rglob("*.csv")):
        yield Tampering("raw cell", study.name(path), "", _cell(-1), output=False)
    for path in sorted((study.data / "raw").rglob("datapackage.json")):
        yield from _hashes(study.name(path), path)
    for name, (kind, change) in REWRITTEN.items():
        yield Tampering(kind, name, "", change, output=False)
    for path in sorted((study.data / "reference").glob("*.csv")):
        yield Tampering("reference row", study.name(path), "", _without_row, output=False)
    for path in sorted((study.data / "processed").glob("*.csv")):
        yield Tampering("processed cell", study.name(path), ", column", _cell(-1))
        yield Tampering("processed row", study.name(path), "", _without_row)
    yield from _verdicts(study)
    for path in sorted(study.notebooks.glob("[0-9]*.ipynb")):
        yield from _notebook(study.name(path), json.loads(path.read_bytes()))
        for kind, change in WRITTEN.items():
            yield Tampering(kind, study.name(path), "", change, output=False)
    for path in sorted(study.figures.iterdir()):
        change = {".png": _picture, ".svg": _svg, ".csv": _cell(-2)}[path.suffix]
        kind = "plotted table" if path.suffix == ".csv" else "figure file"
        fresh = ", column" if path.suffix == ".csv" else ""
        yield Tampering(kind, study.name(path), "", change, fresh=fresh)
        for kind, change in DRAWN.get("".join(path.suffixes), {}).items():
            yield Tampering(kind, study.name(path), "", change)
    for path in sorted(study.root.glob("src/*/labels/*/*.toml")):
        yield Tampering("label", study.name(path), "", _label, output=False)
    for path in sorted(study.root.glob("requirements*.lock")):
        yield Tampering("lock", study.name(path), "", _pin, output=False)
        yield Tampering("lock", study.name(path), "", _lock_hash, output=False)
        yield Tampering("lock", study.name(path), "line 1", _with_index, output=False)
    for name in STRAY:
        yield Tampering("stray file", name, "", lambda data: b"a\n1\n", output=False)


# Files that nobody has declared, made or read; notebooks would import the first one.
STRAY = (
    "notebooks/pandas.py", "figures/more.en.png", "data/more.csv", "data/processed/more.parquet",
    "data/raw/article/more.csv", "data/raw/article/notes.txt",
)  # fmt: skip

# What a run is made from, changed so that its results change, with all checksums written anew: the file,
# the change, and a file that a fresh run of notebook 02 has to name.
INPUTS = {
    "raw cell": ("data/raw/article/table-04.csv", b"\n1984,", b"\n1985,", "data/processed/agreements.csv"),
    "reference cell": ("data/reference/places.csv", b"high", b"low", "data/processed/agreements.csv"),
    "label": (
        "src/diplolib/labels/en/timeline.toml", b"Agreements with", b"Treaties with",
        "figures/timeline.en.svg",
    ),
    "turkish label": (
        "src/diplolib/labels/tr/timeline.toml", b'title = "', b'title = "X', "figures/timeline.tr.svg",
    ),
    "drawing code": (
        "src/diplolib/figures/timeline.py", b"                rows,\n", b"                rows * 2,\n",
        "figures/timeline.en.png",
    ),
    "parameter's default": (
        "notebooks/02-timeline.ipynb", b"year_to = 2021", b"year_to = 2010", "notebooks/02-timeline.ipynb",
    ),
    "notebook code": (
        "notebooks/02-timeline.ipynb", b"    level=level,\\n", b'    level=\\"district\\",\\n',
        "figures/timeline.tr.csv",
    ),
}  # fmt: skip


def _notebook(file: str, content: dict) -> Iterator[Tampering]:
    for number, cell in enumerate(content["cells"]):
        place = f"cell {number + 1} ({cell['cell_type']})"
        yield Tampering("notebook source", file, place, _source(number), output=False)
        if cell["cell_type"] == "code":
            yield Tampering("execution count", file, place, _count(number))
        for index, output in enumerate(cell.get("outputs", [])):
            yield Tampering("output left out", file, place, _gone(number, index))
            kinds = list(output.get("data", {})) or ["text"]
            for kind in kinds:
                name = "inline picture" if kind == "image/png" else "text output"
                yield Tampering(name, file, place, _output(number, index, kind))
            if "image/png" in kinds:
                yield Tampering("alt text", file, place, _alt(number, index))
    for name in content["metadata"]["nbproof"]["parameters"]:
        yield Tampering("parameter rule", file, "", _rule(name), output=False)


def _hashes(file: str, path: Path) -> Iterator[Tampering]:
    for one in json.loads(path.read_bytes())["resources"]:
        if "hash" in one:
            other = one["hash"][:-1] + ("0" if one["hash"][-1] != "0" else "1")
            change = _replaced(one["hash"].encode(), other.encode())
            yield Tampering("checksum", file, "", change, output=False)


def _verdicts(study: Study) -> Iterator[Tampering]:
    """One of each verdict, turned into the next."""
    path = study.data / "processed" / "claims.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    names = list(dict.fromkeys(row["verdict"] for row in rows))
    for one, other in zip(names, names[1:] + names[:1], strict=True):
        change = _replaced(f",{one},".encode(), f",{other},".encode())
        yield Tampering("claim verdict", study.name(path), "column verdict", change)


def _replaced(one: bytes, other: bytes, times: int = 1) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(one, other, times)


def _cell(column: int) -> Callable[[bytes], bytes]:
    """Another character at the end of a cell in the last row."""

    def change(data: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
        filled = [row for row in rows[1:] if row[column]] or rows[1:]
        cell = filled[-1][column]
        filled[-1][column] = cell[:-1] + ("2" if cell[-1:] != "2" else "3")
        return _written(rows)

    return change


def _without_row(data: bytes) -> bytes:
    return _written(list(csv.reader(io.StringIO(data.decode("utf-8"))))[:-1])


def _written(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def _picture(data: bytes) -> bytes:
    """A spot as small as a letter, of another colour."""
    with Image.open(io.BytesIO(data)) as picture:
        picture = picture.convert("RGBA")
        spot = tuple(255 - value for value in picture.getpixel((40, 40))[:3])
        picture.paste((*spot, 255), (40, 40, 40 + BOX, 40 + BOX))
        file = io.BytesIO()
        picture.save(file, "png", compress_level=1)
    return file.getvalue()


def _svg(data: bytes) -> bytes:
    """Another last letter of the last text."""
    text = data.decode("utf-8")
    found = list(re.finditer(r"(\S)</text>", text))[-1]
    other = "x" if found[1] != "x" else "y"
    return (text[: found.start(1)] + other + text[found.end(1) :]).encode()


def _edited(edit: Callable[[dict], None]) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        content = json.loads(data)
        edit(content)
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

    return change


def _source(number: int) -> Callable[[bytes], bytes]:
    def edit(content):
        cell = content["cells"][number]
        cell["source"] = "".join(cell["source"]) + "\n# "

    return _edited(edit)


def _count(number: int) -> Callable[[bytes], bytes]:
    def edit(content):
        content["cells"][number]["execution_count"] += 1

    return _edited(edit)


def _gone(number: int, index: int) -> Callable[[bytes], bytes]:
    return _edited(lambda content: content["cells"][number]["outputs"].pop(index))


def _output(number: int, index: int, kind: str) -> Callable[[bytes], bytes]:
    def edit(content):
        output = content["cells"][number]["outputs"][index]
        place = output if kind == "text" else output["data"]
        text = "".join(place[kind])
        if kind == "image/png":
            place[kind] = base64.b64encode(_picture(base64.b64decode(text))).decode()
        else:
            end = len(text.rstrip())
            place[kind] = text[: end - 1] + ("1" if text[end - 1] != "1" else "2") + text[end:]

    return _edited(edit)


def _alt(number: int, index: int) -> Callable[[bytes], bytes]:
    """In both places, so that they do not give each other away."""

    def edit(content):
        cell = content["cells"][number]
        told = cell["outputs"][index]["metadata"]["image/png"]
        told["alt"] += " More."
        cell["metadata"]["mystnb"]["image"]["alt"] = told["alt"]

    return _edited(edit)


def _rule(name: str) -> Callable[[bytes], bytes]:
    def edit(content):
        content["metadata"]["nbproof"]["parameters"][name]["title"] += "."

    return _edited(edit)


def _label(data: bytes) -> bytes:
    """Another last letter of the last text."""
    text = data.decode("utf-8")
    found = list(re.finditer(r"(\w)\W*\"$", text, re.M))[-1]
    other = "x" if found[1] != "x" else "y"
    return (text[: found.start(1)] + other + text[found.end(1) :]).encode()


def _pin(data: bytes) -> bytes:
    return re.sub(rb"^(pandas==)\S+", rb"\g<1>3.0.0", data, count=1, flags=re.M)


def _with_index(data: bytes) -> bytes:
    return b"--extra-index-url https://example.org/simple\n" + data


def _lock_hash(data: bytes) -> bytes:
    return re.sub(rb"sha256:[0-9a-f]{4}", b"sha256:0000", data, count=1)


def _veiled(data: bytes) -> bytes:
    """A quarter of the picture a little darker; no pixel is far off."""
    with Image.open(io.BytesIO(data)) as picture:
        picture = picture.convert("RGB")
        box = (0, 0, picture.width // 2, picture.height // 2)
        picture.paste(picture.crop(box).point(lambda value: max(0, value - 10)), box)
        file = io.BytesIO()
        picture.save(file, "png", compress_level=1)
    return file.getvalue()


def _brightened(data: bytes) -> bytes:
    """The same pixels, and a gamma value by which a browser shows them lighter."""
    part = b"gAMA" + (10_000).to_bytes(4)
    return data[:33] + (4).to_bytes(4) + part + zlib.crc32(part).to_bytes(4) + data[33:]


def _pasted(content: dict) -> None:
    content["cells"][0]["source"] = ["![](data:image/png;base64,aGk=)"]


# Sources that cannot be read as they were; one of each, since all tables are computed again.
REWRITTEN = {
    "data/raw/article/table-04.csv": ("line ends", _replaced(b"\n", b"\r\n", -1)),
    "data/raw/article/datapackage.json": ("broken package", _replaced(b'"fields"', b'"field"')),
}
TWICE = (
    b'"outputs": [{"output_type": "stream", "name": "stdout", "text": ["168"]}],\n   "outputs": ['
)
# Notebooks that a program reads as before, or not at all.
WRITTEN = {
    "notebook's line ends": _replaced(b"\n", b"\r\n", -1),
    "entry that stands twice": _replaced(b'"outputs": [', TWICE),
    "emptied notebook": lambda data: b"",
    "pasted picture": _edited(_pasted),
}
# Pictures that differ in what is easily overlooked; of each figure in one language.
DRAWN = {
    ".en.png": {"veiled picture": _veiled, "brightened picture": _brightened},
    ".en.svg": {"svg code": _replaced(b"</svg>", b"<script>alert(1)</script></svg>")},
}
