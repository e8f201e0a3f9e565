"""Committed notebooks: executed in order, whole, and with the outputs of a fresh run."""

import functools
import json
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from nbproof.figures.record import name_of
from nbproof.pipeline import parameters
from nbproof.pipeline.checksums import parsed
from nbproof.pipeline.collection import PUBLISH
from nbproof.pipeline.notebooks import stated
from nbproof.pipeline.recorded import cell_name
from nbproof.study import Study, command_line
from nbproof.verify.finding import Finding, first_difference, redraw

KEPT = {"papermill", "execution"}  # of a run; times and paths
# A picture inside the prose: no cell has drawn it, so nothing can draw it again.
PASTED = re.compile(r"data:image|attachment:")
# What a stored notebook may show: all else could hide an output, fetch, or run something.
KINDS = {"text/plain", "text/markdown", "text/html", "image/png"}
ELEMENTS = {"div", "style", "table", "thead", "tbody", "tr", "th", "td", "p"}
ELEMENT = re.compile(r"(?<!\\)</?([a-zA-Z!?][\w-]*)")
REMOTE = re.compile(r"(?<!\\)!\[[^\]]*\]\(\s*<?\w+:|@import|url\(")
HIDING = re.compile(r"hid|remove|skip|ignore", re.IGNORECASE)
# What may hold a digit in prose that no code writes: headings, code, citations and links, years, dates,
# and the numbers of tables, figures, hypotheses, notebooks.
NUMBERED = re.compile(
    r"^#+ .*$|`[^`]*`|\]\([^)]*\)|\[?doi 10\.\S+|\b(?:1[89]|20)\d\d(?:[–-](?:(?:1[89]|20)\d\d|\d\d))?\b"
    r"|\b(?:Tables?|Figures?|Hypothes[ie]s|Sections?|notebooks?|notes?|lines?) \d+"
    r"(?:(?:[–-]|, | and | to )\d+)*|\b\d\d-[a-z-]+\b|\bM49\b|\bCovid-19\b"
    r"|\bCC BY \d\.\d|\b\d{1,2} (?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b",
    re.MULTILINE,
)
BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def load(path: Path) -> dict | None:
    """A notebook as it is stored; None if it is not one. nbformat would take a second to import."""
    try:
        return _proven(path.read_bytes())
    except BROKEN:
        return None


@functools.lru_cache(maxsize=32)
def _proven(stored: bytes) -> dict:
    content = parsed(stored)
    _prove(content)
    return content


def _prove(content: dict) -> None:
    """Use once what the checks use; raises one of BROKEN where something is not what it has to be."""
    stated(content)
    content["metadata"].get("nbproof", {}).get("parameters", {}).values()
    for cell in content["cells"]:
        cell["cell_type"].split(), source(cell), _alt(cell).split()
        cell["metadata"].get("tags", []).count("")
        for output in cell["outputs"] if cell["cell_type"] == "code" else ():
            output["output_type"].split(), _text(output), _kind(output)
            for data in output.get("data", {}).values():
                _joined(data)
            if "data" in output:
                output["metadata"].get("image/png", {}).get("alt")


def _alt(cell: dict) -> str:
    """A picture's alt text where renderers look for it."""
    return cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")


def source(cell: dict) -> str:
    return "".join(cell["source"])


def drawn(notebook: dict) -> list[str]:
    """The figures that its code publishes, by name."""
    return [
        name_of(module)
        for _, cell in _code_cells(notebook)
        for module in PUBLISH.findall(source(cell))
    ]


def printed(cell: dict) -> str:
    """The text that a cell has printed."""
    return "".join(
        "".join(output.get("text", ""))
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    )


def integrity(study: Study, paths: Iterable[Path]) -> Iterator[Finding]:
    """What is to be seen in the stored notebook alone."""
    for path in paths:
        file, again = study.name(path), redraw(path.stem, "en")
        notebook = load(path)
        if notebook is None:
            yield Finding("notebooks", file, "", "not a notebook", f"git diff -- {file}")
            continue
        found = [
            *_execution(notebook),
            *_outputs(notebook),
            *_leftovers(notebook),
            *_shown(notebook),
            *_writing(path.read_bytes()),
        ]
        for place, said in found:
            yield Finding("notebooks", file, place, said, again)
        for place, said in _parameters(path):
            yield Finding("parameters", file, place, said, command_line("status"))


def _code_cells(notebook: dict) -> Iterator[tuple[str, dict]]:
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            yield cell_name(number, cell), cell


def _execution(notebook: dict) -> Iterator[tuple[str, str]]:
    for expected, (name, cell) in enumerate(_code_cells(notebook), start=1):
        counts = {cell.get("execution_count")} | {
            output.get("execution_count")
            for output in cell["outputs"]
            if output["output_type"] == "execute_result"
        }
        if counts != {expected}:
            yield name, f"not run as number {expected} of a run from top to bottom"


def _outputs(notebook: dict) -> Iterator[tuple[str, str]]:
    for name, cell in _code_cells(notebook):
        outputs = cell["outputs"]
        if any(o["output_type"] == "error" or o.get("name") == "stderr" for o in outputs):
            yield name, "ended in an error or a warning"
        pictures = [o for o in outputs if "image/png" in o.get("data", {})]
        if PUBLISH.search(source(cell)) and not pictures:
            yield name, "draws a figure, but its output is gone"
        for output in pictures:
            alt = output["metadata"].get("image/png", {}).get("alt")
            if not alt:
                yield name, "a picture without alt text"
            elif alt != _alt(cell):
                yield name, "the alt text of the picture and that of the cell (mystnb) differ"


