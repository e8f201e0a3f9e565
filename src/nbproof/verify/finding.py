"""One difference between what is committed and what a fresh computation gives."""

from dataclasses import dataclass, field
from pathlib import Path

from nbproof.study import command_line

FAIL, REPORT = "fail", "report"


@dataclass(frozen=True)
class Finding:
    """What differs, where, and the command that shows it.

    file: as people write it, relative to the study. place: row and column, cell, or part of the file.
    severity: "fail", or "report" for what other releases of other projects may explain. pictures: the
    committed, the fresh and the difference image, by these names, where there are any.
    """

    check: str
    file: str
    place: str
    said: str
    command: str
    committed: str = ""
    fresh: str = ""
    severity: str = FAIL
    pictures: dict[str, Path] = field(default_factory=dict, hash=False)

    @property
    def where(self) -> str:
        return f"{self.file}, {self.place}" if self.place else self.file


def settled(findings: list[Finding]) -> list[Finding]:
    """Each difference by its most telling finding: a checksum says nothing beside one that says what."""
    told = {(f.file, place) for f in findings if _tells(f) for place in ("", f.place)}
    kept = [f for f in findings if f.check != "checksums" or (f.file, f.place) not in told]
    return list(dict.fromkeys(sorted(kept, key=lambda finding: finding.check == "checksums")))


def _tells(finding: Finding) -> bool:
    return finding.check != "checksums" and finding.severity == FAIL


def redraw(notebook: str, language: str) -> str:
    """The command that draws a notebook's figures again, beside the committed ones."""
    return command_line(f"reproduce {notebook} --lang {language}")


def shortened(text: str, most: int = 160) -> str:
    """`text` on one line, its middle left out where it is long."""
    text = " ".join(str(text).split())
    half = most // 2 - 2
    return text if len(text) <= most else f"{text[:half]} … {text[-half:]}"


def first_difference(one: str, other: str, around: int = 60) -> tuple[str, str]:
    """The two texts where they begin to differ, with a little of what stands before."""
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    cut = slice(max(0, start - around // 2), start + around)
    dots = "…" if cut.start else ""
    return tuple(shortened(dots + text[cut]) for text in (one, other))
