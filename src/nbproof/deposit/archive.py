"""One zip of the study as it is: the same bytes each time, and to be proved without the study."""

import hashlib
import io
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from nbproof import citation
from nbproof.deposit.tracked import MANIFEST, PLACE, listed, mode_of
from nbproof.files import own_temporary_folder, write_bytes
from nbproof.study import Study, StudyError, UsageError, command_line

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+")
SUM = ".sha256"  # ends the name of the file beside the zip that has its checksum
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def make(study: Study, file: Path, doi: str = "", say: Callable[[str], None] = print) -> int:
    """Write the archive and its checksum beside it; returns the number of its files.

    doi: one that an archive has reserved, for CITATION.cff and all that is made from it. Raises StudyError
    if the study is not as committed, or something has to be run or installed first; then nothing is written.
    """
    from nbproof.deposit import metadata, tracked

    if doi and not DOI.fullmatch(doi):
        raise UsageError(f"--doi {doi!r}: expected 10.PREFIX/SUFFIX, as in 10.5281/zenodo.1.")
    if lacking := [name for name in ("rocrate", "typst") if find_spec(name) is None]:
        raise StudyError(f"{lacking[0]} is not installed: run `make archive`.")
    files, commit = tracked.find(study)
    _prove_run(study)
    identifier = tracked.swhid(files)
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as scratch:
        stage = _stage(study, files, Path(scratch).resolve(), doi)
        content = {name: (stage.root / name).read_bytes() for name in files}
        content |= _beside(stage, say)
        content |= metadata.write(stage, content, identifier, commit)
    lines = [f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content)]
    content[MANIFEST] = "".join(lines).encode()
    modes = {name: mode_of(path) for name, path in files.items()}
    data = pack(content, modes)
    write_bytes(file, data)
    said = f"{hashlib.sha256(data).hexdigest()}  {file.name}\n"
    write_bytes(file.with_name(file.name + SUM), said.encode())
    return len(content)


def name(study: Study) -> str:
    """What the archive is called."""
    return f"{study.face.command}-{citation.about(study)['version']}.zip"


def _prove_run(study: Study) -> None:
    from nbproof.pipeline import runs

    late = {name: why for name, why in runs.status(study).items() if name != runs.SITE}
    if late:
        name, why = next(iter(late.items()))
        raise StudyError(
            f"{name}: {why[0]}. Run `{command_line('reproduce')}` first: an archive holds executed notebooks "
            "in all languages."
        )


def _stage(study: Study, files: Mapping[str, Path], root: Path, doi: str) -> Study:
    """A copy of the study's own files, with its runs, in which everything else is made."""
    for name, path in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, root / name)
    for folder in study.build.glob("??"):
        shutil.copytree(folder, root / "build" / folder.name)
    if doi:
        file = root / "CITATION.cff"
        text = file.read_text(encoding="utf-8")
        known = re.search(r"(?m)^doi: *(\S+)", text)
        if known and known[1].strip("\"'") != doi:
            raise UsageError(f"--doi {doi}: CITATION.cff has {known[1]}. Give that one, or none.")
        if not known:
            text = re.sub(r"(?m)^(version: .*\n)", rf'\g<1>doi: "{doi}"\n', text, count=1)
            file.write_text(text, encoding="utf-8")
    if doi and (root / "docs" / "standards.md").is_file():
        from nbproof.deposit import standards

        standards.write(Study(root))
    return Study(root)


def _beside(stage: Study, say: Callable[[str], None]) -> dict[str, bytes]:
    """What an archive holds beside the study's own files, by name; metadata come last."""
    from nbproof import labels
    from nbproof.verify import form, report

    made = {
        f"notebooks/{language}/{path.name}": path.read_bytes()
        for language in labels.LANGUAGES[1:]
        for path in sorted((stage.build / language).glob("*.ipynb"))
    }
    cff, figures = stage.root / "CITATION.cff", citation.figures(stage)
    made["citations.bib"] = (citation.bibtex(cff, *figures) + "\n").encode()
    made["citations.json"] = (citation.csl(cff, *figures) + "\n").encode()
    if result := report.read(stage):
        for path in form.write(stage, result, stage.build / "form"):
            made[path.name] = path.read_bytes()
    if (stage.root / "site" / "settings.toml").is_file():
        from nbproof.site import build

        say("building the site for the archive …")
        html = build.build(stage)
        for path in sorted(html.rglob("*")):
            # Sphinx's notes to itself differ from one build to the next.
            if path.is_file() and not path.name.startswith("."):
                made[f"site/{path.relative_to(html).as_posix()}"] = path.read_bytes()
        for path in html.glob("downloads/*.pdf"):
            made[path.name] = path.read_bytes()
    return {f"{PLACE}/{name}": data for name, data in made.items()}


def pack(content: Mapping[str, bytes], modes: Mapping[str, int]) -> bytes:
    """The bytes of a zip that say nothing of when and where it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name)  # of the first day that a zip knows
            entry.create_system, entry.external_attr = 3, (0o100000 | modes.get(name, 0o644)) << 16
            archive.writestr(entry, content[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def check(file: Path) -> list[str]:
    """What in an archive is not as its manifest says, a line a file; needs nothing but the archive.

    Raises StudyError where there is no archive, or one that was cut short.
    """
    try:
        data = file.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            found = _contents(packed, data)
    except OSError as error:
        raise StudyError(f"{file}: cannot be read ({error.strerror}).") from None
    except (*DAMAGED, ValueError) as error:
        raise StudyError(f"{file}: no whole archive ({error}). Fetch it again.") from None
    if MANIFEST not in found:
        raise StudyError(f"{file}: holds no {MANIFEST}; it is none of these archives.")
    try:
        known = listed(found.pop(MANIFEST) or b"\xff")
    except ValueError:
        return [f"{MANIFEST}: not a list of checksums"]
    wrong = []
    for name in sorted(known.keys() | found.keys()):
        content = found.get(name) or b""
        if name not in known or name not in found:
            wrong.append(f"{name}: {'missing' if name in known else 'not in the manifest'}")
        elif found[name] is None or hashlib.sha256(content).hexdigest() != known[name]:
            wrong.append(f"{name}: altered")
    return wrong or _outside(file, data)


def _contents(packed: zipfile.ZipFile, data: bytes) -> dict[str, bytes | None]:
    """Each file's bytes; None for one that is damaged, or whose entry is not as it was packed."""
    found: dict[str, bytes | None] = {}
    for entry in packed.infolist():
        try:
            # Each file has two entries, one before its bytes and one at the end of the zip.
            same = data.startswith(entry.FileHeader(), entry.header_offset)
            twice = entry.filename in found
            found[entry.filename] = packed.read(entry) if same and not twice else None
        except DAMAGED:
            found[entry.filename] = None
    return found


def _outside(file: Path, data: bytes) -> list[str]:
    """The zip itself against the checksum beside it, where there is one."""
    beside = file.with_name(file.name + SUM)
    if not beside.is_file() or hashlib.sha256(data).hexdigest() in beside.read_text(
        encoding="utf-8"
    ):
        return []
    return [
        f"{file.name}: each file in it agrees, but the zip is not the one that {beside.name} names"
    ]