def _leftovers(notebook: dict) -> Iterator[tuple[str, str]]:
    if KEPT & set(notebook["metadata"]):
        yield "metadata", "times or paths of a run are kept"
    for number, cell in enumerate(notebook["cells"]):
        if "injected-parameters" in cell["metadata"].get("tags", []):
            yield cell_name(number, cell), "a cell with injected parameters"
        if KEPT & set(cell["metadata"]):
            yield cell_name(number, cell), "times or paths of a run are kept"
        if cell["cell_type"] != "code" and ("attachments" in cell or PASTED.search(source(cell))):
            yield cell_name(number, cell), "holds a picture that no run has drawn"


def digits(text: str) -> list[str]:
    """Lines of prose with a number that code should count: any but years, dates, and names of things."""
    return re.findall(r"[^\n]*\d[^\n]*", NUMBERED.sub("", text))


def _shown(notebook: dict) -> Iterator[tuple[str, str]]:
    """What hides an output, fetches or runs something on the reader's side, or counts by hand."""
    for number, cell in enumerate(notebook["cells"]):
        name, said = cell_name(number, cell), []
        kind, metadata = cell["cell_type"], cell["metadata"]
        if kind not in ("code", "markdown"):
            said.append(f"a cell of the kind {kind}")
        if HIDING.search(json.dumps([metadata.get("tags", []), metadata.get("jupyter", {})])):
            said.append("a tag hides it or its output")
        texts = []
        if kind == "markdown":
            texts = [("text/markdown", re.sub(r"`[^`]*`", "", source(cell)))]
            said += [f"a number that no code counts: {line}" for line in digits(source(cell))]
        for output in cell.get("outputs", []):
            texts += [(mime, _joined(value)) for mime, value in output.get("data", {}).items()]
        said += [f"an output of the kind {mime}" for mime, _ in texts if mime not in KINDS]
        for mime, text in texts:
            if mime in ("text/markdown", "text/html"):
                allowed = ELEMENTS if mime == "text/html" else set()
                said += [f"<{e}>" for e in sorted(set(ELEMENT.findall(text)) - allowed)]
                said += ["a picture or a style from elsewhere"] if REMOTE.search(text) else []
        yield from ((name, text) for text in said)


@functools.lru_cache(maxsize=32)
def _writing(stored: bytes) -> list[tuple[str, str]]:
    """A notebook has one spelling, nbformat's: what stands twice, or in other letters, could hide."""
    expected = json.dumps(parsed(stored), ensure_ascii=False, indent=1) + "\n"
    if stored == expected.encode(errors="replace"):
        return []
    try:
        lines = zip_longest(expected.split("\n"), stored.decode("utf-8").split("\n"))
    except UnicodeDecodeError:
        return [("", "not UTF-8")]
    line = next(n for n, (one, other) in enumerate(lines, start=1) if one != other)
    said = "not as Jupyter writes it: other line ends or spaces, or an entry that stands twice"
    return [(f"line {line}", said)]


def _parameters(path: Path) -> Iterator[tuple[str, str]]:
    """The contract in the metadata against the literals in the cell tagged `parameters`."""
    try:
        for name, (value, default) in parameters.turned(path).items():
            yield "parameters cell", f"{name} is {value!r}, declared {default!r}"
        for name, rules in parameters.contract(path).items():
            parameters.typed(path.name, name, rules["default"], rules)
    except parameters.ParameterError as error:
        yield "parameters cell", str(error).removeprefix(f"{path.name}: ").rstrip(".")


def compare(study: Study, path: Path, fresh: Path) -> Iterator[Finding]:
    """A committed notebook's texts, alt texts and metadata against those of a fresh run."""
    one, other = load(path), load(fresh)
    if one is None or other is None:
        return  # said elsewhere
    file = study.name(path)
    see = redraw(path.stem, "en")
    texts = [json.dumps(stated(n), sort_keys=True) for n in (one, other)]
    yield from _differing("notebooks", file, "metadata", "another value", see, *texts)
    for number, (a, b) in enumerate(zip(one["cells"], other["cells"], strict=True)):
        place = cell_name(number, a)
        said = "another alt text in the cell's metadata"
        yield from _differing("alt texts", file, place, said, see, _alt(a), _alt(b))
        yield from _texts(file, place, see, a.get("outputs", []), b.get("outputs", []))


def _texts(file, place, see, committed: list, fresh: list) -> Iterator[Finding]:
    kinds = [[_kind(output) for output in outputs] for outputs in (committed, fresh)]
    if kinds[0] != kinds[1]:
        said = "other outputs than the fresh run has"
        pair = [", ".join(kind) or "none" for kind in kinds]
        yield Finding("notebooks", file, place, said, see, *pair)
        return
    for one, other in zip(committed, fresh, strict=True):
        alts = [o.get("metadata", {}).get("image/png", {}).get("alt", "") for o in (one, other)]
        said = "another alt text than the figure describes itself by"
        yield from _differing("alt texts", file, place, said, see, *alts)
        if alts[0] == alts[1]:
            rest = [json.dumps(o.get("metadata"), sort_keys=True) for o in (one, other)]
            said = "other metadata of an output"
            yield from _differing("notebooks", file, place, said, see, *rest)
        said = "another text than the fresh run prints"
        yield from _differing("notebooks", file, place, said, see, _text(one), _text(other))


def _differing(check, file, place, said, see, one: str, other: str) -> Iterator[Finding]:
    if one != other:
        yield Finding(check, file, place, said, see, *first_difference(one, other))


def _kind(output: dict) -> str:
    return "+".join(sorted(output.get("data", {}))) or output.get("name", output["output_type"])


def _text(output: dict) -> str:
    data = output.get("data", {})
    texts = [_joined(data[kind]) for kind in sorted(data) if not kind.startswith("image/p")]
    return "\n".join([_joined(output.get("text", "")), *texts])


def _joined(value) -> str:
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return "".join(value)
