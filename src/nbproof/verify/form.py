"""The reviewer's form: a CODECHECK manifest and a replication report, filled in from a run."""

from pathlib import Path

import yaml

from nbproof.study import Study
from nbproof.verify import Result
from nbproof.verify.report import summary

SPECIFICATION = "https://codecheck.org.uk/spec/config/2.0/"
OPEN = Path(__file__).with_name("codecheck-open.yml")


def write(study: Study, result: Result, folder: Path) -> list[Path]:
    """`codecheck.yml` and `replication-report.md` in `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {"codecheck.yml": _manifest(study, result), "replication-report.md": _report(result)}
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in written]


def _manifest(study: Study, result: Result) -> str:
    """The collection's own manifest with what this run has found; names of people are the reviewer's."""
    own = study.root / "codecheck.yml"
    try:
        content = yaml.safe_load(own.read_text(encoding="utf-8")) if own.is_file() else {}
        content["manifest"] = [dict(entry, file=entry["file"]) for entry in content["manifest"]]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        content = {"manifest": []}  # what is wrong with it is among the findings
    listed = {entry["file"] for entry in content["manifest"]}
    for name in sorted(f"figures/{figure}.en.png" for figure in result.figures):
        if name not in listed:  # a new figure needs no line written by hand
            content["manifest"].append({"file": name, "comment": "a figure"})
    for entry in content["manifest"]:
        entry["comment"] = f"{entry.get('comment', '')} — {_outcome(entry['file'], result)}".strip()
    content |= {
        "version": SPECIFICATION,
        "summary": summary(result),
        "check_time": result.started.isoformat(timespec="seconds"),
    }
    said = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    # What a person has stated in the collection's own manifest is kept.
    return f"---\n{said}" + ("" if "codechecker" in content else OPEN.read_text(encoding="utf-8"))


def _outcome(file: str, result: Result) -> str:
    found = [finding for finding in result.findings if finding.file == file]
    if found:
        return "; ".join(dict.fromkeys(finding.said for finding in found))
    if result.quick:
        return "as recorded; not drawn again (--quick)"
    stem = Path(file).name.split(".")[0]
    if file.startswith("figures/") and stem not in result.figures:
        return "not checked in this run (--only)"
    return "reproduced"


def _report(result: Result) -> str:
    """The fields of a replication report, as data editors ask for them."""
    lines = [
        "# Replication report",
        "",
        "Reviewer: ______________________    Date of the run: "
        f"{result.started:%Y-%m-%d %H:%M} UTC",
        "",
        "## Summary",
        "",
        summary(result),
        "",
        "## Environment",
        "",
        *(f"- {name}: {value}" for name, value in result.environment.items()),
        "",
        "Releases other than those of requirements.lock: "
        + (", ".join(f.place for f in result.reported if f.check == "versions") or "none"),
        "",
        "## Time",
        "",
        *(f"- {name}: {seconds:.1f} s" for name, seconds in result.seconds.items()),
        "",
        "## Steps",
        "",
        *_steps(result),
        "",
        "## Findings per figure",
        "",
        "| figure | notebook | outcome |",
        "|---|---|---|",
        *(f"| {name} | {notebook} | {_figure(name, result)} |" for name, notebook in result.figures.items()),
        "",
        "## Statements of the article",
        "",
        *(f"- {verdict}: {number}" for verdict, number in result.verdicts.items()),
        "",
        "## All differences",
        "",
        *(_finding(finding) for finding in result.findings),
        *(["None."] if not result.findings else []),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _steps(result: Result) -> list[str]:
    steps = [
        "python3 -m venv .venv",
        ".venv/bin/python -m pip install --require-hashes -r requirements.lock",
        ".venv/bin/python -m pip install --no-deps --no-build-isolation -e .",
        f".venv/bin/{result.command}",
    ]
    return [f"{number}. `{step}`" for number, step in enumerate(steps, start=1)]


def _figure(name: str, result: Result) -> str:
    files = {
        f"figures/{name}.{lang}.{kind}"
        for lang in ("en", "tr")
        for kind in ("png", "svg", "phone.svg", "csv")
    }
    found = [finding for finding in result.findings if finding.file in files]
    if not found:
        return "files as recorded" if result.quick else "reproduced, in both languages"
    return "; ".join(f"{finding.where}: {finding.said}" for finding in found).replace("|", "/")


def _finding(finding) -> str:
    pair = f" Committed: {finding.committed}. Fresh: {finding.fresh}." if finding.committed else ""
    return f"- ({finding.severity}) {finding.where}: {finding.said}.{pair} See `{finding.command}`."
