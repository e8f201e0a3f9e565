"""Whether the committed tables, texts and pictures are what the data and the code give.

`quick` needs no kernel and draws nothing; `full` runs every notebook afresh, elsewhere, and compares.
Neither writes into the study.
"""

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbproof import study as studies
from nbproof.files import own_temporary_folder
from nbproof.pipeline import collection
from nbproof.study import Study
from nbproof.verify import data, figures, notebooks, sums, versions, wording
from nbproof.verify.finding import FAIL, Finding, settled


@dataclass
class Result:
    """What was checked, what differs, how long each part took (seconds), and where it ran."""

    quick: bool
    narrowed: bool = False  # to some of the notebooks
    notebooks: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)  # figure: the notebook that draws it
    verdicts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=versions.environment)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def command(self) -> str:
        """What was typed, without the files to write."""
        chosen = [f"--only {name}" for name in self.notebooks] if self.narrowed else []
        return studies.command_line(
            " ".join(["verify", *(["--quick"] if self.quick else []), *chosen])
        )

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == FAIL]

    @property
    def reported(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity != FAIL]

    @property
    def stopped(self) -> bool:
        """Whether a run would stop before it begins."""
        return any(finding.check in ("parameters", "links") for finding in self.failed)

    @property
    def aside(self) -> list[Finding]:
        """What was found and is not judged: it was not compared in full."""
        return [
            finding for finding in self.reported if finding.check not in ("versions", "records")
        ]

    @property
    def verdict(self) -> str:
        """In a word or three, for machines: nothing set aside is said to agree."""
        return "differs" if self.failed else "agrees in part" if self.aside else "agrees"

    def add(self, part: str, check: Callable[..., Iterable[Finding]], *given) -> None:
        """Take a check's findings, and the time that it takes."""
        before = time.perf_counter()
        self.findings = settled([*self.findings, *check(*given)])
        self.seconds[part] = self.seconds.get(part, 0) + time.perf_counter() - before


def quick(study: Study, only: Iterable[Path] | None = None) -> Result:
    """Checksums, schemas, processed tables, claims, cards, stored notebooks, labels, locks.

    only: narrow the checks of notebooks and figures to these notebooks.
    """
    chosen = collection.members(study) if only is None else sorted(only)
    result = Result(True, only is not None, [path.stem for path in chosen])
    names = figures.owners(study, chosen)
    result.figures = {name: path.stem for name, path in names.items()}
    result.add("checksums", sums.strays, study)
    if result.stopped:
        return result
    result.add("checksums", sums.check, study)
    result.add("source tables", data.sources, study)
    result.add("processed tables, claims", _tables, study, result)
    result.add("notebooks", notebooks.integrity, study, chosen)
    result.add("figures", figures.files, study, names, only is None)
    result.add("figures", figures.manifest, study)
    for path in chosen:
        result.add("figures", figures.cards, study, path)
    result.add("figures", figures.counts, study, names)
    told = {finding.file for finding in result.failed if finding.check != "checksums"}
    result.add("stored results", data.stored, study, told)
    result.add("labels", wording.check, study)
    result.add("versions", sums.records, study)
    result.add("versions", versions.locks, study)
    result.add("versions", versions.installed, study)
    return result


def _tables(study: Study, result: Result) -> list[Finding]:
    fresh, failed = data.compute(study)
    result.verdicts = data.verdicts(fresh)
    return [*failed, *data.results(study, fresh)]


def full(
    study: Study,
    folder: Path,
    only: Iterable[Path] | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    say: Callable[[str], None] = print,
) -> Result:
    """All of `quick`, then a fresh run of the notebooks, compared with what is committed.

    folder: an empty one, for the fresh run and for difference images. Where parameters are not as
    declared, nothing is run.
    """
    from nbproof.verify import fresh

    result = quick(study, only)
    if result.stopped:
        return result
    result.quick = False
    copy = fresh.copy(study, folder / "study")
    result.add("fresh run", fresh.run, copy, result.notebooks, progress, say)
    compare(study, result, copy, folder / "differences")
    return result


def compare(study: Study, result: Result, copy: Study, images: Path) -> None:
    """What is committed against `copy`, in which the notebooks have been run; images go to `images`."""
    from nbproof.verify import pictures, reading

    images.mkdir(parents=True, exist_ok=True)
    names, made = result.figures, copy.figures
    exact = not versions.drawing(study)
    result.add("plotted tables", figures.compare, study, names, made)
    result.add("pictures read back", reading.check, study, names)
    result.add("pictures", pictures.compare, study, names, made, images, exact)
    for name in result.notebooks:
        path, again = study.notebooks / f"{name}.ipynb", copy.notebooks / f"{name}.ipynb"
        result.add("texts", notebooks.compare, study, path, again)
        result.add("pictures", pictures.inline, study, path, again, images, exact)


def in_temporary_folder() -> tempfile.TemporaryDirectory:
    """Where a full run works, unless it is to be kept."""
    return tempfile.TemporaryDirectory(dir=own_temporary_folder())
