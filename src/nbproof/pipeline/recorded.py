"""What a complete run has left and what it started from: `checksums.json`, committed with the results.

A picture that was changed by hand, or a word of a label that was changed without a new run, shows in a
moment, without a kernel and without drawing anything. A run writes the file.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from nbproof.files import write_bytes
from nbproof.pipeline import checksums, notebooks
from nbproof.study import Study, StudyError, command_line

NAME = "checksums.json"
# By these a run knows what to do and with which releases, beside the notebooks and the library.
SOURCES = ("data/raw/**/*", "data/reference/**/*", "data/sensitivity/*", "data/processed/*.json")
LABELS = "src/*/labels/*/*.toml"
LOCKS = "requirements*.lock"
SHORT = 12  # signs of a checksum that a record for readers shows


def read(study: Study) -> dict[str, dict]:
    """Checksums by file: under "made" what runs have written, under "from" what they have read.

    A notebook has one a cell and one for its metadata. Raises StudyError if the file is not readable.
    """
    try:
        found = json.loads((study.root / NAME).read_text(encoding="utf-8"))
        return {"made": dict(found["made"]), "from": dict(found["from"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(
            f"{NAME}: cannot be read ({error!r}). Run {command_line('reproduce')}."
        ) from None


def write(study: Study, made: Mapping[str, str | dict], complete: bool) -> None:
    """Record a run: `made`, the checksums of the files that its steps have left, a notebook's by parts.

    complete: these are all there are, and all that is read now is what they were made from; else only
    the entries of these files change, if there is a record yet.
    """
    try:
        known = read(study)
    except StudyError:
        if not complete:
            return
        known = {"made": {}, "from": {}}
    now = {} if complete else {**known["made"]}
    now |= {name: found for name, found in made.items() if not name.startswith("build/")}
    new = {"made": now, "from": sources(study) if complete else known["from"]}
    if new != known:
        text = json.dumps(new, indent=1, sort_keys=True, ensure_ascii=False)
        write_bytes(study.root / NAME, (text + "\n").encode())


def sources(study: Study) -> dict[str, str]:
    """The checksums of tables, packages, labels and locks as they are now."""
    found = (path for pattern in (*SOURCES, LABELS, LOCKS) for path in study.root.glob(pattern))
    return {study.name(path): checksums.exact(path) for path in found if visible(path)}


def state(study: Study) -> dict[str, str]:
    """What a published record speaks of: the checksum of `checksums.json` and that of the code in src/."""
    code = sorted(path for path in (study.root / "src").rglob("*.py") if visible(path))
    lines = "".join(f"{study.name(path)} {checksums.exact(path)}\n" for path in code)
    own = study.root / NAME
    return {
        "checksums": checksums.exact(own) if own.is_file() else "",
        "src": hashlib.sha256(lines.encode()).hexdigest(),
    }


def sentence(study: Study) -> str:
    """The state in a record for readers; `stated` reads it."""
    now = state(study)
    return f"Of {NAME} {now['checksums'][:SHORT]} and src/ {now['src'][:SHORT]}."


def stated(text: str) -> list[dict[str, str]]:
    """The states that a record for readers speaks of, each checksum as its first SHORT signs."""
    found = re.findall(rf"(?m)^Of {re.escape(NAME)} (\w+) and src/ (\w+)\.$", text)
    return [dict(zip(("checksums", "src"), pair, strict=True)) for pair in found]


def is_earlier(study: Study, record: Mapping) -> bool:
    """Whether a published record speaks of other results or other code; one without a state says neither."""
    return record.get("state", state(study)) != state(study)


def visible(path: Path) -> bool:
    """Whether a path is a file that people put there, and not a system's or a half-written one."""
    return path.is_file() and not path.name.startswith(".")


def parts(notebook: Path) -> dict[str, str] | str:
    """The checksum of each cell of a notebook, with its outputs, and of its metadata.

    Without what editors rewrite. A file that is no notebook has one checksum, as any other file.
    """
    try:
        content = checksums.notebook(notebook)
        found = {"metadata": _sum(notebooks.stated(content))}
        for number, cell in enumerate(content["cells"]):
            found[cell_name(number, cell)] = _sum(notebooks.of_cell(cell))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return checksums.exact(notebook)
    return found


def cell_name(number: int, cell: Mapping) -> str:
    """How messages call a cell: by its place, first is 1, and by what kind it is."""
    return f"cell {number + 1} ({cell['cell_type']})"


def current(study: Study, names: Iterable[str]) -> dict[str, str | dict]:
    """The checksums of the files that are there, as `read` gives them."""
    return {
        name: parts(path) if name.endswith(".ipynb") else checksums.exact(path)
        for name in names
        if (path := study.root / name).is_file()
    }


def _sum(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
