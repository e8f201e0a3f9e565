"""A verification as lines for a terminal, and as JSON for machines."""

import json
from datetime import datetime
from pathlib import Path

from nbproof.escape import one_line
from nbproof.pipeline import recorded
from nbproof.study import Study, command_line
from nbproof.verify import Result
from nbproof.verify.finding import Finding

SHOWN = 10
RECORD = "docs/verification.json"


def lines(result: Result) -> list[str]:
    """The verdict, and each finding with its place and the command that shows it."""
    said = []
    for title, findings in (
        ("Differs from what the data and the code give:", result.failed),
        ("Reported only:", result.reported),
    ):
        if findings:
            said += [title, *(text for finding in findings[:SHOWN] for text in _lines(finding))]
        if len(findings) > SHOWN:
            said.append(f"… and {len(findings) - SHOWN} more; --json FILE or --html FILE has all.")
    # One line each, whatever a file's name or a cell holds.
    return [one_line(text) for text in [*said, summary(result)]]


def _lines(finding: Finding) -> list[str]:
    text = [f"  {finding.where}: {finding.said}."]
    if finding.committed or finding.fresh:
        text.append(f"      committed  {finding.committed or 'nothing'}")
        text.append(f"      fresh      {finding.fresh or 'nothing'}")
    return [*text, f"      see        {finding.command}"]


def summary(result: Result) -> str:
    """One line: what was checked, in how long, with what outcome."""
    seconds = sum(result.seconds.values())
    checked = (
        f"{_counted(len(result.notebooks), 'notebook')}, {_counted(len(result.figures), 'figure')} "
        f"in two languages, {_counted(sum(result.verdicts.values()), 'claim')}"
    )
    how = "stored results checked" if result.quick else "run afresh and compared"
    outcome = _counted(len(result.failed), "difference")
    if not result.failed:
        outcome = "what was compared agrees" if result.aside else "everything agrees"
    if result.aside:
        outcome += f"; not compared in full: {_aside(result.aside)}"
    more = f" `{command_line('verify')}` also runs and draws everything." if result.quick else ""
    if result.stopped:
        checks = {"parameters": "the parameters", "links": "the links"}
        first = next(checks[f.check] for f in result.failed if f.check in checks)
        more = f" Nothing was run: {first} come first."
    return f"{checked}: {how} in {seconds:.1f} s, {outcome}.{more}"


def _aside(findings: list[Finding]) -> str:
    files = list(dict.fromkeys(finding.file for finding in findings))
    return ", ".join(files[:3]) + (f" and {len(files) - 3} more" if files[3:] else "")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def write(study: Study, result: Result, path: Path) -> None:
    """The result as JSON; what is said of the file that this replaces is not."""
    replaced = study.name(path.absolute())
    content = {
        "verdict": result.verdict,
        "set_aside": [finding.where for finding in result.aside],
        "quick": result.quick,
        "state": recorded.state(study),
        "started": result.started.isoformat(timespec="seconds"),
        "seconds": {name: round(value, 3) for name, value in result.seconds.items()},
        "environment": result.environment,
        "notebooks": result.notebooks,
        "figures": result.figures,
        "claims": result.verdicts,
        "findings": [
            {
                "check": finding.check,
                "severity": finding.severity,
                "file": finding.file,
                "place": finding.place,
                "said": finding.said,
                "committed": finding.committed,
                "fresh": finding.fresh,
                "command": finding.command,
            }
            for finding in result.findings
            if finding.file != replaced
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read(study: Study) -> Result | None:
    """The verification that `write` has recorded in docs/verification.json; None if none is."""
    file = study.root / RECORD
    if not file.is_file():
        return None
    said = json.loads(file.read_text(encoding="utf-8"))
    return Result(
        said["quick"], notebooks=said["notebooks"], figures=said["figures"],
        verdicts=said["claims"], findings=[Finding(**one) for one in said["findings"]],
        seconds=said["seconds"], environment=said["environment"],
        started=datetime.fromisoformat(said["started"]),
    )  # fmt: skip
